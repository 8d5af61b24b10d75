-- Tells people when an interruptible instance has lost its GPU to a higher bid, or a running one is gone or offline.
--
--   vast-lua scripts/outbid-alert.lua
--
-- The webhook is notify.url in the config file; without one the words go to the log.
local function tell(text)
  local ok, why = vast.notify(text, {title = "vast-lua: instance lost"})
  if not ok then vast.log.warn(text, {not_notified = why}) end
end

vast.on("outbid", function(e)
  -- Not min_bid: that may be a late echo of our own bid.
  local bid = e.now:raw("dph_base")
  tell("outbid: " .. tostring(e.now) .. (bid and string.format("; somebody bids more than our $%.4f/h", bid) or ""))
end)

vast.on("offline", function(e) tell("offline: " .. tostring(e.now)) end)

vast.on("gone", function(e)
  if e.by ~= "us" then tell("gone: " .. tostring(e.before)) end
end)
