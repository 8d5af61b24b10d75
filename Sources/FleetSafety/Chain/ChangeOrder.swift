package import FleetStore
package import VastAPI
package import VastJSON

/// One order to change instances, as a verb of a script gives it.
package struct ChangeOrder: Sendable {
    /// What is to be done to each of the instances.
    package var verb: Change.Verb
    /// Each once.
    package var ids: [InstanceID]
    /// What is set beside the verb.
    package var payload: ChangePayload?
    /// What to do when the GPUs of a start are rented to somebody else.
    package var unavailable = UnavailableRule.cancel
    /// The highest price that the caller has named, for what sets one.
    package var highest: USDPerHour?
    /// The ids that the caller repeated to confirm a destroy or recycle.
    package var confirmed: Set<InstanceID> = []
    /// Whether it takes back starts that the service has queued.
    var isCompensation = false
    /// What the caller decided by, and where.
    package var decision = Decision()
    /// What goes with every request of it; the guard makes it.
    var note: CallNote?

    /// An order without reasons or confirmed ids, which cancels a start whose GPUs are taken.
    package init(_ verb: Change.Verb, _ ids: [InstanceID], _ payload: ChangePayload? = nil) {
        self.verb = verb
        self.ids = ids
        self.payload = payload
    }

    /// An order for a label.
    package init(_ verb: Change.Verb, _ ids: [InstanceID], label: String) { self.init(verb, ids, .label(label)) }

    /// The change that it is.
    var change: Change { Change(verb, ids, payload: payload) }

    /// Whether it is a start that is taken back when its GPUs are taken.
    var withdraws: Bool { verb == .start && unavailable.withdraws }

    /// The same order for a part of its instances.
    package func only(_ ids: [InstanceID]) -> ChangeOrder {
        var copy = self
        copy.ids = ids
        return copy
    }
}

extension UnavailableRule {
    /// Whether a start whose GPUs are taken is taken back.
    var withdraws: Bool { if case .queue = self { false } else { true } }
}

/// Any request that a script makes of the API.
package struct RequestOrder: Sendable {
    /// The method of the request, such as `PUT`.
    package var method: HTTPMethod
    /// The path from `/api/` on, as the script gave it.
    package var path: String
    /// The parameters behind the path; empty: none.
    package var query: JSONObject
    /// What is sent as JSON; nil: no body.
    package var body: JSONValue?
    /// The ids that the caller repeated to confirm a destroy or recycle.
    package var confirmed: Set<InstanceID> = []
    /// What the caller decided by, and where.
    package var decision = Decision()
    /// What goes with it; the guard makes it.
    var note: CallNote?

    /// A request in which no id is confirmed. Nothing is checked here: the guard judges what it is.
    package init(_ method: HTTPMethod, _ path: String, query: JSONObject = [:], body: JSONValue? = nil) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }
}

/// Where, why and on what grounds a script decided to change something.
package struct Decision: Sendable {
    /// Where in the script, such as `nightly.lua:9`.
    package var line: String?
    /// Why, in the script's words.
    package var reasons: [InstanceID: String] = [:]
    /// The fields that the script has read of the instances, by their names in scripts.
    package var seen: [InstanceID: Set<String>] = [:]
    /// Whether it rests on how busy an instance is.
    package var usesUtilization = false
    /// The firing of a job that it belongs to, 0 for the main chunk: limits "per run" count each by itself.
    package var scope: UInt64 = 0

    /// - Parameters:
    ///   - line: where in the script, such as `nightly.lua:9`; nil when that is not known.
    ///   - scope: the firing of a job that it belongs to, 0 for the main chunk.
    package init(line: String? = nil, scope: UInt64 = 0) {
        self.line = line
        self.scope = scope
    }
}
