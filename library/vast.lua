---@meta vast
-- Made from the declarations of vast-lua 0.1.0 by `vast-lua types`; not to be edited.

---a length of time: seconds, or a text such as "90s", "45m", "2h", "1d12h"
---@alias vast.Length number|string

---an id, an instance, or a list of either
---@alias vast.Target integer|vast.Instance|(integer|vast.Instance)[]

---cpu (percent), network (Mbit/s), disk (GB), temperature (°C), and signals of your own (true)
---@alias vast.Signals table<string, number|boolean>

---what an instance does
---@alias vast.State "running"|"starting"|"dead"|"stopping"|"stopped"|"queued"|"outbid"|"frozen"|"offline"|"failed"|"unknown"

---what is billed for an instance
---@alias vast.Billing "gpu"|"storage"|"none"|"unknown"

---what can happen to an instance
---@alias vast.Event "stopped"|"started"|"outbid"|"dead"|"offline"|"appeared"|"gone"|"label"|"contract_ending"|"not_followed"|"credit"

---what kind of failure an error is
---@alias vast.ErrorKind "invalid_argument"|"not_found"|"unauthorized"|"forbidden"|"rate_limited"|"unavailable"|"billing"|"conflict"|"guard"|"partial"|"timeout"|"network"|"server"|"cancelled"

---what a change does
---@alias vast.Verb "start"|"stop"|"label"|"reboot"|"recycle"|"destroy"|"bid"|"other"

---what became of an instance that a verb was asked to change
---@alias vast.Outcome "accepted"|"planned"|"satisfied"|"failed"|"unknown"

---Which instances: any field with a value, a list or a function; texts are globs, "!" negates.
---@class vast.Query: table<"state"|"status_words"|"billing"|"rate"|"rate_on"|"rate_off"|"age"|"ends_in"|"tags"|"observed_at"|"id"|"label"|"machine_id"|"host_id"|"bundle_id"|"template_id"|"template_hash_id"|"template_name"|"image_uuid"|"image_args"|"image_runtype"|"extra_env"|"onstart"|"jupyter_token"|"actual_status"|"intended_status"|"cur_state"|"next_state"|"status_msg"|"start_date"|"end_date"|"duration"|"uptime_mins"|"time_remaining"|"time_remaining_isbid"|"client_run_time"|"host_run_time"|"gpu_name"|"num_gpus"|"gpu_frac"|"gpu_ram"|"gpu_totalram"|"gpu_util"|"gpu_temp"|"gpu_arch"|"gpu_lanes"|"gpu_mem_bw"|"bw_nvlink"|"pci_gen"|"pcie_bw"|"cpu_util"|"cpu_name"|"cpu_arch"|"cpu_cores"|"cpu_cores_effective"|"cpu_ram"|"mem_limit"|"mem_usage"|"vmem_usage"|"disk_space"|"disk_usage"|"disk_util"|"disk_name"|"disk_bw"|"volume_info"|"dph_base"|"dph_total"|"min_bid"|"is_bid"|"storage_cost"|"storage_total_cost"|"search"|"instance"|"inet_up_cost"|"inet_down_cost"|"internet_up_cost_per_tb"|"internet_down_cost_per_tb"|"credit_balance"|"credit_discount"|"credit_discount_max"|"vram_costperhour"|"geolocation"|"country_code"|"hosting_type"|"verification"|"reliability2"|"public_ipaddr"|"static_ip"|"local_ipaddrs"|"ssh_host"|"ssh_port"|"ssh_idx"|"machine_dir_ssh_port"|"direct_port_count"|"direct_port_start"|"direct_port_end"|"ports"|"inet_up"|"inet_down"|"driver_version"|"cuda_max_good"|"rentable"|"external"|"webpage"|"logo"|"score"|"dlperf"|"dlperf_per_dphtotal"|"flops_per_dphtotal"|"total_flops"|"os_version"|"mobo_name"|"where", any>
---@field state? any a value, a list, or a function of it
---@field status_words? any a value, a list, or a function of it
---@field billing? any a value, a list, or a function of it
---@field rate? any a value, a list, or a function of it
---@field rate_on? any a value, a list, or a function of it
---@field rate_off? any a value, a list, or a function of it
---@field age? any a value, a list, or a function of it
---@field ends_in? any a value, a list, or a function of it
---@field tags? any a value, a list, or a function of it
---@field observed_at? any a value, a list, or a function of it
---@field id? any a value, a list, or a function of it
---@field label? any a value, a list, or a function of it
---@field machine_id? any a value, a list, or a function of it
---@field host_id? any a value, a list, or a function of it
---@field bundle_id? any a value, a list, or a function of it
---@field template_id? any a value, a list, or a function of it
---@field template_hash_id? any a value, a list, or a function of it
---@field template_name? any a value, a list, or a function of it
---@field image_uuid? any a value, a list, or a function of it
---@field image_args? any a value, a list, or a function of it
---@field image_runtype? any a value, a list, or a function of it
---@field extra_env? any a value, a list, or a function of it
---@field onstart? any a value, a list, or a function of it
---@field jupyter_token? any a value, a list, or a function of it
---@field actual_status? any a value, a list, or a function of it
---@field intended_status? any a value, a list, or a function of it
---@field cur_state? any a value, a list, or a function of it
---@field next_state? any a value, a list, or a function of it
---@field status_msg? any a value, a list, or a function of it
---@field start_date? any a value, a list, or a function of it
---@field end_date? any a value, a list, or a function of it
---@field duration? any a value, a list, or a function of it
---@field uptime_mins? any a value, a list, or a function of it
---@field time_remaining? any a value, a list, or a function of it
---@field time_remaining_isbid? any a value, a list, or a function of it
---@field client_run_time? any a value, a list, or a function of it
---@field host_run_time? any a value, a list, or a function of it
---@field gpu_name? any a value, a list, or a function of it
---@field num_gpus? any a value, a list, or a function of it
---@field gpu_frac? any a value, a list, or a function of it
---@field gpu_ram? any a value, a list, or a function of it
---@field gpu_totalram? any a value, a list, or a function of it
---@field gpu_util? any a value, a list, or a function of it
---@field gpu_temp? any a value, a list, or a function of it
---@field gpu_arch? any a value, a list, or a function of it
---@field gpu_lanes? any a value, a list, or a function of it
---@field gpu_mem_bw? any a value, a list, or a function of it
---@field bw_nvlink? any a value, a list, or a function of it
---@field pci_gen? any a value, a list, or a function of it
---@field pcie_bw? any a value, a list, or a function of it
---@field cpu_util? any a value, a list, or a function of it
---@field cpu_name? any a value, a list, or a function of it
---@field cpu_arch? any a value, a list, or a function of it
---@field cpu_cores? any a value, a list, or a function of it
---@field cpu_cores_effective? any a value, a list, or a function of it
---@field cpu_ram? any a value, a list, or a function of it
---@field mem_limit? any a value, a list, or a function of it
---@field mem_usage? any a value, a list, or a function of it
---@field vmem_usage? any a value, a list, or a function of it
---@field disk_space? any a value, a list, or a function of it
---@field disk_usage? any a value, a list, or a function of it
---@field disk_util? any a value, a list, or a function of it
---@field disk_name? any a value, a list, or a function of it
---@field disk_bw? any a value, a list, or a function of it
---@field volume_info? any a value, a list, or a function of it
---@field dph_base? any a value, a list, or a function of it
---@field dph_total? any a value, a list, or a function of it
---@field min_bid? any a value, a list, or a function of it
---@field is_bid? any a value, a list, or a function of it
---@field storage_cost? any a value, a list, or a function of it
---@field storage_total_cost? any a value, a list, or a function of it
---@field search? any a value, a list, or a function of it
---@field instance? any a value, a list, or a function of it
---@field inet_up_cost? any a value, a list, or a function of it
---@field inet_down_cost? any a value, a list, or a function of it
---@field internet_up_cost_per_tb? any a value, a list, or a function of it
---@field internet_down_cost_per_tb? any a value, a list, or a function of it
---@field credit_balance? any a value, a list, or a function of it
---@field credit_discount? any a value, a list, or a function of it
---@field credit_discount_max? any a value, a list, or a function of it
---@field vram_costperhour? any a value, a list, or a function of it
---@field geolocation? any a value, a list, or a function of it
---@field country_code? any a value, a list, or a function of it
---@field hosting_type? any a value, a list, or a function of it
---@field verification? any a value, a list, or a function of it
---@field reliability2? any a value, a list, or a function of it
---@field public_ipaddr? any a value, a list, or a function of it
---@field static_ip? any a value, a list, or a function of it
---@field local_ipaddrs? any a value, a list, or a function of it
---@field ssh_host? any a value, a list, or a function of it
---@field ssh_port? any a value, a list, or a function of it
---@field ssh_idx? any a value, a list, or a function of it
---@field machine_dir_ssh_port? any a value, a list, or a function of it
---@field direct_port_count? any a value, a list, or a function of it
---@field direct_port_start? any a value, a list, or a function of it
---@field direct_port_end? any a value, a list, or a function of it
---@field ports? any a value, a list, or a function of it
---@field inet_up? any a value, a list, or a function of it
---@field inet_down? any a value, a list, or a function of it
---@field driver_version? any a value, a list, or a function of it
---@field cuda_max_good? any a value, a list, or a function of it
---@field rentable? any a value, a list, or a function of it
---@field external? any a value, a list, or a function of it
---@field webpage? any a value, a list, or a function of it
---@field logo? any a value, a list, or a function of it
---@field score? any a value, a list, or a function of it
---@field dlperf? any a value, a list, or a function of it
---@field dlperf_per_dphtotal? any a value, a list, or a function of it
---@field flops_per_dphtotal? any a value, a list, or a function of it
---@field total_flops? any a value, a list, or a function of it
---@field os_version? any a value, a list, or a function of it
---@field mobo_name? any a value, a list, or a function of it
---@field where? fun(inst: vast.Instance): boolean? a function that decides

