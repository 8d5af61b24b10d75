-- Stops what has done nothing for a while, and says so before it does.
--
--   vast-lua scripts/idle-stop.lua [WINDOW] [GRACE]      stays alive and looks every 5 minutes
--   vast-lua --once scripts/idle-stop.lua                one look; marks are kept until the next, as from cron
--
-- Label an instance keep… to leave it alone.
local window, grace = arg and arg[1] or "45m", arg and arg[2] or "10m"

vast.policy {
  name = "idle",
  every = "5m",
  match = {billing = "gpu", label = "!keep*"},
  when = function(inst) return inst:is_idle(window) end,
  grace = grace,
  notify = function(inst) vast.log.info(tostring(inst) .. " has been idle for " .. window .. "; it is stopped in " .. grace) end,
  action = "stop",
}
