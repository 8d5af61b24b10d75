-- Starts instances whose GPUs may be rented to somebody else, trying again for some hours within a limit of $/h.
--
--   vast-lua scripts/start-retry.lua LABEL [WITHIN] [MAX_RATE]
--
-- Between the tries nothing is queued, so that nothing can bill by surprise.
local label = arg and arg[1]
if not label then
  io.stderr:write("usage: vast-lua scripts/start-retry.lua LABEL [WITHIN] [MAX_RATE]\n")
  os.exit(2)
end
local within, max_rate = arg[2] or "4h", tonumber(arg[3] or 20)

local stopped = vast.instances {label = label, state = {"stopped", "queued"}}
if #stopped == 0 then
  print("nothing to start: no stopped instance is labelled " .. label)
  return
end

local _, err = vast.try({"partial", "unavailable"}, vast.start, stopped,
  {unavailable = "retry", every = "5m", within = within, max_rate = max_rate, reason = "start-retry " .. label})
for _, inst in ipairs(stopped) do
  local failed = err and err.results and err.results[inst.id] ~= true and err.results[inst.id]
  print(inst.id, inst.label, failed and "still taken: " .. tostring(failed) or "started")
end
if err then error(err, 0) end
