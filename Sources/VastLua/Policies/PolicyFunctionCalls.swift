import FleetRules
import LuaEngine
import VastAPI

/// How the functions of a policy have fared in one look.
struct PolicyFunctionCalls {
    private struct Record {
        var asked: Set<InstanceID> = []
        var raised: Set<InstanceID> = []
        var first: LuaError?
    }

    private var records: [PolicyFunction: Record] = [:]

    /// Notes a call about an instance, and what it has raised, if anything.
    mutating func note(_ function: PolicyFunction, _ id: InstanceID, _ error: LuaError?) {
        var record = records[function] ?? Record()
        record.asked.insert(id)
        if let error {
            record.raised.insert(id)
            record.first = record.first ?? error
        }
        records[function] = record
    }

    func wasAsked(_ function: PolicyFunction) -> Bool { records[function] != nil }

    /// Whether a function has raised for every instance that it was asked about.
    func hasFailed(_ function: PolicyFunction) -> Bool { records[function].map { $0.raised == $0.asked } ?? false }

    /// The first function that has failed, what to say of it, and what it has raised; nil when all have worked somewhere.
    var failure: (function: PolicyFunction, what: String, error: LuaError)? {
        for function in PolicyFunction.allCases where hasFailed(function) {
            guard let record = records[function], let first = record.first else { continue }
            let them = record.raised.count == 1 ? "its one instance" : "each of its \(record.raised.count) instances"
            return (function, "\(function.phrase) for \(them)", first)
        }
        return nil
    }
}

extension PolicyFunction {
    /// Says that it raises.
    fileprivate var phrase: String {
        switch self {
        case .condition: "its functions raise"
        case .notify, .before, .action: "its `\(rawValue)` raises"
        }
    }
}