---@class vast.InstanceStopOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.InstanceStartOptions: table<"reason"|"wait"|"all"|"unavailable"|"every"|"within"|"max_rate", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field unavailable? "cancel"|"queue"|"retry" what happens when the GPUs are taken: withdraw the start and raise (the default), stay queued, or try again; of an outbid instance it is not withdrawn, since it comes back by itself when its bid wins
---@field every? vast.Length with retry: how long between tries (5m); above 0s
---@field within? vast.Length with retry: how long it tries (2h)
---@field max_rate? number with retry: what the whole list may add to the bill, in $/h; from 0 up

---@class vast.InstanceBidOptions: table<"reason"|"wait"|"all"|"max", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field max? number the highest price, in $/h; needed for more than twice the present bid; above 0

---@class vast.InstanceSetLabelOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.InstanceIsIdleOptions: table<"below"|"coverage"|"warm_up"|"signals", any>
---@field below? number GPU utilisation in percent (5); from 0 to 100
---@field coverage? number the part of the window that samples must cover (0.8); from 0 to 1
---@field warm_up? vast.Length after a start nothing is idle for so long (10m)
---@field signals? vast.Signals what else must be quiet: cpu, network, disk, temperature, own ones

---@class vast.InstanceHistoryOptions: table<"since", any>
---@field since? vast.Length how far back (24h)

---A read-only snapshot of an instance: every field of the API by its name, and ours, which win. `pairs` works; what is not known is nil.
---@class vast.Instance
---@field state vast.State what it does, in one word
---@field status_words string the service's words for it: actual_status/intended_status/cur_state
---@field billing vast.Billing what is billed now
---@field rate number? in $/h, now
---@field rate_on number? in $/h, when it runs
---@field rate_off number? in $/h, when it is stopped: its storage
---@field age number? in seconds since the rental began; 0 when that is to come within a day
---@field ends_in number? in seconds to the contract's end
---@field tags table<string, string|boolean> the words in its label's brackets that are nobody's wish: [owner=anna v2] is {owner = "anna", v2 = true}
---@field observed_at number when this snapshot was read, in Unix seconds
---@field id integer the id
---@field label string "" without one
---@field machine_id integer? of the machine
---@field host_id integer? of its owner
---@field bundle_id integer? of the offer
---@field template_id integer? of the template
---@field template_hash_id string? of the template
---@field template_name string? of the template
---@field image_uuid string? the Docker image
---@field image_args (table|string)? the container's arguments
---@field image_runtype string? ssh, jupyter, args
---@field extra_env table? environment of the container; may hold secrets, never printed
---@field onstart string? commands at its start; may hold secrets, never printed
---@field jupyter_token string? a secret, never printed
---@field actual_status string? what the container does
---@field intended_status string? what it is meant to do
---@field cur_state string? what the contract does
---@field next_state string? what the contract will do
---@field status_msg string? why, in words
---@field start_date number? when the rental began, in Unix seconds
---@field end_date number? when the contract ends, in Unix seconds
---@field duration number? how long the rental has lasted, in seconds
---@field uptime_mins number? in minutes
---@field time_remaining string? as the service writes it
---@field time_remaining_isbid string? as the service writes it
---@field client_run_time number? in hours
---@field host_run_time number? in hours
---@field gpu_name string? such as RTX 4090
---@field num_gpus integer? how many GPUs
---@field gpu_frac number? part of the machine's GPUs
---@field gpu_ram integer? of each GPU, in MB
---@field gpu_totalram integer? of all GPUs, in MB
---@field gpu_util number? in percent; nil when the service does not say
---@field gpu_temp number? in degrees Celsius
---@field gpu_arch string? such as nvidia
---@field gpu_lanes integer? PCIe lanes
---@field gpu_mem_bw number? in GB/s
---@field bw_nvlink number? in GB/s
---@field pci_gen number? PCIe generation
---@field pcie_bw number? in GB/s
---@field cpu_util number? as the service gives it: a fraction or a percentage
---@field cpu_name string? such as AMD EPYC
---@field cpu_arch string? such as amd64
---@field cpu_cores integer? of the machine
---@field cpu_cores_effective number? of this instance
---@field cpu_ram integer? in MB
---@field mem_limit number? as the service gives it
---@field mem_usage number? as the service gives it
---@field vmem_usage number? as the service gives it
---@field disk_space number? in GB
---@field disk_usage number? in GB; nil when unknown
---@field disk_util number? a fraction; nil when unknown
---@field disk_name string? model of the disk
---@field disk_bw number? in MB/s
---@field volume_info table? attached volumes
---@field dph_base number? in $/h, without storage
---@field dph_total number? in $/h
---@field min_bid number? in $/h
---@field is_bid boolean? whether it is interruptible
---@field storage_cost number? in $ per GB and month
---@field storage_total_cost number? in $/h
---@field search table? prices of the offer
---@field instance table? prices of the rental
---@field inet_up_cost number? in $/GB sent
---@field inet_down_cost number? in $/GB received
---@field internet_up_cost_per_tb number? in $/TB
---@field internet_down_cost_per_tb number? in $/TB
---@field credit_balance number? in $
---@field credit_discount number? a fraction
---@field credit_discount_max number? a fraction
---@field vram_costperhour number? in $/h
---@field geolocation string? such as Sweden, SE
---@field country_code string? two letters
---@field hosting_type integer? a code
---@field verification string? such as verified
---@field reliability2 number? 0 to 1
---@field public_ipaddr string? may be shared
---@field static_ip boolean? whether it keeps its address
---@field local_ipaddrs (string|table)? separated by spaces
---@field ssh_host string? for ssh
---@field ssh_port integer? for ssh
---@field ssh_idx string? of the forwarder
---@field machine_dir_ssh_port integer? for direct ssh
---@field direct_port_count integer? how many
---@field direct_port_start integer? first of the range
---@field direct_port_end integer? last of the range
---@field ports table? container port to host ports
---@field inet_up number? in Mbit/s
---@field inet_down number? in Mbit/s
---@field driver_version string? of the GPU driver
---@field cuda_max_good (number|string)? highest CUDA version
---@field rentable boolean? whether it can be rented
---@field external boolean? whether it is another market's
---@field webpage string? a URL
---@field logo string? a URL
---@field score number? of the offer
---@field dlperf number? performance score
---@field dlperf_per_dphtotal number? score per $/h
---@field flops_per_dphtotal number? TFLOPS per $/h
---@field total_flops number? TFLOPS
---@field os_version string? of the machine
---@field mobo_name string? of the machine
local Instance = {}

