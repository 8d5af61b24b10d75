-- What the fleet costs and what has happened since the last report: printed, and sent where notify.url says.
--
--   vast-lua scripts/morning-report.lua           for example from cron at 08:00
local fleet, user = vast.instances(), vast.user()
local rate, unknown = fleet:sum("rate")
local lines = {}
local function add(...) lines[#lines + 1] = string.format(...) end

add("%d instances, $%.2f/h%s", #fleet, rate, unknown > 0 and string.format(" and %d unknown", unknown) or "")
if user.credit and rate > 0 then add("credit $%.2f lasts %.0f hours at this rate", user.credit, user.credit / rate) end

local groups = fleet:group("state")
local states = {}
for state in pairs(groups) do states[#states + 1] = state end
table.sort(states)
for _, state in ipairs(states) do add("  %-9s %3d  $%.2f/h", state, #groups[state], (groups[state]:sum("rate"))) end

for _, inst in ipairs(fleet:where {state = "dead"}) do add("DEAD BUT BILLING %s", tostring(inst)) end
for _, inst in ipairs(fleet) do
  if inst.ends_in and inst.ends_in < 3 * 86400 then add("contract ends in %.0f h: %s", inst.ends_in / 3600, tostring(inst)) end
end
for _, change in ipairs(vast.changes()) do
  add("%s (%s): %s", change.event, change.by, tostring(change.now or change.before))
end

local text = table.concat(lines, "\n")
print(text)
vast.notify(text, {title = "vast-lua: morning report"})
