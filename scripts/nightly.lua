-- Stops what has been idle for the whole watch, keeps what is labelled keep*, labels what it stopped,
-- and names what is dead but billing.
--   vast-lua scripts/nightly.lua [length of the watch, 45m]
local watch = arg[1] or "45m"
local fleet = vast.observe(watch, {every = "1m"})

local idle = {}
for _, inst in ipairs(fleet:where {state = "running", label = "!keep*"}) do
  local is_idle, why = inst:is_idle(watch)
  if is_idle then
    table.insert(idle, inst)
  elseif is_idle == nil then
    print("left alone       ", inst, why)
  end
end

for _, inst in ipairs(fleet:where {state = "dead"}) do
  print("DEAD BUT BILLING ", inst)
end

if #idle > 0 then
  vast.stop(idle, {reason = "idle for " .. watch})
  local mark = os.date(" (stopped %d %b: idle)", vast.now() // 1)
  vast.each(idle, function(inst)
    print("stopped          ", inst)
    -- An instance without a label gets the mark alone.
    local label = inst.label:gsub(" ?%(stopped .*%)$", "") .. mark
    vast.label(inst, (label:gsub("^%s+", "")))
  end)
end
