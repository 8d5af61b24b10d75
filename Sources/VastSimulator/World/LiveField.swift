import FleetClock
import VastJSON

/// The members of a row that move with the world.
enum LiveField: String, Sendable {
    case id, label, ports
    case actualStatus = "actual_status"
    case intendedStatus = "intended_status"
    case curState = "cur_state"
    case nextState = "next_state"
    case statusMessage = "status_msg"
    case duration
    case timeRemaining = "time_remaining"
    case gpuUtil = "gpu_util"
    case gpuTemp = "gpu_temp"
    case cpuUtil = "cpu_util"
    case memUsage = "mem_usage"
    case vmemUsage = "vmem_usage"
    case diskUsage = "disk_usage"
    case diskUtil = "disk_util"
    case instance
    case dphBase = "dph_base"
    case dphTotal = "dph_total"
    case minBid = "min_bid"
}

extension World {
    /// The value of a live member as the API shows it at this moment.
    ///
    /// - Parameter reading: what the instance reports in this interval; nil when it reports nothing.
    func value(of field: LiveField, of instance: SimulatedInstance, reading: Reading?) -> JSONValue {
        let status = instance.status
        return switch field {
        case .id: .integer(instance.id)
        case .label: instance.label.map(JSONValue.string) ?? .null
        case .actualStatus: status.actual.map(JSONValue.string) ?? .null
        case .intendedStatus: .string(status.intended)
        case .curState: .string(status.current)
        case .nextState: .string(status.next)
        case .statusMessage: status.message.map(JSONValue.string) ?? .null
        case .ports: status.actual == "running" ? instance.row["ports"] ?? .null : .null
        case .duration: remaining(of: instance).map { .double($0.rounded(digits: 1)) } ?? .null
        case .timeRemaining: .string(remaining(of: instance).map(Self.spelled) ?? "")
        case .gpuUtil: reported(reading?.gpu)
        case .gpuTemp: reported(reading?.celsius)
        case .cpuUtil: .double(reading?.cpu ?? 0)
        case .memUsage: memory(of: instance, reading, share: 1)
        case .vmemUsage: memory(of: instance, reading, share: 1.4)
        case .diskUsage: disk(of: instance)
        case .diskUtil: diskShare(of: instance)
        case .instance: Self.prices(gpu: instance.billsGPU ? instance.gpuRate : 0, disk: instance.billsDisk ? instance.diskRate : 0)
        case .dphBase: .double(instance.gpuRate)
        case .minBid: instance.market.map { .double($0.shown(behaviour.minBid)) } ?? instance.row["min_bid"] ?? .null
        case .dphTotal: .double((instance.gpuRate + instance.diskRate).rounded(digits: 6))
        }
    }

    /// A price object as in the members `search` and `instance`; dollars an hour.
    static func prices(gpu: Double, disk: Double) -> JSONValue {
        let total = JSONValue.double((gpu + disk).rounded(digits: 6))
        return [
            "gpuCostPerHour": gpu == 0 ? 0 : .double(gpu), "diskHour": .double(disk), "totalHour": total,
            "discountTotalHour": 0, "discountedTotalPerHour": total
        ]
    }

    private func reported(_ value: Double?) -> JSONValue { value.map(JSONValue.double) ?? .null }

    /// Seconds to the contract's end at the beginning of the reporting interval.
    private func remaining(of instance: SimulatedInstance) -> Double? {
        instance.endDate.map { max(0, $0.timeIntervalSince1970 - Double(step) * metricsInterval.seconds) }
    }

    private static func spelled(_ seconds: Double) -> String {
        let hours = Int(clampingNumber: seconds / 3600)
        let (months, days) = (hours / 720, hours % 720 / 24)
        return months > 0 ? "\(months) Mon \(days) D \(hours % 24) Hr" : "\(days) D \(hours % 24) Hr"
    }

    private func memory(of instance: SimulatedInstance, _ reading: Reading?, share: Double) -> JSONValue {
        guard let used = reading?.memory, let limit = instance.row.number("mem_limit") else { return .null }
        return .double((used * limit * share).rounded(digits: 2))
    }

    private func disk(of instance: SimulatedInstance) -> JSONValue {
        .double(instance.hasBooted ? instance.diskUsed(at: now) : -1)
    }

    private func diskShare(of instance: SimulatedInstance) -> JSONValue {
        guard instance.hasBooted, instance.diskSpace > 0 else { return .double(-1) }
        return .double((instance.diskUsed(at: now) / instance.diskSpace).rounded(digits: 4))
    }
}
