-- What stopped instances cost: their disks go on billing. The dearest first, with age and end of contract.
--
--   vast-lua scripts/stopped-disk-report.lua [MIN_DOLLARS_A_DAY]
local least = tonumber(arg and arg[1] or 0)

local stopped = vast.instances {billing = "storage"}:sort_by("rate_off")
local total, unknown = stopped:sum("rate_off")
for position = #stopped, 1, -1 do
  local inst = stopped[position]
  local a_day = inst.rate_off and inst.rate_off * 24
  if not a_day or a_day >= least then
    print(string.format("%-12d %-24s %-10s %s  rented %.0f days%s", inst.id, inst.label, inst.state,
      a_day and string.format("$%.2f a day", a_day) or "cost unknown", (inst.age or 0) / 86400,
      inst.ends_in and string.format(", contract ends in %.0f days", inst.ends_in / 86400) or ""))
  end
end
print(string.format("%d stopped: $%.2f a day for disks%s", #stopped, total * 24,
  unknown > 0 and string.format(", %d unknown", unknown) or ""))