---stops it, like vast.stop
---
---```lua
---vast.instance(40112233):stop{reason = "idle"}
---```
---@param options? vast.InstanceStopOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function Instance:stop(options) end

---starts it, like vast.start
---
---```lua
---vast.instance(40112233):start()
---```
---@param options? vast.InstanceStartOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function Instance:start(options) end

---changes its bid, like vast.bid
---
---```lua
---vast.try({"guard", "conflict", "invalid_argument"}, function() vast.instance(40112233):bid(0.34) end)
---```
---@param price number $/h for the whole instance; above 0
---@param options? vast.InstanceBidOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function Instance:bid(price, options) end

---sets its label, like vast.label
---
---```lua
---vast.instance(40112233):set_label("train-a")
---```
---@param text string
---@param options? vast.InstanceSetLabelOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function Instance:set_label(text, options) end

---changes one wish in the brackets of its label and leaves the rest to the letter
---
---```lua
---vast.instance(40112233):set_wish("keep", true)
---```
---@param key "keep"|"keep-until"|"freeze"|"off"|"on"|"days"|"tz"|"lease"|"lease-until" which wish
---@param value? any a text, true, or nil to remove it
---@return vast.Instance # read again
function Instance:set_wish(key, value) end

---what its label asks for
---
---```lua
---print(vast.instance(40112233):wishes().keep)
---```
---@return vast.Wishes
function Instance:wishes() end

---reads it again
---
---```lua
---print(vast.instance(40112233):refresh().state)
---```
---@return vast.Instance
function Instance:refresh() end

---whether every sample of the window was idle: true; false and why; nil and why it is unknown
---
---```lua
---local idle, why = vast.instance(40112233):is_idle("45m", {below = 5})
---```
---@param window vast.Length the time that is judged; above 0s
---@param options? vast.InstanceIsIdleOptions
---@return boolean?
---@return string? # why
function Instance:is_idle(window, options) end

---what readings have said, the oldest first, also those of earlier runs
---
---```lua
---print(#vast.instance(40112233):history{since = "1h"})
---```
---@param options? vast.InstanceHistoryOptions
---@return vast.Sample[]
function Instance:history(options) end

---for how long it has been running, at least, in seconds; nil when it is not
---
---```lua
---print(vast.instance(40112233):running_for())
---```
---@return number?
function Instance:running_for() end

---for how long it has been starting, in seconds, by the readings, or by the rental's age when it was never seen otherwise; nil when it is not
---
---```lua
---print(vast.instance(40112233):starting_for())
---```
---@return number?
function Instance:starting_for() end

---for how long it has been dead, at least, in seconds; nil when it is not
---
---```lua
---print(vast.instance(40112233):dead_for())
---```
---@return number?
function Instance:dead_for() end

---what a stop may cost
---
---```lua
---for _, risk in ipairs(vast.instance(40112233):stop_risk().risks) do print(risk) end
---```
---@return vast.StopRisk
function Instance:stop_risk() end

---a copy as a plain table
---
---```lua
---print(vast.instance(40112233):table().gpu_name)
---```
---@return table
function Instance:table() end

---the API's own value of a field, without our rules
---
---```lua
---print(vast.instance(40112233):raw("disk_usage"))
---```
---@param name string a field
---@return any
function Instance:raw(name) end

---@class vast.ListStopOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.ListStartOptions: table<"reason"|"wait"|"all"|"unavailable"|"every"|"within"|"max_rate", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field unavailable? "cancel"|"queue"|"retry" what happens when the GPUs are taken: withdraw the start and raise (the default), stay queued, or try again; of an outbid instance it is not withdrawn, since it comes back by itself when its bid wins
---@field every? vast.Length with retry: how long between tries (5m); above 0s
---@field within? vast.Length with retry: how long it tries (2h)
---@field max_rate? number with retry: what the whole list may add to the bill, in $/h; from 0 up

---@class vast.ListLabelOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.ListBidOptions: table<"reason"|"wait"|"all"|"max", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field max? number the highest price, in $/h; needed for more than twice the present bid; above 0

---@class vast.ListRebootOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.ListRecycleOptions: table<"reason"|"wait"|"all"|"confirm", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field confirm integer|integer[] its ids once more, since data is lost

---@class vast.ListDestroyOptions: table<"reason"|"wait"|"all"|"confirm", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field confirm integer|integer[] its ids once more, since data is lost

---A list of instances with methods; printed, it is a table. `a | b` has what is in either, `a & b` what is in both, `a - b` what is in the first alone, by their ids.
---@class vast.List
---@field [integer] vast.Instance
local List = {}

---their ids, in order
---
---```lua
---print(#vast.instances():ids())
---```
---@return integer[]
function List:ids() end

