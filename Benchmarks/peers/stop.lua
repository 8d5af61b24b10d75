-- Stops the instances whose ids are the arguments.
local ids = {}
for position, id in ipairs(arg) do ids[position] = math.tointeger(id) end
assert(vast.stop(ids))
