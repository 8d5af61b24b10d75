package import VastJSON
internal import VastModels

/// The fields of a row that a recording has. Everything else is left out, whatever it is called: fields that the service adds
/// later may be secrets too.
package enum RecordedFields {
    /// What a field may hold; a value of another kind is left out.
    private enum Kind {
        case number, flag
        /// One of the words in which the service tells a status.
        case word
        /// What a person or the service has written.
        case text
        /// Dollars an hour, by what is billed.
        case costs
    }

    private static let numbers = [
        "id", "machine_id", "host_id", "hosting_type", "start_date", "end_date", "duration", "uptime_mins", "num_gpus", "gpu_frac",
        "gpu_ram", "gpu_totalram", "gpu_util", "gpu_temp", "gpu_lanes", "gpu_mem_bw", "bw_nvlink", "pci_gen", "pcie_bw", "cpu_util",
        "cpu_cores", "cpu_cores_effective", "cpu_ram", "mem_limit", "mem_usage",
        "vmem_usage", "disk_space", "disk_usage", "disk_util", "disk_bw", "dph_base", "dph_total", "min_bid", "storage_cost",
        "storage_total_cost", "inet_up_cost", "inet_down_cost", "internet_up_cost_per_tb", "internet_down_cost_per_tb",
        "vram_costperhour", "inet_up", "inet_down", "reliability2", "cuda_max_good"
    ]
    private static let texts = ["label", "gpu_name", "geolocation", "country_code"]
    private static let words = ["actual_status", "intended_status", "cur_state", "next_state", "verification"]
    private static let costs = ["gpuCostPerHour", "diskHour", "totalHour", "discountTotalHour", "discountedTotalPerHour"]
    private static let flags = ["is_bid"]

    private static let kinds: [(name: String, kind: Kind)] =
        numbers.map { ($0, .number) } + texts.map { ($0, .text) } + words.map { ($0, .word) } + flags.map { ($0, .flag) }
        + ["search", "instance"].map { ($0, .costs) }

    /// The names of the fields, sorted, without `status_msg`.
    package static var names: [String] { kinds.map(\.name).sorted() }
    /// Of these whoever has written them decides what they say.
    package static var textNames: [String] { texts }

    /// What is kept of `status_msg`, which may hold commands, paths and addresses: whether it tells of a failure.
    package static let failureMessage = "error"

    /// What a recording keeps of a row.
    ///
    /// - Returns: nil when the row is no object, or has no whole-numbered `id`.
    package static func scrubbed(_ row: JSON) -> JSONObject? {
        guard row.kind == .object, let id = row["id"]?.integral else { return nil }
        var kept: JSONObject = ["id": .integer(id)]
        for (name, kind) in kinds where name != "id" {
            guard let value = row[name] else { continue }
            kept[name] = value.isNull ? .null : scrubbed(value, kind)
        }
        if let message = row["status_msg"]?.string, FailureWords.tellOfFailure(message) {
            kept["status_msg"] = .string(failureMessage)
        }
        return kept
    }

    private static func scrubbed(_ value: JSON, _ kind: Kind) -> JSONValue? {
        switch kind {
        case .number: value.double == nil ? nil : value.value
        case .flag: value.bool.map { .bool($0) }
        case .text: value.string.map { .string($0) }
        case .word: value.string.flatMap { isWord($0) ? .string($0) : nil }
        case .costs:
            value.kind != .object
                ? nil
                : .object(
                    JSONObject(
                        costs.compactMap { name in
                            value[name].flatMap { $0.isNull ? .null : scrubbed($0, .number) }.map { (name, $0) }
                        }))
        }
    }

    /// Whether it is a word of the service: any other may be a secret, and says nothing to us.
    private static func isWord(_ text: String) -> Bool {
        Instance.isStatusWord(text) || ["verified", "unverified", "deverified"].contains(text)
    }
}