---those that a query means, or for which a function returns something true
---
---```lua
---print(vast.instances():where{state = "stopped"})
---```
---@param query vast.Query|fun(inst: vast.Instance): boolean
---@return vast.List
function List:where(query) end

---the total of a field, or of what a function returns, and for how many it is unknown
---
---```lua
---local rate, unknown = vast.instances():sum("rate")
---```
---@param field string|fun(inst: vast.Instance): any a field of instances, or a function of one
---@return number # the total of what is known
---@return integer # how many are unknown
function List:sum(field) end

---a new list in rising order of a field or of what a function returns, `-` before the field: falling; what is unknown comes last
---
---```lua
---print(vast.instances():sort_by("-rate"))
---```
---@param field string|fun(inst: vast.Instance): any a field of instances, or a function of one
---@return vast.List
function List:sort_by(field) end

---lists by the value of a field or of a function; those without one are under false
---
---```lua
---for name, list in pairs(vast.instances():group("gpu_name")) do print(name, #list) end
---```
---@param field string|fun(inst: vast.Instance): any a field of instances, or a function of one
---@return table<any, vast.List>
function List:group(field) end

---a new list of the first so many
---
---```lua
---print(vast.instances():sort_by("-rate"):take(3))
---```
---@param count integer from 0 up
---@return vast.List
function List:take(count) end

---the first instance; nil when there is none
---
---```lua
---print(vast.instances{label = "train*"}:first())
---```
---@return vast.Instance?
function List:first() end

---the only instance; raises when there is none, or more than one
---
---```lua
---print(vast.instances{id = 40112233}:one())
---```
---@return vast.Instance
function List:one() end

---stops them, like vast.stop
---
---```lua
---print(vast.instances{label = "sweep*"}:stop{reason = "done"})
---```
---@param options? vast.ListStopOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function List:stop(options) end

---starts them, like vast.start
---
---```lua
---vast.try({"partial", "unavailable"}, function() vast.instances{label = "dev*", state = "stopped"}:start() end)
---```
---@param options? vast.ListStartOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function List:start(options) end

---sets their label, like vast.label
---
---```lua
---vast.instances{label = "sweep*"}:label("sweep-done")
---```
---@param text string
---@param options? vast.ListLabelOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function List:label(text, options) end

---changes their bids, like vast.bid
---
---```lua
---vast.instances{id = {40112272}}:bid(0.44)
---```
---@param price number $/h for each whole instance; above 0
---@param options? vast.ListBidOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function List:bid(price, options) end

---reboots them, like vast.reboot
---
---```lua
---vast.instances{label = "sweep-1"}:reboot()
---```
---@param options? vast.ListRebootOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function List:reboot(options) end

---recycles them, like vast.recycle
---
---```lua
---vast.guard{allow_recycle = true}
---vast.instances{id = {40112239}}:recycle{confirm = 40112239}
---```
---@param options? vast.ListRecycleOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function List:recycle(options) end

---destroys them, like vast.destroy
---
---```lua
---vast.guard{allow_destroy = true}
---vast.instances{id = {40112300}}:destroy{confirm = 40112300}
---```
---@param options? vast.ListDestroyOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function List:destroy(options) end

---What a verb has done: true in a condition; printed, it is one line. `result[id]` is what became of an instance: accepted (in a dry run: planned), or satisfied where nothing had to be sent.
---@class vast.Result
---@field verb vast.Verb such as stop
---@field ids integer[] what was asked for
---@field changed integer[] what the service has accepted, or a dry run has planned; what was so already is not in it
---@field failed integer[] what failed; a verb raises when something has
---@field [integer] vast.Outcome?
local Result = {}

---waits until the fleet shows it, and gives the fresh instance, or a list; the result itself where it is gone
---
---```lua
---print(vast.stop(40112238):wait().state)
---```
---@param timeout? vast.Length how long (10m)
---@return vast.Instance|vast.List
function Result:wait(timeout) end

---Something that runs again and again.
---@class vast.Job
---@field name string as given, or file, line and when
---@field spec string when it runs, in words
---@field next number? its next run, in Unix seconds; nil when there is none
---@field last number? its last run, in Unix seconds
---@field running boolean whether it is running now
---@field runs integer how often it has run
---@field failures integer how often it has raised
---@field skipped integer how often it was still running when it was due
local Job = {}

---it does not run again
---
---```lua
---vast.every("5m", function() end, {name = "cancelled"}):cancel()
---```
function Job:cancel() end

---A function that runs side by side with the rest.
---@class vast.Task
---@field status "running"|"done"|"failed"|"cancelled" how far it is
---@field name string where it was begun
local Task = {}

---waits for its end and gives its results, or raises its error
---
---```lua
---print(vast.spawn(function() return 1, 2 end):join())
---```
---@return any ...
function Task:join() end

---ends it where it waits
---
---```lua
---vast.spawn(vast.sleep, "1h"):cancel()
---```
function Task:cancel() end

---A rule at work.
---@class vast.Policy
---@field name string as given, or file and line
---@field every number how often it looks, in seconds
---@field next number? when it looks next, in Unix seconds
local Policy = {}

---it does not act again
---
---```lua
---vast.policy{name = "c", match = {label = "dev*"}, action = "stop", when = function() return nil end}:cancel()
---```
function Policy:cancel() end

---What vast.on returns.
---@class vast.Subscription
local Subscription = {}

---the function is not called again
---
---```lua
---vast.on("gone", print):cancel()
---```
function Subscription:cancel() end

---The instants of a cron expression in a zone.
---@class vast.Calendar
local Calendar = {}

---the next instant, or a list of at most n
---
---```lua
---print(vast.calendar("@daily", {tz = "UTC"}):next(0))
---```
---@param after? number in Unix seconds; default: now
---@param n? integer how many; from 0 to 1000000
---@return integer|integer[]? # in Unix seconds
function Calendar:next(after, n) end

---whether it is one of them
---
---```lua
---print(vast.calendar("@daily", {tz = "UTC"}):matches(86400))
---```
---@param t? number in Unix seconds; default: now
---@return boolean
function Calendar:matches(t) end

---Hours of the week in a zone.
---@class vast.Hours
local Hours = {}

---whether an instant is in them
---
---```lua
---print(vast.hours("mon-fri 08:00-19:00"):contains(vast.now()))
---```
---@param t? number in Unix seconds; default: now
---@return boolean
function Hours:contains(t) end

---when they next begin
---
---```lua
---print(vast.hours("mon-fri 08:00-19:00"):next_on(vast.now()))
---```
---@param t? number in Unix seconds; default: now
---@return integer? # in Unix seconds; nil: never
function Hours:next_on(t) end

---when they next end
---
---```lua
---print(vast.hours("mon-fri 08:00-19:00"):next_off(vast.now()))
---```
---@param t? number in Unix seconds; default: now
---@return integer? # in Unix seconds; nil: never
function Hours:next_off(t) end

---The account.
---@class vast.User
---@field id integer the account's id
---@field email string? its address
---@field credit number? in $
local User = {}

