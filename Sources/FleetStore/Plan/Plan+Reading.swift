package import FleetRules
import FleetClock
import VastModels
import VastJSON

extension Plan {
    /// A file larger than this is no plan, in bytes.
    static let largestFile = 64 << 20

    /// Reads what ``encoded()`` wrote.
    ///
    /// - Throws: ``PlanError``.
    package init(decoding bytes: [UInt8]) throws(PlanError) {
        guard bytes.count <= Self.largestFile else {
            throw PlanError(.tooLarge, "the file has \(bytes.count) bytes, more than a plan can have")
        }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes, limits: .init(depth: 32, bytes: Self.largestFile))
        } catch {
            throw PlanError(.notJSON, "this is no plan, or not all of it: \(error); make it again with `vast-lua plan`")
        }
        try self.init(document.root)
    }

    private init(_ root: JSON) throws(PlanError) {
        let reader = PlanReader(root, "the plan")
        guard root["vast_lua_plan"] != nil else {
            throw PlanError(.form, "this is no plan of vast-lua; make one with `vast-lua plan -o FILE SCRIPT`")
        }
        let version = try reader.integer("vast_lua_plan")
        guard version >= 1, version <= Self.version else {
            throw PlanError(.version, "the plan has version \(version), this vast-lua knows 1 to \(Self.version); make it again")
        }
        try Self.checkHash(root, try reader.text("hash"))
        self.init(
            account: try reader.text("account"), script: try reader.text("script"),
            scriptHash: try reader.optionalText("script_hash"), created: try reader.number("created"),
            observed: try reader.number("observed"), limits: version == 1 ? .none : try Self.limits(reader))
        actions.reserveCapacity(root["actions"]?.count ?? 0)
        for action in try reader.array("actions") { actions.append(try PlanAction(action)) }
    }

    private static func limits(_ reader: PlanReader) throws(PlanError) -> GuardLimits {
        guard reader.json["limits"] != nil else { return .none }
        return try GuardLimits(try reader.object("limits"))
    }

    private static func checkHash(_ root: JSON, _ hash: String) throws(PlanError) {
        let changed = PlanError(.hash, "the plan was changed after it was made (its hash does not fit); make it again")
        // Of two members with one name we see the first, somebody else perhaps the second.
        if let place = root.firstDuplicateMember {
            throw PlanError(.form, "\(PrintableText.safe(place, limit: 100)) stands twice in the plan; make it again")
        }
        guard case .object(let object) = root.value else { throw changed }
        guard (try? Self.hash(of: object)) == hash else { throw changed }
    }

    /// - Throws: ``PlanError`` of kind `account` when the plan was made for another one.
    package func check(account: String) throws(PlanError) {
        guard account == self.account else {
            throw PlanError(.account, "the plan was made for the account \(self.account), the key belongs to \(account)")
        }
    }
}

extension PlanAction {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        let name = try reader.text("verb")
        guard let verb = Change.Verb(rawValue: name), verb != .other else {
            throw PlanError(.form, "\(reader.place).verb is \"\(name)\", which no plan can hold")
        }
        let before = try reader.object("before")
        guard let facts = InstanceFacts(json: before.json) else {
            throw PlanError(.form, "\(before.place).id is missing or no whole number")
        }
        guard facts.id.rawValue > 0 else { throw PlanError(.form, "\(before.place).id is \(facts.id)") }
        let payload = try ChangePayload(reader, verb)
        let seen = try reader.object("seen")
        self.init(
            verb, before: facts, payload: payload, seen: JSONObject(seen.json.members.map { ($0.name, $0.value.value) }),
            reason: try reader.optionalText("reason"), line: try reader.optionalText("line"),
            rateAfter: try reader.optionalNumber("rate_after").map { USDPerHour($0) }, risks: try reader.texts("risks"))
        unavailable = try UnavailableRule(reader)
    }
}

extension ChangePayload {
    /// What a verb sets, and nothing that another one does; nil for a verb that sets nothing.
    fileprivate init?(_ reader: PlanReader, _ verb: Change.Verb) throws(PlanError) {
        for kind in Kind.allCases where kind != verb.rules.payload && reader.json["\(kind.rawValue)_after"].map({ !$0.isNull }) ?? false {
            throw PlanError(.form, "\(reader.place).\(kind.rawValue)_after is there for a \(verb.rawValue)")
        }
        switch verb.rules.payload {
        case nil: return nil
        case .label?:
            guard let text = try reader.optionalText("label_after") else {
                throw PlanError(.form, "\(reader.place).label_after is missing")
            }
            self = .label(text)
        case .price?:
            guard let price = try reader.optionalNumber("price_after"), price.isFinite else {
                throw PlanError(.form, "\(reader.place).price_after is missing")
            }
            self = .bid(price)
        }
    }
}

extension UnavailableRule {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        switch reader.json["unavailable"]?.kind {
        case nil: self = .cancel
        case .object?:
            let rule = try reader.object("unavailable")
            let (every, within) = (try rule.number("every"), try rule.number("within"))
            guard every > 0, within >= 0 else { throw PlanError(.form, "\(rule.place).every and within are lengths above 0") }
            self = .retry(
                every: Duration(clampingSeconds: every), within: Duration(clampingSeconds: within),
                maxRate: try rule.optionalNumber("max_rate").map { USDPerHour($0) })
        default:
            guard try reader.text("unavailable") == "queue" else {
                throw PlanError(.form, "\(reader.place).unavailable is neither \"queue\" nor an object")
            }
            self = .queue
        }
    }
}
