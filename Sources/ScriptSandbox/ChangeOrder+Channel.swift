import FleetSafety
import VastAPI
import VastJSON

/// Orders of a script from somebody else: nothing of them is believed that matters.
extension ChangeOrder {
    func write(to frame: inout ChannelFrame) throws {
        frame.put("verb", verb.rawValue)
        frame.array("ids", ids) { $0.integer($1.rawValue) }
        frame.put(payload)
        frame.put("highest", highest?.rawValue)
        if !confirmed.isEmpty { frame.array("confirmed", confirmed.sorted()) { $0.integer($1.rawValue) } }
        switch unavailable {
        case .cancel: break
        case .queue: frame.put("unavailable", "queue")
        case .retry(let every, let within, let maxRate):
            frame.put("unavailable", "retry")
            frame.put("every", every.seconds)
            frame.put("within", within.seconds)
            frame.put("max_rate", maxRate?.rawValue)
        }
        frame.put("line", decision.line)
        if decision.usesUtilization { frame.put("uses_utilization", true) }
        frame.array("reasons", decision.reasons.sorted { $0.key < $1.key }) { writer, reason in
            writer.beginArray()
            writer.integer(reason.key.rawValue)
            writer.string(reason.value)
            writer.endArray()
        }
        frame.array("seen", decision.seen.sorted { $0.key < $1.key }) { writer, seen in
            writer.beginArray()
            writer.integer(seen.key.rawValue)
            for name in seen.value.sorted() { writer.string(name) }
            writer.endArray()
        }
    }

    /// The most instances that one order may name.
    static let most = 20_000

    /// The scope stays 0, the whole run: a script could else escape the limits per run by naming a new one each time.
    ///
    /// - Throws: ``ChannelError``.
    init(channel json: JSON) throws(ChannelError) {
        guard let verb = Change.Verb(rawValue: try json.required("verb") { $0.string }), verb != .other else {
            throw .malformed("'verb' is none")
        }
        guard json["ids"]?.count ?? 0 <= Self.most else { throw .malformed("more than \(Self.most) instances in one call") }
        let ids = try json.required("ids") { $0.list(most: Self.most) { $0.instanceID } }
        guard !ids.isEmpty, Set(ids).count == ids.count else { throw .malformed("'ids' is empty or names one twice") }
        self.init(verb, ids, try ChangePayload(channel: json, verb))
        highest = try json.optional("highest") { $0.double.flatMap { $0.isFinite ? $0 : nil } }.map { USDPerHour($0) }
        confirmed = Set(try json.optional("confirmed") { $0.list(most: Self.most) { $0.instanceID } } ?? [])
        unavailable = try Self.unavailable(json)
        decision.line = try json.optional("line") { $0.string }.map { ScriptText.line($0, longest: 200) }
        decision.usesUtilization = try json.optional("uses_utilization") { $0.bool } ?? false
        for pair in json["reasons"]?.elements.map({ $0 }) ?? [] {
            guard let id = pair[0]?.instanceID, let text = pair[1]?.string else { throw .malformed("'reasons' is of the wrong kind") }
            decision.reasons[id] = ScriptText.line(text, longest: 1_000)
        }
        for list in json["seen"]?.elements.map({ $0 }) ?? [] {
            guard let id = list[0]?.instanceID else { throw .malformed("'seen' is of the wrong kind") }
            decision.seen[id] = Set(list.elements.dropFirst().compactMap(\.string))
        }
    }

    /// In seconds.
    private static let longestRetry = 1e9

    private static func unavailable(_ json: JSON) throws(ChannelError) -> UnavailableRule {
        switch try json.optional("unavailable", { $0.string }) {
        case nil: return .cancel
        case "queue": return .queue
        case "retry":
            let length: (JSON) -> Duration? = { $0.double.flatMap { $0 >= 0 && $0 < longestRetry ? .seconds($0) : nil } }
            guard json["every"]?.double ?? 1 < longestRetry, json["within"]?.double ?? 1 < longestRetry else {
                throw .malformed("it would be tried for more than 30 years")
            }
            return .retry(
                // What rounds to nothing would be tried without a pause.
                every: try json.required("every") { length($0).flatMap { $0 > .zero ? $0 : nil } },
                within: try json.required("within", length),
                maxRate: try json.optional("max_rate") { $0.double }.map { USDPerHour($0) })
        default: throw .malformed("'unavailable' is of the wrong kind")
        }
    }
}

/// Text from a script that goes into the journal, the log or to a person.
enum ScriptText {
    /// One line without control characters, cut to a length in characters.
    static func line(_ text: String, longest: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) { scalars.append(isControl(scalar) ? "?" : scalar) }
        return String(scalars)
    }

    /// The same with its lines kept.
    static func lines(_ text: String, longest: Int) -> String {
        text.prefix(longest).split(separator: "\n", omittingEmptySubsequences: false)
            .map { line(String($0).split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    "), longest: longest) }
            .joined(separator: "\n")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalar != "\u{200D}"
        default: false
        }
    }
}

extension ChannelFrame {
    fileprivate mutating func put(_ payload: ChangePayload?) {
        switch payload {
        case nil: break
        case .label(let text)?: put("label", text)
        case .price(let price)?: put("price", price.rawValue)
        }
    }
}

extension ChangePayload {
    /// What a verb sets, and nothing that another one does; nil for a verb that sets nothing.
    fileprivate init?(channel json: JSON, _ verb: Change.Verb) throws(ChannelError) {
        let label = try json.optional("label") { $0.string }
        let price = try json.optional("price") { $0.double.flatMap { $0.isFinite ? $0 : nil } }
        switch (verb.rules.payload, label, price) {
        case (nil, nil, nil): return nil
        case (.label?, let text?, nil): self = .label(text)
        case (.price?, nil, let price?): self = .bid(price)
        default: throw .malformed("'label' and 'price' go with the verbs that set them")
        }
    }
}
