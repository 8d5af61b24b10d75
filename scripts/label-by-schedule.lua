-- Labels what is on by weekday and hour: "[day]" in office hours, "[night]" outside them.
-- Run it from cron, or again and again; what is right already is left alone.
--   vast-lua scripts/label-by-schedule.lua [label pattern, *]
local pattern = arg[1] or "*"
local now = os.date("*t", vast.now() // 1)
local is_workday = now.wday >= 2 and now.wday <= 6
local shift = is_workday and now.hour >= 8 and now.hour < 19 and "[day]" or "[night]"

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