---What a failure raises; `tostring` gives one line with the script's file and line, and below it the hint where there is one for just this failure.
---@class vast.Error
---@field kind vast.ErrorKind what kind of failure it is
---@field message string what happened and what to do next
---@field attempts integer how often the request was sent
---@field status integer? of HTTP
---@field code string? the API's own word
---@field id integer? the instance's id; also as `instance`
---@field instance integer? the instance's id
---@field ids integer[] every instance that it is about; of a list: those that failed
---@field retryable boolean whether the same call may work later, and repeating it can do no harm: never after a reboot or recycle was sent, nor of kind partial, since a part is done; see results[id].retryable
---@field hint string what would help, such as a limit to raise
---@field request string? such as PUT /api/v0/instances/12/
---@field results table<integer, true|vast.Error>? of a list: what became of each
---@field ended_by string? of partial: what ended the list before all was tried: guard, unauthorized, cancelled or state
local Error = {}

---Something that happened to an instance.
---@class vast.Change
---@field event vast.Event what happened
---@field id integer the instance's id
---@field now vast.Instance? how it is; nil when it is gone
---@field before vast.Instance? how it was; nil when it is new
---@field at number when it was seen, in Unix seconds
---@field by "us"|"other"|"unknown" who did it
---@field verb any of not_followed: what was ordered, such as stop
---@field why any of not_followed: since when, and how it is
local Change = {}

---One reading of an instance.
---@class vast.Sample
---@field time number in Unix seconds
---@field state vast.State its state
---@field gpu_util number? in percent
---@field gpu_temp number? in degrees Celsius
---@field cpu_util number? as the service gives it
---@field mem_usage number? as the service gives it
---@field disk_usage number? in GB
---@field inet_up number? in Mbit/s
---@field inet_down number? in Mbit/s
---@field rate number? in $/h
---@field num_gpus integer? how many GPUs
local Sample = {}

---What a stop may cost.
---@class vast.StopRisk
---@field storage_rate number? what goes on billing, in $/h
---@field interruptible boolean? whether it has to win a bid to start again
---@field ends_in number? seconds to the contract's end
---@field starts integer? how often a start was tried
---@field refused_starts integer? how many of these were refused
---@field risks string[] the same in words
local StopRisk = {}

---What a label asks for.
---@class vast.Wishes
---@field keep boolean whether policies leave it alone
---@field keep_until number? until when, in Unix seconds
---@field freeze boolean whether nothing may change it
---@field on_at number? in Unix seconds
---@field off_at number? in Unix seconds
---@field lease number? how long a run may last, in seconds
---@field lease_until number? when a run is to end, in Unix seconds
---@field lease_ends number? in Unix seconds; nil also where nobody knows when the run began
---@field problems string[] what could not be read; policies leave it alone until that is corrected
local Wishes = {}

---What vast.budget tells before it stops something.
---@class vast.Excess
---@field rate number what the fleet costs, in $/h
---@field is_lower_bound boolean whether it costs more than that, since some rows do not say what they cost
---@field allowed number what it may cost, in $/h
---@field credit number? in $
---@field why string which bound it is
---@field stops vast.List what is going to be stopped
local Excess = {}

---What vast.http returns.
---@class vast.Response
---@field status integer of HTTP
---@field ok boolean whether it is 200 to 299
---@field headers table<string, string> by names in lower case
---@field body string as it came
local Response = {}

---What a program has left.
---@class vast.ExecResult
---@field code integer how it ended
---@field out string its output, at most 1 MiB
---@field err string its errors, at most 1 MiB
---@field truncated boolean whether there was more
local ExecResult = {}

---@class vast.StopOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.StartOptions: table<"reason"|"wait"|"all"|"unavailable"|"every"|"within"|"max_rate", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field unavailable? "cancel"|"queue"|"retry" what happens when the GPUs are taken: withdraw the start and raise (the default), stay queued, or try again; of an outbid instance it is not withdrawn, since it comes back by itself when its bid wins
---@field every? vast.Length with retry: how long between tries (5m); above 0s
---@field within? vast.Length with retry: how long it tries (2h)
---@field max_rate? number with retry: what the whole list may add to the bill, in $/h; from 0 up

---@class vast.LabelOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.BidOptions: table<"reason"|"wait"|"all"|"max", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field max? number the highest price, in $/h; needed for more than twice the present bid; above 0

---@class vast.RebootOptions: table<"reason"|"wait"|"all", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet

---@class vast.RecycleOptions: table<"reason"|"wait"|"all"|"confirm", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field confirm integer|integer[] its ids once more, since data is lost

---@class vast.DestroyOptions: table<"reason"|"wait"|"all"|"confirm", any>
---@field reason? string|fun(inst: vast.Instance): string why, for the journal
---@field wait? boolean|vast.Length return only when the fleet shows it; true: for 10m at most
---@field all? boolean also a list that turns out to be the whole fleet
---@field confirm integer|integer[] its ids once more, since data is lost

---@class vast.ObserveOptions: table<"every"|"where"|"state"|"status_words"|"billing"|"rate"|"rate_on"|"rate_off"|"age"|"ends_in"|"tags"|"observed_at"|"id"|"label"|"machine_id"|"host_id"|"bundle_id"|"template_id"|"template_hash_id"|"template_name"|"image_uuid"|"image_args"|"image_runtype"|"extra_env"|"onstart"|"jupyter_token"|"actual_status"|"intended_status"|"cur_state"|"next_state"|"status_msg"|"start_date"|"end_date"|"duration"|"uptime_mins"|"time_remaining"|"time_remaining_isbid"|"client_run_time"|"host_run_time"|"gpu_name"|"num_gpus"|"gpu_frac"|"gpu_ram"|"gpu_totalram"|"gpu_util"|"gpu_temp"|"gpu_arch"|"gpu_lanes"|"gpu_mem_bw"|"bw_nvlink"|"pci_gen"|"pcie_bw"|"cpu_util"|"cpu_name"|"cpu_arch"|"cpu_cores"|"cpu_cores_effective"|"cpu_ram"|"mem_limit"|"mem_usage"|"vmem_usage"|"disk_space"|"disk_usage"|"disk_util"|"disk_name"|"disk_bw"|"volume_info"|"dph_base"|"dph_total"|"min_bid"|"is_bid"|"storage_cost"|"storage_total_cost"|"search"|"instance"|"inet_up_cost"|"inet_down_cost"|"internet_up_cost_per_tb"|"internet_down_cost_per_tb"|"credit_balance"|"credit_discount"|"credit_discount_max"|"vram_costperhour"|"geolocation"|"country_code"|"hosting_type"|"verification"|"reliability2"|"public_ipaddr"|"static_ip"|"local_ipaddrs"|"ssh_host"|"ssh_port"|"ssh_idx"|"machine_dir_ssh_port"|"direct_port_count"|"direct_port_start"|"direct_port_end"|"ports"|"inet_up"|"inet_down"|"driver_version"|"cuda_max_good"|"rentable"|"external"|"webpage"|"logo"|"score"|"dlperf"|"dlperf_per_dphtotal"|"flops_per_dphtotal"|"total_flops"|"os_version"|"mobo_name", any>
---@field every? vast.Length how often (1m); above 0s
---@field where? fun(inst: vast.Instance): boolean? a function that decides

