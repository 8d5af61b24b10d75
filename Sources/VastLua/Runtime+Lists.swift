import LuaEngine
import VastAPI

/// Methods of the lists that queries return.
extension Runtime {
    func ids(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        call.results.table(array: rows.count) {
            for (offset, row) in rows.enumerated() {
                call.results.element(offset + 1) { call.results.integer(row.id.rawValue) }
            }
        }
        return .values
    }

    var listMetamethods: [(name: String, body: LuaBinding)] {
        [
            ("__tostring", { [unowned self] call in
                call.results.string(FleetTable(try rows(call)).text)
                return .values
            })
        ]
    }

    /// The instances of the list that a method is called on.
    private func rows(_ call: borrowing LuaCall) throws -> [Instance] {
        var rows: [Instance] = []
        let list = try call.table(1, "self")
        rows.reserveCapacity(list.length)
        var stranger: LuaArgumentError?
        try list.forEachElement { position, element in
            if let object = element.object(instanceType) {
                rows.append(object.instance)
            } else if stranger == nil {
                stranger = call.wrong(1, "self", "a list of instances expected, element \(position) is a \(element.typeName)")
            }
        }
        if let stranger { throw stranger }
        return rows
    }

    private func isRestricted(_ call: borrowing LuaCall) -> Bool {
        !call.argument(1).isTable(of: unrestrictedListType)
    }

    func whereMethod(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        let query = try Query(try call.table(2, "query"), function: call.name)
        try query.check(rows)
        let isRestricted = query.isRestricted || isRestricted(call)
        return try FilterRun(self, rows.filter(query.matchesValues), query.functions) { [unowned self] call, kept in
            write(kept, isRestricted: isRestricted, call.results)
            return .values
        }.step(call)
    }

    /// The values of one field; a name that no instance can have raises.
    private func values(_ call: borrowing LuaCall, _ rows: [Instance]) throws -> [FieldValue] {
        let name = try call.string(2, "field")
        let isKnown = InstanceFields.derived.contains(name) || InstanceFields.documented.contains(name)
        return try rows.map { row in
            if let value = InstanceFields.value(name, of: row) { return value }
            guard isKnown || rows.contains(where: { $0.raw(name) != nil }) else {
                let hint = InstanceFields.suggestion(for: name, of: row, methods: []).map { ", did you mean '\($0)'?" }
                throw call.wrong(2, "field", "an instance has no field '\(name)'\(hint ?? "")")
            }
            return FieldValue.none
        }
    }

    /// The total of what is known, and for how many it is unknown.
    func sum(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let numbers = try values(call, try rows(call)).map(\.double)
        call.results.number(numbers.compactMap(\.self).reduce(0, +))
        call.results.integer(numbers.count { $0 == nil })
        return .values
    }

    /// A new list in rising order; what is unknown comes last, and equal ones keep their order.
    func sortBy(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        let keyed = zip(rows, try values(call, rows)).enumerated()
        let sorted = keyed.sorted { left, right in
            FieldValue.precedes(left.element.1, right.element.1) ?? (left.offset < right.offset)
        }
        write(sorted.map(\.element.0), isRestricted: isRestricted(call), call.results)
        return .values
    }

    /// Lists by the value of a field; those without one are under `false`, since nil is no key.
    func group(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        var groups: [(key: FieldValue, rows: [Instance])] = []
        var places: [String: Int] = [:]
        for (row, value) in zip(rows, try values(call, rows)) {
            let key = value.groupKey
            if let place = places[key] { groups[place].rows.append(row) } else {
                places[key] = groups.count
                groups.append((value, [row]))
            }
        }
        let isRestricted = isRestricted(call)
        call.results.table(fields: groups.count) {
            for (key, rows) in groups {
                if case .none = key { call.results.boolean(false) } else { write(key, call.results) }
                write(rows, isRestricted: isRestricted, call.results)
                call.results.setField()
            }
        }
        return .values
    }
}

extension FieldValue {
    /// Which of two comes first: numbers, then texts, then the rest; nil when neither does.
    static func precedes(_ left: FieldValue, _ right: FieldValue) -> Bool? {
        if let a = left.double, let b = right.double, a != b { return a < b }
        if let a = left.text, let b = right.text, a != b { return a < b }
        return left.rank == right.rank ? nil : left.rank < right.rank
    }

    private var rank: Int {
        if double != nil { return 0 }
        if text != nil { return 1 }
        if case .none = self { return 3 }
        return 2
    }

    /// Tells values apart that are to be in groups of their own.
    var groupKey: String {
        if let text { return "s\(text)" }
        if let double { return "n\(double)" }
        if let bool { return "b\(bool)" }
        if case .json(let json) = self { return "j\(json.value)" }
        return "-"
    }
}
