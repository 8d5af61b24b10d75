-- Ends leases: an instance labelled "train-7b [lease=8h]" is stopped when it has run for so long.
--
--   vast-lua scripts/lease.lua
--
-- Edit the label, on the service's own web page too, to give it longer; [keep] ends the lease. A lease that cannot be read, such as
-- [lease=8] without a unit, is reported, and the instance is left alone.
vast.policy {
  name = "lease",
  every = "5m",
  match = {billing = "gpu", label = "*[*lease*"},
  when = function(inst)
    local wishes = inst:wishes()
    if not (wishes.lease or wishes.lease_until) then return false, "its label asks for no lease" end
    if wishes.lease_ends == nil then return nil, "nobody knows when it began to run" end
    return wishes.lease_ends <= vast.now(), string.format("its lease ends in %.0f minutes", (wishes.lease_ends - vast.now()) / 60)
  end,
  action = "stop",
  reason = "its lease is over",
}