---@class vast.WaitOptions: table<"timeout", any>
---@field timeout? vast.Length for how long (10m)

---@class vast.RequestOptions: table<"query"|"body"|"confirm", any>
---@field query? table names and values behind the path
---@field body? any anything that is JSON
---@field confirm? integer|integer[] the ids of a recycle or destroy

---@class vast.EveryOptions: table<"name"|"jitter"|"now", any>
---@field name? string tells jobs apart; default: file, line and when
---@field jitter? vast.Length at most so much later, the same each time
---@field now? boolean begin at once and not after the first interval

---@class vast.CronOptions: table<"name"|"tz"|"catch_up"|"max_late"|"jitter"|"dst", any>
---@field name? string tells jobs apart; default: file, line and when
---@field tz? string an IANA zone; default: the configured or the machine's
---@field catch_up? "none"|"once" what becomes of runs missed while nothing ran (none)
---@field max_late? vast.Length the oldest run that is caught up with
---@field jitter? vast.Length at most so much later, the same each time
---@field dst? {gap?: "next"|"skip", overlap?: "first"|"last"|"both"} what happens at hours that a change of the clocks skips or repeats

---@class vast.AtOptions: table<"name"|"tz"|"catch_up"|"max_late", any>
---@field name? string tells jobs apart; default: file, line and when
---@field tz? string an IANA zone; default: the configured or the machine's
---@field catch_up? "none"|"once" what becomes of runs missed while nothing ran (none)
---@field max_late? vast.Length the oldest run that is caught up with

---@class vast.CalendarOptions: table<"tz"|"dst", any>
---@field tz? string an IANA zone; default: the configured or the machine's
---@field dst? {gap?: "next"|"skip", overlap?: "first"|"last"|"both"} what happens at hours that a change of the clocks skips or repeats

---@class vast.HoursOptions: table<"tz", any>
---@field tz? string an IANA zone; default: the configured or the machine's

---@class vast.MapOptions: table<"concurrency", any>
---@field concurrency? integer how many at a time (8); from 1 up

---@class vast.PolicyOptions: table<"name"|"every"|"match"|"all"|"when"|"up"|"grace"|"notify"|"before"|"action"|"max"|"overflow"|"cooldown"|"leave_alone"|"enforce"|"only"|"reason", any>
---@field name? string tells policies apart; default: file and line
---@field every? vast.Length how often it looks (5m); from 1s up
---@field match? vast.Query whom it is about; this or all
---@field all? boolean about every instance
---@field when? fun(inst: vast.Instance): boolean?, string? acts on true only, and a text behind it is the reason; this or up
---@field up? vast.Hours|"label" the hours in which they are on; acts at the edges
---@field grace? vast.Length how long it must hold first
---@field notify? fun(inst: vast.Instance, why: string?) called when the grace begins
---@field before? fun(inst: vast.Instance): boolean? a checkpoint; if it fails, this stop waits
---@field action? "stop"|"start"|fun(inst: vast.Instance, why: string?) what is done; with when it is required
---@field max? integer with more matches, none is acted on; from 0 up
---@field overflow? "refuse"|"oldest" with more than max: acts on none, or on the oldest (refuse)
---@field cooldown? vast.Length how long an instance is left alone after an action (10m)
---@field leave_alone? vast.Length how long an instance is left alone that was started by hand after our stop (4h)
---@field enforce? boolean asserts the hours again and again, not at their edges only
---@field only? "stop"|"start" does nothing but this
---@field reason? string why, for the journal

---@class vast.BudgetOptions: table<"per_day"|"per_month"|"runway"|"order"|"every"|"notify"|"name", any>
---@field per_day? number the most that a day may cost at the rates of now, in $; from 0 up
---@field per_month? number the same for a twelfth of a year, in $; from 0 up
---@field runway? vast.Length how long the credit must last at the rates of now
---@field order vast.Query[] what is stopped first: queries with values only
---@field every? vast.Length how often it looks (10m); from 1s up
---@field notify? fun(excess: vast.Excess) told before something is stopped
---@field name? string tells budgets apart

---@class vast.GuardOptions: table<"max_stops"|"max_starts"|"max_labels"|"max_reboots"|"max_recycles"|"max_destroys"|"max_changes"|"max_fraction"|"max_rate_added"|"max_rate_interrupted"|"max_gpus_interrupted"|"keep_at_least"|"allow_destroy"|"allow_recycle"|"allow_raw"|"protect", any>
---@field max_stops? number at most so many; from 0 up
---@field max_starts? number at most so many; from 0 up
---@field max_labels? number at most so many; from 0 up
---@field max_reboots? number at most so many; from 0 up
---@field max_recycles? number at most so many; from 0 up
---@field max_destroys? number at most so many; from 0 up
---@field max_changes? number changes of every kind together; from 0 up
---@field max_fraction? number instances interrupted, as a part of those that are on; from 0 to 1
---@field max_rate_added? number what starts may add to the bill, in $/h; from 0 up
---@field max_rate_interrupted? number what the interrupted instances cost, in $/h; from 0 up
---@field max_gpus_interrupted? number at most so many; from 0 up
---@field keep_at_least? number so many instances stay on; from 0 up
---@field allow_destroy? boolean whether it may happen at all
---@field allow_recycle? boolean whether it may happen at all
---@field allow_raw? boolean whether it may happen at all
---@field protect? {label?: string|string[], id?: integer|integer[]} what is left alone: only a start and a higher bid are allowed there

---@class vast.HttpGetOptions: table<"headers"|"timeout"|"limit", any>
---@field headers? table<string, string> names and texts
---@field timeout? vast.Length for how long (30s); above 0s to 3600s
---@field limit? integer the largest body that is taken, in bytes (8 MiB); from 1 to 1073741824

---@class vast.HttpPostOptions: table<"headers"|"timeout"|"limit", any>
---@field headers? table<string, string> names and texts
---@field timeout? vast.Length for how long (30s); above 0s to 3600s
---@field limit? integer the largest body that is taken, in bytes (8 MiB); from 1 to 1073741824

---@class vast.HttpRequestOptions: table<"body"|"headers"|"timeout"|"limit", any>
---@field body? any text, or a table that goes as JSON
---@field headers? table<string, string> names and texts
---@field timeout? vast.Length for how long (30s); above 0s to 3600s
---@field limit? integer the largest body that is taken, in bytes (8 MiB); from 1 to 1073741824

---@class vast.ExecOptions: table<"timeout"|"stdin"|"env", any>
---@field timeout? vast.Length for how long (5m)
---@field stdin? string what it reads
---@field env? table<string, string|number|false> variables of its environment besides ours, or in their place; false takes one away

---@class vast.NotifyOptions: table<"title"|"every"|"url"|"kind", any>
---@field title? string its title (vast-lua)
---@field every? vast.Length the same text not again before (1h)
---@field url? string where to; default: notify.url of config.json
---@field kind? "slack"|"discord"|"ntfy"|"json" what takes it; default: by the URL

---@class vast.InspectOptions: table<"depth"|"limit", any>
---@field depth? integer how many tables deep (8); from 1 to 100
---@field limit? integer how many entries of each table (200); from 1 to 1000000000

