-- Tells people when an interruptible instance has lost its GPU to a higher bid, a contract ends within a day, or a running
-- one is gone or offline.
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

vast.on("contract_ending", function(e)
  local hours = (e.now.ends_in or 0) / 3600
  tell(string.format("contract ends in %.1f h, and the disk is deleted some time after it: %s", hours, tostring(e.now)))
end)

vast.on("offline", function(e) tell("offline: " .. tostring(e.now)) end)

vast.on("gone", function(e)
  if e.by ~= "us" then tell("gone: " .. tostring(e.before)) end
end)
