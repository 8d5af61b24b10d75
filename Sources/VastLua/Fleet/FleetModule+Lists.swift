import LuaEngine
import VastAPI

/// Methods of the lists that queries return.
extension FleetModule {
    func ids(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        call.results.table(array: rows.count) {
            for (offset, row) in rows.enumerated() {
                call.results.element(offset + 1) { call.results.integer(row.id.rawValue) }
            }
        }
        return .values
    }

    func makeListType() -> LuaTableType {
        LuaTableType(
            "vast.list", methods: runtime.methods(.list), metamethods: listMetamethods + ObjectDeclaration.list.missingOperators,
            absent: Self.absentMethod)
    }

    /// Scripts may give a list fields, and ask whether it has one: only what is nearly a method is a mistake.
    private static func absentMethod(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let key = call.argument(2)
        if key.kind == .string, let name = key.string, name.utf8.count <= 64, !FieldDeclaration.instanceNames.contains(name),
            let closest = LuaSuggestion.closest(to: name, among: ObjectDeclaration.list.methods.map(\.name))
        {
            throw VastError.invalidArgument("unknown method '\(name)' of a list\(LuaSuggestion.didYouMean(closest))")
        }
        call.results.nil()
        return .values
    }

    private var listMetamethods: [(name: String, body: LuaBinding)] {
        [
            shown { fleet, call in FleetTable(try fleet.rows(call)).text },
            ("__bor", bound { try $0.union($1) }), ("__band", bound { try $0.intersection($1) }),
            ("__sub", bound { try $0.difference($1) })
        ]
    }

    /// The instances of the list that a method is called on.
    func rows(_ call: borrowing LuaCall, _ position: Int = 1) throws -> [Instance] {
        var rows: [Instance] = []
        let list = try call.table(position, position == 1 ? "self" : "list")
        rows.reserveCapacity(list.length)
        var stranger: LuaArgumentError?
        try list.forEachElement { position, element in
            if let object = element.object(instanceType) {
                rows.append(object.instance)
            } else if stranger == nil {
                stranger = call.wrong(
                    position, position == 1 ? "self" : "list", "a list of instances expected, element \(position) is a \(element.typeName)")
            }
        }
        if let stranger { throw stranger }
        return rows
    }

    func whereMethod(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        if call.argument(2).kind == .function {
            let function = (field: String?.none, function: try call.function(2, "query").reference())
            let origin = min(self.origin(call), .condition)
            return try FilterRun(runtime, rows, [function]) { [self] call, kept in
                runtime.write(kept, from: origin, call.results)
                return .values
            }.step(call)
        }
        let query = try Query(try call.table(2, "query"), function: call.name)
        try query.check(rows)
        let origin = min(self.origin(call), query.origin)
        return try FilterRun(runtime, rows.filter(query.matchesValues), query.functions) { [self] call, kept in
            runtime.write(kept, from: origin, call.results)
            return .values
        }.step(call)
    }
}

extension FieldValue {
    /// Which of two comes first: numbers, then texts, then the rest; nil when neither does.
    static func precedes(_ left: FieldValue, _ right: FieldValue, isFalling: Bool) -> Bool? {
        if let a = left.double, let b = right.double, a != b { return isFalling ? a > b : a < b }
        if let a = left.text, let b = right.text, a != b { return isFalling ? a > b : a < b }
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