---Automates instances rented on Vast.ai.
---@class vast
---@field version string the version of vast-lua
---@field dry_run boolean whether changes are only planned; what sets it is `-n`
vast = {}

---@class vast.http
vast.http = {}

---@class vast.json
---@field null userdata null in JSON
vast.json = {}

---@class vast.log
vast.log = {}

---@class vast.store
vast.store = {}

---stops instances; their disks go on billing and the GPUs may be rented to others
---
---```lua
---vast.stop(40112233, {reason = "idle for an hour", wait = true})
---```
---@param target vast.Target an id, an instance, or a list of either
---@param options? vast.StopOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function vast.stop(target, options) end

---starts instances; the GPUs may be rented to somebody else, and an interruptible one starts only when its bid wins
---
---```lua
---vast.try("unavailable", vast.start, 40112309, {unavailable = "cancel"})
---```
---@param target vast.Target an id, an instance, or a list of either
---@param options? vast.StartOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function vast.start(target, options) end

---sets the label; "" removes it
---
---```lua
---vast.label(40112233, "train-a until friday")
---```
---@param target vast.Target an id, an instance, or a list of either
---@param text string at most 1024 characters
---@param options? vast.LabelOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function vast.label(target, text, options) end

---changes the bid for interruptible instances; a lower one may park them, a higher one may start them
---
---```lua
---vast.try({"guard", "conflict", "invalid_argument"}, vast.bid, 40112272, 0.44)
---```
---@param target vast.Target an id, an instance, or a list of either
---@param price number $/h for the whole instance; above 0
---@param options? vast.BidOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function vast.bid(target, price, options) end

---stops and starts the container; the GPUs are kept
---
---```lua
---vast.reboot(40112233)
---```
---@param target vast.Target an id, an instance, or a list of either
---@param options? vast.RebootOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function vast.reboot(target, options) end

---makes the container anew from its image; what is in it is lost
---
---```lua
---vast.guard{allow_recycle = true}
---vast.recycle(40112239, {confirm = 40112239})
---```
---@param target vast.Target an id, an instance, or a list of either
---@param options? vast.RecycleOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function vast.recycle(target, options) end

---ends the rental; everything on it is lost
---
---```lua
---vast.guard{allow_destroy = true}
---vast.destroy(40112300, {confirm = 40112300})
---```
---@param target vast.Target an id, an instance, or a list of either
---@param options? vast.DestroyOptions
---@return vast.Result # accepted by the service; confirmed before the process ends. With `wait`: the fresh instance, or a list of them
function vast.destroy(target, options) end

---the instances that a query means, sorted by id, from one consistent reading
---
---```lua
---print(vast.instances{state = "running", label = "!keep*"})
---```
---@param query? vast.Query which instances; nothing is all of them
---@return vast.List
function vast.instances(query) end

---one instance, or nil when there is none of that id
---
---```lua
---print(vast.instance(40112233))
---```
---@param id integer the instance's id
---@return vast.Instance?
function vast.instance(id) end

---reads the fleet for a while, keeps the samples and returns the last list
---
---```lua
---local fleet = vast.observe("5m", {every = "1m", state = "running"})
---```
---@param length vast.Length for how long
---@param options? vast.ObserveOptions
---@return vast.List
function vast.observe(length, options) end

---waits until instances have a state, and returns them fresh; raises at once when one will not come to have it: failed, dead or stopped without a start
---
---```lua
---vast.wait(40112233, "running", {timeout = "1m"})
---```
---@param target vast.Target an id, an instance, or a list of either
---@param state vast.State the state that all must have
---@param options? vast.WaitOptions
---@return vast.Instance|vast.List # one instance for one id, else a list
function vast.wait(target, state, options) end

---the account
---
---```lua
---print(vast.user().credit)
---```
---@return vast.User
function vast.user() end

---any request of the API; one that is exactly a verb is that verb, another one that writes needs allow_raw
---
---```lua
---print(vast.request("GET", "/api/v0/users/current/").email)
---```
---@param method string GET, PUT, POST or DELETE
---@param path string from /api/ on
---@param options? vast.RequestOptions
---@return any # the answer's body, decoded; of a verb {success = true}
function vast.request(method, path, options) end

---what has happened to the fleet since this script's last run
---
---```lua
---for _, change in ipairs(vast.changes()) do print(change.event, change.id) end
---```
---@return vast.Change[]
function vast.changes() end

---the time, in Unix seconds
---
---```lua
---print(os.date(nil, vast.now() // 1))
---```
---@return number
function vast.now() end

---waits; other tasks go on
---
---```lua
---vast.sleep("2s")
---```
---@param length vast.Length for how long
function vast.sleep(length) end

---runs a function at a fixed rate
---
---```lua
---vast.every("5m", function() print(#vast.instances()) end, {name = "count"})
---```
---@param interval vast.Length from one beginning to the next; from 0.001s up
---@param fn fun() what is run; it may wait
---@param options? vast.EveryOptions
---@return vast.Job
function vast.every(interval, fn, options) end

---runs a function by a calendar
---
---```lua
---vast.cron("0 22 * * mon-fri", function() vast.log.info("night") end, {tz = "Europe/Berlin"})
---```
---@param spec string|vast.Calendar five fields, a name such as @daily, or a calendar
---@param fn fun() what is run; it may wait
---@param options? vast.CronOptions
---@return vast.Job
function vast.cron(spec, fn, options) end

---runs a function once, at a date
---
---```lua
---vast.at("2030-12-24 18:00", function() print("now") end, {tz = "Europe/Berlin"})
---```
---@param when string|number "2026-12-24 18:00", or Unix seconds
---@param fn fun() what is run; it may wait
---@param options? vast.AtOptions
---@return vast.Job
function vast.at(when, fn, options) end

---a cron expression in a zone, to ask for its instants
---
---```lua
---print(vast.calendar("0 8 * * mon-fri", {tz = "Europe/Berlin"}):next())
---```
---@param spec string five fields, or a name such as @daily
---@param options? vast.CalendarOptions
---@return vast.Calendar
function vast.calendar(spec, options) end

---hours of the week, also in Cloud Custodian's off-hours form
---
---```lua
---print(vast.hours("mon-fri 08:00-19:00", {tz = "Europe/Berlin"}):contains(vast.now()))
---```
---@param hours string such as mon-fri 08:00-19:00
---@param options? vast.HoursOptions
---@return vast.Hours
function vast.hours(hours, options) end

---calls a function on every element, whatever some of them raise; then raises one partial
---
---```lua
---vast.each(vast.instances(), function(inst) print(inst) end)
---```
---@param list table a list
---@param fn fun(element: any) called with one element after the other
function vast.each(list, fn) end

---a function's results, or nil and the error when it is of that kind
---
---```lua
---local ok, err = vast.try("not_found", vast.stop, 1)
---```
---@param kinds string|string[] a kind of error, or a list of kinds
---@param fn function what is called
---@param ... any its arguments
---@return any # the first result, or nil
---@return any|vast.Error # the second result, or the error
function vast.try(kinds, fn, ...) end

