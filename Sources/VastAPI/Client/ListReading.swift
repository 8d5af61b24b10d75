#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import VastJSON

/// One page of the list (Vast API contract, section 2.4).
struct ListPage {
    let rows: [JSON]
    let total: Int?
    let nextToken: String?
    let labelCounts: [String: Int]

    /// - Throws: ``VastError`` of kind `server` when there is no array of instances, which never means "no instances".
    init(_ answer: Answer) throws {
        guard let json = answer.json, let instances = json["instances"], instances.kind == .array else {
            throw VastError(
                .server, "the answer has no list of instances: \(Self.oddity(answer))",
                status: answer.status, request: "GET \(Route.list.template)", attempts: answer.attempts)
        }
        rows = Array(instances.elements)
        total = json["total_instances"]?.integral.flatMap(Int.init(exactly:))
        nextToken = json["next_token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let counts = json["label_counts"]?.members.map { ($0.name, Int($0.value.integral ?? 0)) } ?? []
        labelCounts = Dictionary(counts, uniquingKeysWith: { first, _ in first })
    }

    /// What is there in the place of the list.
    private static func oddity(_ answer: Answer) -> String {
        if let message = answer.message { return message }
        guard let json = answer.json else { return "it is empty" }
        guard json.kind == .object else { return "it is \(name(json.kind)) and not an object" }
        return json["instances"].map { "`instances` is \(name($0.kind))" } ?? "it has no `instances`"
    }

    private static func name(_ kind: JSON.Kind) -> String {
        switch kind {
        case .null: "null"
        case .object: "an object"
        case .array: "an array"
        case .string: "a text"
        case .bool: "true or false"
        default: "a number"
        }
    }
}

/// The pages of one list, put together.
struct ListReading {
    let observedAt: Date
    private(set) var rows: [InstanceID: Instance] = [:]
    private var contradicted: Set<InstanceID> = []
    private var unreadable: [String] = []
    /// The rows whose id had come before.
    private var repeated: [String] = []
    /// Whether a page names an instance that an earlier page has named: the list has moved on in between.
    private var hasMoved = false
    private var total: Int?
    private var labelCounts: [String: Int] = [:]
    private var tokens: Set<String> = []
    private var totalChanged = false

    init(observedAt: Date) { self.observedAt = observedAt }

    /// Whether nothing contradicts that these rows are the whole list at one moment.
    var isConsistent: Bool {
        guard !totalChanged, let total, total != rows.count + unreadable.count else { return !totalChanged }
        return !hasMoved && countsRepeated
    }

    /// Whether a page lists an instance twice.
    var hasTwins: Bool { !repeated.isEmpty && !hasMoved }

    /// Whether the service counts a row for each time that it names an instance: one of them may stand for another instance.
    private var countsRepeated: Bool { !repeated.isEmpty && total == rows.count + unreadable.count + repeated.count }

    /// Adds a page and returns the token of the next one.
    ///
    /// - Throws: ``VastError`` of kind `server` when no row of a page can be read, or a token comes a second time.
    mutating func add(_ page: ListPage) throws -> String? {
        let known = Set(rows.keys)
        for row in page.rows {
            // Ids begin with one: another whole number is an error of the service's, and nothing is sent about it.
            if let instance = Instance(row: row, observedAt: observedAt), instance.id > 0 {
                if known.contains(instance.id) { hasMoved = true }
                take(instance)
            } else {
                unreadable.append(Self.name(of: row))
            }
        }
        if let first = unreadable.first, rows.isEmpty {
            throw VastError(
                .server, "a row of the list has no id that is one: \(first); none of its rows can be read",
                request: "GET \(Route.list.template)")
        }
        if !tokens.isEmpty, total != page.total { totalChanged = true }
        if tokens.isEmpty { labelCounts = page.labelCounts }
        total = page.total
        guard let token = page.nextToken else { return nil }
        guard tokens.insert(token).inserted else {
            throw VastError(
                .server, "the service repeats a page token; the list would never end",
                request: "GET \(Route.list.template)")
        }
        return token
    }

    private mutating func take(_ instance: Instance) {
        guard let known = rows[instance.id] else { return rows[instance.id] = instance }
        repeated.append("id \(instance.id) once more\(Self.label(of: instance.row))")
        if known.contradicts(instance) { contradicted.insert(instance.id) }
        rows[instance.id] = known.believed(or: instance)
    }

    /// What a row has in place of an id, and its label.
    private static func name(of row: JSON) -> String {
        guard row.kind == .object else { return "a row that is no object" }
        let id = row["id"].map { (try? $0.value.serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "?" } ?? "missing"
        return "id \(id.prefix(60))\(label(of: row))"
    }

    private static func label(of row: JSON) -> String {
        row["label"]?.string.map { $0.isEmpty ? "" : ", label '\($0.prefix(60))'" } ?? ""
    }

    func snapshot(isFiltered: Bool) -> FleetSnapshot {
        let unnamed = unreadable + (!totalChanged && countsRepeated ? repeated : [])
        var snapshot = FleetSnapshot(
            instances: rows.values.sorted { $0.id < $1.id }, observedAt: observedAt, total: total,
            labelCounts: labelCounts, isComplete: isConsistent && unnamed.isEmpty, isFiltered: isFiltered)
        snapshot.contradicted = contradicted.sorted()
        snapshot.unreadable = unnamed
        return snapshot
    }
}
