import VastJSON

/// The members of a fleet file of our own form: their names, and what each has to be. ``FleetFile`` reads them and
/// ``FleetFileCheck`` refuses everything else by the same list.
protocol FleetFileMember: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    var wanted: FleetFileValue { get }
    /// Whether the object cannot be without it.
    var isNeeded: Bool { get }
}

extension FleetFileMember {
    static var names: [String] { allCases.map(\.rawValue).sorted() }
}

/// What a member has to be.
enum FleetFileValue: Sendable {
    case list, object, text, truth, whole, id, number
    /// A number in a range, in words such as `seconds`.
    case amount(ClosedRange<Double>, String)
    /// A whole number in a range.
    case count(ClosedRange<Int64>)

    /// Longer than any simulation.
    static let seconds = FleetFileValue.amount(0...1e10, "seconds")
    /// More than anybody has or owes.
    static let dollars = FleetFileValue.amount(-1e12...1e12, "dollars")
    /// More GPUs than any machine has are no number to reckon with.
    static let gpusOfMachine = FleetFileValue.count(1...1_000_000)
    static let takenGPUs = FleetFileValue.count(0...1_000_000)
    static let gpusOfInstance = FleetFileValue.count(1...1_000)

    func fits(_ value: JSONValue) -> Bool {
        switch self {
        case .list: value.elements != nil
        case .object: if case .object = value { true } else { false }
        case .text: value.text != nil
        case .truth: value.truth != nil
        case .whole: value.wholeNumber != nil
        case .id: value.wholeNumber.map { $0 >= 1 } ?? false
        case .number: value.number != nil
        case .amount(let range, _): value.number.map(range.contains) ?? false
        case .count(let range): value.wholeNumber.map(range.contains) ?? false
        }
    }

    /// What is allowed, for messages.
    var words: String {
        switch self {
        case .list: "a list"
        case .object: "an object"
        case .text: "a text"
        case .truth: "true or false"
        case .whole: "a whole number"
        case .id: "a whole number, at least 1"
        case .number: "a number"
        case .amount(let range, let words):
            "a number of \(words), \(range.lowerBound == 0 ? "not below 0" : "not below \(Int64(range.lowerBound))") and not above "
                + "\(Int64(range.upperBound))"
        case .count(let range):
            "a whole number, \(range.lowerBound == 0 ? "not below 0" : "at least \(range.lowerBound)") and not above \(range.upperBound)"
        }
    }
}

/// What a fleet file consists of.
enum FleetFilePart: String, FleetFileMember {
    case fleet, account, machines, instances, events

    var wanted: FleetFileValue {
        switch self {
        case .fleet: .whole
        case .account: .object
        case .machines, .instances, .events: .list
        }
    }
    var isNeeded: Bool { self == .fleet || self == .instances }
}

enum FleetFileAccount: String, FleetFileMember {
    case id, email, credit

    var wanted: FleetFileValue {
        switch self {
        case .id: .id
        case .email: .text
        case .credit: .dollars
        }
    }
    var isNeeded: Bool { false }
}

enum FleetFileMachine: String, FleetFileMember {
    case id, gpus, taken
    case takenAfter = "taken_after"

    var wanted: FleetFileValue {
        switch self {
        case .id: .id
        case .gpus: .gpusOfMachine
        case .taken: .takenGPUs
        case .takenAfter: .seconds
        }
    }
    var isNeeded: Bool { self == .id || self == .gpus }
}

enum FleetFileEvent: String, FleetFileMember {
    case after, id, event

    var wanted: FleetFileValue {
        switch self {
        case .after: .seconds
        case .id: .id
        case .event: .text
        }
    }
    var isNeeded: Bool { true }
}

/// Of a row only what the simulation goes by; any other member of the API passes as it is.
enum FleetFileRow: String, FleetFileMember {
    case id, label, simulator
    case gpuName = "gpu_name"
    case gpus = "num_gpus"
    case isBid = "is_bid"
    case machine = "machine_id"
    case disk = "disk_space"
    case actual = "actual_status"
    case intended = "intended_status"
    case current = "cur_state"
    case next = "next_state"
    case message = "status_msg"
    case utilization = "gpu_util"
    case temperature = "gpu_temp"
    case base = "dph_base"
    case total = "dph_total"
    case start = "start_date"
    case end = "end_date"

    var wanted: FleetFileValue {
        switch self {
        case .id, .machine: .id
        case .label, .gpuName, .actual, .intended, .current, .next, .message: .text
        case .simulator: .object
        case .isBid: .truth
        case .gpus: .gpusOfInstance
        // What a service may send, and a script must bear.
        case .disk, .utilization, .temperature, .base, .total, .start, .end: .number
        }
    }
    var isNeeded: Bool { self == .id }
}

/// What a row says to the simulation alone.
enum FleetFileExtra: String, FleetFileMember {
    case workload, floor
    case busyFor = "busy_for"

    var wanted: FleetFileValue {
        switch self {
        case .workload: .text
        case .floor: .number
        case .busyFor: .seconds
        }
    }
    var isNeeded: Bool { false }
}

extension JSONValue {
    subscript(_ member: some FleetFileMember) -> JSONValue? { self[member.rawValue] }
}

extension JSONObject {
    subscript(_ member: some FleetFileMember) -> JSONValue? {
        get { self[member.rawValue] }
        set { self[member.rawValue] = newValue }
    }
}