---runs a function side by side with the rest
---
---```lua
---print(vast.spawn(function() return #vast.instances() end):join())
---```
---@param fn function the task
---@param ... any its arguments
---@return vast.Task
function vast.spawn(fn, ...) end

---runs functions together; all end before it returns, or raises partial
---
---```lua
---local fleet, user = table.unpack(vast.all{vast.instances, vast.user})
---```
---@param functions fun(): any[] a list of functions
---@return any[] # the first result of each, in order
function vast.all(functions) end

---runs a function on every element of a list, several at a time
---
---```lua
---local refreshed = vast.map(vast.instances(), function(inst) return inst:refresh() end)
---```
---@param list table a list
---@param fn fun(element: any): any called with an element
---@param options? vast.MapOptions
---@return any[] # the first result for each, in order
function vast.map(list, fn, options) end

---a rule about instances: whom it is about, when it acts, and how
---
---```lua
---vast.policy {
---  name = "idle", every = "5m", match = {billing = "gpu", label = "!keep*"},
---  when = function(inst) return inst:is_idle("45m") end, grace = "10m", action = "stop",
---}
---```
---@param policy vast.PolicyOptions
---@return vast.Policy
function vast.policy(policy) end

---stops in a declared order what costs more than a day, a month or the credit allows
---
---```lua
---vast.budget{per_day = 200, order = {{label = "dev*"}, {label = "sweep*"}}}
---```
---@param budget vast.BudgetOptions
---@return vast.Job
function vast.budget(budget) end

---names a function that is_idle asks: true for quiet, false for work, nil for unknown
---
---```lua
---vast.signal("no_queue", function(inst) return inst.label == "old-1" end)
---print(vast.instance(40112233):is_idle("45m", {signals = {no_queue = true}}))
---```
---@param name string as signals of is_idle name it
---@param fn fun(inst: vast.Instance): boolean?, string? asked
function vast.signal(name, fn) end

---calls a function when something happens to an instance
---
---```lua
---local outbid = vast.on("outbid", function(change) vast.log.warn("outbid", {id = change.id}) end)
---outbid:cancel()
---```
---@param event "stopped"|"started"|"outbid"|"dead"|"offline"|"appeared"|"gone"|"label"|"contract_ending"|"not_followed"|"credit" what happens
---@param fn fun(change: vast.Change) called with what has changed
---@return vast.Subscription
function vast.on(event, fn) end

---limits what this script may change; the command line and config.json are ceilings over it
---
---```lua
---vast.guard{max_stops = 30, max_fraction = 0.8, protect = {label = "prod*"}}
---```
---@param limits vast.GuardOptions
function vast.guard(limits) end

---writes a line of level debug to the log
---
---```lua
---vast.log.debug("read", {instances = 3})
---```
---@param message any
---@param fields? table names and values behind it
function vast.log.debug(message, fields) end

---writes a line of level info to the log
---
---```lua
---vast.log.info("read", {instances = 3})
---```
---@param message any
---@param fields? table names and values behind it
function vast.log.info(message, fields) end

---writes a line of level warning to the log
---
---```lua
---vast.log.warn("read", {instances = 3})
---```
---@param message any
---@param fields? table names and values behind it
function vast.log.warn(message, fields) end

---writes a line of level error to the log
---
---```lua
---vast.log.error("read", {instances = 3})
---```
---@param message any
---@param fields? table names and values behind it
function vast.log.error(message, fields) end

---fetches a URL
---
---```lua
---local response = vast.try("network", vast.http.get, "http://localhost:1/metrics", {timeout = "5s"})
---```
---@param url string http or https
---@param options? vast.HttpGetOptions
---@return vast.Response
function vast.http.get(url, options) end

---sends text, or a table as JSON, to a URL
---
---```lua
---local response = vast.try("network", vast.http.post, "http://localhost:1/hook", {text = "done"})
---```
---@param url string http or https
---@param body? any text, or a table that goes as JSON
---@param options? vast.HttpPostOptions
---@return vast.Response
function vast.http.post(url, body, options) end

---any request of another service
---
---```lua
---local response = vast.try("network", vast.http.request, "HEAD", "http://localhost:1/")
---```
---@param method string GET, HEAD, POST, PUT, PATCH or DELETE
---@param url string http or https
---@param options? vast.HttpRequestOptions
---@return vast.Response
function vast.http.request(method, url, options) end

---a value that an earlier run of this script has kept, or the default
---
---```lua
---local runs = vast.store.get("runs", 0)
---```
---@param key string 1 to 1024 bytes
---@param default? any what it is when nothing is kept
---@return any
function vast.store.get(key, default) end

---keeps a value for later runs of this script; nil deletes it
---
---```lua
---vast.store.set("runs", vast.store.get("runs", 0) + 1)
---```
---@param key string 1 to 1024 bytes
---@param value any anything that is JSON, of at most 64 KiB as text
function vast.store.set(key, value) end

---forgets a value
---
---```lua
---vast.store.delete("runs")
---```
---@param key string 1 to 1024 bytes
function vast.store.delete(key) end

---the names of all values, in order
---
---```lua
---print(#vast.store.keys())
---```
---@return string[]
function vast.store.keys() end

---a value as JSON text
---
---```lua
---print(vast.json.encode{ids = {1, 2}})
---```
---@param value any nil, vast.json.null, texts, numbers, lists and tables
---@return string
function vast.json.encode(value) end

---the value of a JSON text; ids stay integers
---
---```lua
---print(vast.json.decode('{"id": 40112233}').id)
---```
---@param text string UTF-8
---@return any
function vast.json.decode(text) end

---runs a program without a shell, while other tasks go on
---
---```lua
---local result = vast.exec({"uname", "-s"}, {timeout = "10s"})
---assert(result.code == 0, result.err)
---```
---@param command string[] the program and its arguments
---@param options? vast.ExecOptions
---@return vast.ExecResult
function vast.exec(command, options) end

---tells people through a webhook; never raises for what the network does
---
---```lua
---vast.notify("the night run is done", {title = "fleet"})
---```
---@param text any what they read
---@param options? vast.NotifyOptions
---@return true? # nil when nobody was told
---@return string? # why nobody was told
function vast.notify(text, options) end

---any value as text that shows what is in it
---
---```lua
---print(vast.inspect({1, {name = 2}}, {depth = 3}))
---```
---@param value any
---@param options? vast.InspectOptions
---@return string
function vast.inspect(value, options) end

---an environment variable; raises when it is unset and has no default
---
---```lua
---print(vast.env("TEAM", "everybody"))
---```
---@param name string
---@param default? any what it is when unset
---@return any
function vast.env(name, default) end

---what this reference says of a function, a method or a type; without a name: the list of all
---
---```lua
---print(vast.help("stop"))
---```
---@param name? any a name such as "stop" or "inst:is_idle", or the function itself
---@return string
function vast.help(name) end

---at the prompt: sends changes from now on; `vast.live(false)` plans them again
---
---```lua
---vast.try("invalid_argument", vast.live)
---```
---@param on? boolean whether changes are sent (true)
function vast.live(on) end

