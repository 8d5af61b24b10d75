-- Lists the fleet, stops 30 running instances and labels them; prints the wall seconds of that.
local began = vast.now()
local list = vast.instances()
local some = {}
for _, i in ipairs(list) do
  if i.actual_status == "running" and #some < 30 then some[#some + 1] = i end
end
assert(#list == 100 and #some == 30)
vast.stop(some)
vast.label(some, "benchmark")
print(vast.now() - began)
