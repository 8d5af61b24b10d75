-- Lists the fleet, reads three fields of each instance, and prints how many there are and the peak memory in kB.
local list = vast.instances()
local idle = 0
for _, i in ipairs(list) do
  if i.actual_status == "running" and i.gpu_util and i.gpu_util < 5 then idle = idle + 1 end
end
print(#list, io.open("/proc/self/status"):read("a"):match("VmHWM:%s*(%d+)"))
