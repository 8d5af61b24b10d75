import LuaEngine

/// Names that are no field of an instance, and what they are meant for.
extension FieldDeclaration {
    /// Words that people try, and the fields that hold what they expect.
    static let spokenWords = [
        "gpu": "gpu_name", "gpus": "num_gpus", "gpu_count": "num_gpus", "util": "gpu_util", "utilization": "gpu_util", "temp": "gpu_temp",
        "temperature": "gpu_temp", "vram": "gpu_ram", "price": "rate", "cost": "rate", "dph": "rate", "bid": "dph_base", "name": "label",
        "status": "state", "host": "host_id", "machine": "machine_id", "ip": "public_ipaddr", "ipaddr": "public_ipaddr",
        "address": "public_ipaddr", "region": "geolocation", "location": "geolocation", "country": "country_code", "image": "image_uuid",
        "template": "template_name", "interruptible": "is_bid", "spot": "is_bid", "uptime": "age", "disk": "disk_space",
        "ram": "cpu_ram", "memory": "cpu_ram", "cpu": "cpu_name", "cores": "cpu_cores_effective", "cuda": "cuda_max_good",
        "reliability": "reliability2", "driver": "driver_version", "port": "ssh_port"
    ]

    /// What a name is meant for that is none of `known`; nil when nothing is close.
    package static func meant(by name: String, among known: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        if let field = spokenWords[name.lowercased()], known.contains(field) { return field }
        return LuaSuggestion.closest(to: name, among: known)
    }

    /// "unknown field 'price', did you mean 'rate'?"
    package static func unknown(_ name: String, among known: [String]) -> String {
        "unknown field '\(name)'\(LuaSuggestion.didYouMean(meant(by: name, among: known)))"
    }

    /// What is said of the field of a query that is nearly one of ours or of the service, or an option, and none.
    package static func misspelling(of name: String, options: [String] = ["where"]) -> String? {
        let known = instanceNames + options
        guard !known.contains(name), meant(by: name, among: known) != nil else { return nil }
        return unknown(name, among: known)
    }
}
