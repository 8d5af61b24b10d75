-- What a script does that stays for a year: a look at everything each minute, policies, jobs, events, a budget, an own signal,
-- and notices that fail.
vast.guard {max_stops = 1000000, max_starts = 1000000, max_labels = 1000000, max_changes = 1000000, max_fraction = 1}

vast.signal("queue", function(inst) return inst.id % 3 == 0 end)

vast.policy {
  name = "idle", every = "1m", match = {label = "trainer*"}, action = "stop",
  when = function(inst) return inst:is_idle("45m", {signals = {queue = true}}) end,
  notify = function(inst) vast.notify("idle " .. inst.id, {url = "http://127.0.0.1:9/nobody"}) end,
}
vast.policy {
  name = "hours", every = "5m", match = {label = "dev*"}, up = vast.hours("mon-fri 08:00-18:00", {tz = "Europe/Berlin"}),
}
vast.budget {name = "budget", every = "10m", per_day = 100000, order = {{label = "dev*"}}}

vast.on("appeared", function(change) vast.store.set("last", change.id) end)
vast.on("gone", function() end)
vast.every("10m", function()
  vast.map(vast.instances {state = "running"}:take(5), function(inst) return inst:running_for() end)
end)
vast.cron("0 3 * * *", function()
  for _, inst in ipairs(vast.instances {label = "night*"}) do vast.label(inst, "night " .. os.time() % 7) end
end)
vast.every("1d", function()
  print(os.time())
  io.stdout:flush()
end)
