#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import VastJSON

extension InstanceSpecification {
    /// The members of a row in the order of the API's own, with believable values.
    func row(at now: Date, noise: Noise) -> [(String, JSONValue)] {
        let model = GPUModel.named(gpu) ?? GPUModel.all[0]
        let host = Host(noise, machine: machine ?? 20_000 + id % 7919)
        return identity(host) + state(now) + hardware(model, host, noise) + money(model) + place(host, noise) + network(host, noise)
            + market(model, noise)
    }

    private func identity(_ host: Host) -> [(String, JSONValue)] {
        [
            ("id", .integer(id)), ("label", label.map(JSONValue.string) ?? .null), ("machine_id", .integer(host.machine)),
            ("host_id", .integer(host.owner)), ("bundle_id", .integer(600 + id % 97)), ("template_id", nil),
            ("template_hash_id", "0c1d2e3f4a5b"), ("template_name", "PyTorch"), ("image_uuid", .string(Self.image)),
            ("image_args", []), ("image_runtype", "ssh_direc ssh_proxy"), ("extra_env", [["MODE", "train"], ["-p 8080:8080", "1"]]),
            ("onstart", "bash /workspace/run.sh"),
            ("jupyter_token", .string(String(repeating: "0", count: 56) + "\(10_000_000 + id % 90_000_000)"))
        ]
    }

    private func state(_ now: Date) -> [(String, JSONValue)] {
        [
            ("actual_status", nil), ("intended_status", nil), ("cur_state", nil), ("next_state", nil), ("status_msg", nil),
            ("start_date", .double((now.timeIntervalSince1970 - age).rounded(digits: 4))),
            ("end_date", .double((now.timeIntervalSince1970 + endsIn).rounded(digits: 1))), ("uptime_mins", nil), ("duration", nil),
            ("time_remaining", ""), ("time_remaining_isbid", ""), ("client_run_time", 1.1), ("host_run_time", 2_592_000.0)
        ]
    }

    private func hardware(_ model: GPUModel, _ host: Host, _ noise: Noise) -> [(String, JSONValue)] {
        let count = Int64(gpus)
        return [
            ("gpu_name", .string(model.name)), ("num_gpus", .integer(count)), ("gpu_frac", .double(Double(gpus) / 8)),
            ("gpu_ram", .integer(model.memory)), ("gpu_totalram", .integer(model.memory * count)), ("gpu_arch", "nvidia"),
            ("gpu_util", nil), ("gpu_temp", nil), ("gpu_lanes", 16), ("gpu_mem_bw", .double(model.bandwidth)), ("bw_nvlink", 0.0),
            ("pci_gen", 4.0), ("pcie_bw", 24.7), ("driver_version", "550.54.15"), ("cuda_max_good", 12.4),
            ("cpu_name", "AMD EPYC 7543"), ("cpu_arch", "amd64"), ("cpu_cores", 64), ("cpu_cores_effective", .double(8.0 * Double(gpus))),
            ("cpu_ram", 257_655), ("cpu_util", 0.0), ("mem_limit", .double(32.2 * Double(gpus))), ("mem_usage", nil), ("vmem_usage", nil),
            ("disk_space", .double(disk)), ("disk_usage", .double(noise.value(in: disk * 0.1...disk * 0.6, 0, 50).rounded(digits: 2))),
            ("disk_util", nil), ("disk_name", "Samsung 980 PRO"), ("disk_bw", 3100.0), ("volume_info", [])
        ]
    }

    private func money(_ model: GPUModel) -> [(String, JSONValue)] {
        let gpuRate = (model.price * Double(gpus) * (isBid ? 0.6 : 1)).rounded(digits: 4)
        // The price of a disk is by gigabyte and month of 720 hours.
        let diskRate = (disk * 0.15 / 720).rounded(digits: 5)
        let total = (gpuRate + diskRate).rounded(digits: 6)
        return [
            ("dph_base", .double(gpuRate)), ("dph_total", .double(total)), ("min_bid", .double((gpuRate * 0.53).rounded(digits: 4))),
            ("is_bid", .bool(isBid)), ("storage_cost", 0.15), ("storage_total_cost", .double(diskRate)),
            ("vram_costperhour", .double((total / Double(model.memory * Int64(gpus))).rounded(digits: 9))), ("inet_up_cost", 0.004),
            ("inet_down_cost", 0.004), ("search", World.prices(gpu: gpuRate, disk: diskRate)), ("instance", nil), ("credit_balance", nil),
            ("credit_discount", nil), ("credit_discount_max", 0.4)
        ]
    }

    private func place(_ host: Host, _ noise: Noise) -> [(String, JSONValue)] {
        [
            ("geolocation", .string(host.place.name)), ("country_code", .string(host.place.code)),
            ("hosting_type", .integer(host.machine % 2)),
            ("verification", .string(noise.unit(0, 51) < 0.9 ? "verified" : "unverified")),
            ("reliability2", .double(noise.value(in: 0.95...0.9999, 0, 52).rounded(digits: 4))), ("rentable", true), ("external", false),
            ("static_ip", true)
        ]
    }

    private func network(_ host: Host, _ noise: Noise) -> [(String, JSONValue)] {
        let first = 20_000 + id % 400 * 100
        let ports: JSONValue = [
            "22/tcp": [["HostIp": "0.0.0.0", "HostPort": .string("\(first)")]],
            "8080/tcp": [["HostIp": "0.0.0.0", "HostPort": .string("\(first + 1)")]]
        ]
        return [
            ("public_ipaddr", .string("192.0.2.\(host.machine % 254 + 1)")), ("local_ipaddrs", "10.0.0.5 172.17.0.1 \n"),
            ("ssh_host", .string("ssh\(id % 9 + 1).vast.ai")), ("ssh_port", .integer(10_000 + id % 50_000)),
            ("ssh_idx", .string("\(id % 9 + 1)")), ("machine_dir_ssh_port", 21_000), ("direct_port_count", 64),
            ("direct_port_start", .integer(first)), ("direct_port_end", .integer(first + 3)), ("ports", ports),
            ("inet_up", .double(noise.value(in: 300...950, 0, 53).rounded(digits: 1))),
            ("inet_down", .double(noise.value(in: 300...950, 0, 54).rounded(digits: 1)))
        ]
    }

    private func market(_ model: GPUModel, _ noise: Noise) -> [(String, JSONValue)] {
        let flops = model.flops * Double(gpus)
        return [
            ("score", nil), ("dlperf", nil), ("dlperf_per_dphtotal", nil),
            ("flops_per_dphtotal", .double((flops / (model.price * Double(gpus))).rounded(digits: 1))),
            ("total_flops", .double(flops.rounded(digits: 1))), ("os_version", nil), ("mobo_name", "ROMED8-2T"), ("webpage", nil),
            ("logo", "/static/logos/vastai_small2.png")
        ]
    }
}

/// Where a machine stands and whose it is.
private struct Host {
    let machine: Int64
    let owner: Int64
    let place: (name: String, code: String)

    init(_ noise: Noise, machine: Int64) {
        self.machine = machine
        owner = 88_000 + machine % 211
        let places = [
            ("Poland, PL", "PL"), ("California, United States", "US"), ("Germany, DE", "DE"), ("Quebec, Canada", "CA"),
            ("Sweden, SE", "SE"), ("Japan, JP", "JP")
        ]
        place = places[Int(machine % Int64(places.count))]
    }
}
