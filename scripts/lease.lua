-- Ends leases: an instance labelled "train-7b [lease=8h]" is stopped when it has run for so long.
--
--   vast-lua scripts/lease.lua
--
-- Edit the label, on the service's own web page too, to give it longer; [keep] ends the lease.
vast.policy {
  name = "lease",
  every = "5m",
  match = {billing = "gpu", label = "*[lease=*"},
  when = function(inst)
    local ends = inst:wishes().lease_ends
    if ends == nil then return nil, "nobody knows when it began to run" end
    return ends <= vast.now(), string.format("its lease ends in %.0f minutes", (ends - vast.now()) / 60)
  end,
  action = "stop",
  reason = "its lease is over",
}
