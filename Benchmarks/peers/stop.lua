-- Reads the fleet and stops the instances whose ids are the arguments.
vast.guard {max_stops = 300, max_fraction = 1}
local ids = {}
for position, id in ipairs(arg) do ids[position] = math.tointeger(id) end
assert(#vast.instances() >= #ids)
assert(vast.stop(ids))
