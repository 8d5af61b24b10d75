-- Labels what is on by weekday and hour: "[day]" in office hours, "[night]" outside them.
-- Run it from cron, or again and again; what is right already is left alone.
--   vast-lua scripts/label-by-schedule.lua [LABEL] [HOURS] [ZONE]
-- Without a zone the hours are those of "timezone" in the config file, else of the machine.
local pattern, hours, zone = arg[1] or "*", arg[2] or "mon-fri 08:00-19:00", arg[3]
local shift = vast.hours(hours, {tz = zone}):contains(vast.now()) and "[day]" or "[night]"

local function mark(inst)
  local name = inst.label:gsub("%s*%[day%]", ""):gsub("%s*%[night%]", "")
  local label = (name .. " " .. shift):gsub("^%s+", "")
  if label ~= inst.label then
    vast.label(inst, label, {reason = "shift " .. shift})
    print(inst.id, label)
  end
end

vast.each(vast.instances {state = {"running", "starting"}, label = pattern}, function(inst)
  -- What has come up or was labelled since it was read is read again, once.
  local _, changed = vast.try("conflict", mark, inst)
  local now = changed and vast.instance(inst.id)
  if now then mark(now) end
end)
