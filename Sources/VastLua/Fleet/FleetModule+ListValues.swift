import LuaEngine
import VastAPI

/// Methods of lists that go by a field, or by what a function of the script says of each instance.
extension FleetModule {
    /// The total of what is known, and for how many it is unknown.
    func sum(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        let isDeclared = try isDeclaredNumber(call)
        return try values(call, rows) { call, values in
            // What the service writes in a number's place is unknown; anywhere else a text is a mistake.
            if !isDeclared, let text = values.lazy.compactMap(\.text).first {
                throw call.wrong(2, "field", "what is added up is numbers, and not '\(text.prefix(64))'")
            }
            let numbers = values.map(\.double)
            call.results.number(numbers.compactMap(\.self).reduce(0, +))
            call.results.integer(numbers.count { $0 == nil })
            return .values
        }
    }

    /// The total of a field that never is a number would be 0 whatever the fleet costs.
    private func isDeclaredNumber(_ call: borrowing LuaCall) throws -> Bool {
        guard let name = call.argument(2).string, let field = FieldDeclaration.instanceFields.first(where: { $0.name == name }) else {
            return false
        }
        if field.holdsNumbers { return true }
        throw call.wrong(2, "field", "'\(name)' holds no numbers: \(field.summary)")
    }

    /// A new list in rising or falling order; what is unknown comes last, and equal ones keep their order.
    func sortBy(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (rows, origin) = (try rows(call), self.origin(call))
        let isFalling = call.argument(2).string?.hasPrefix("-") ?? false
        return try values(call, rows) { [self] call, values in
            let keyed = zip(rows, values).enumerated()
            let sorted = keyed.sorted { left, right in
                FieldValue.precedes(left.element.1, right.element.1, isFalling: isFalling) ?? (left.offset < right.offset)
            }
            runtime.write(sorted.map(\.element.0), from: origin, call.results)
            return .values
        }
    }

    /// Lists by the value of a field; those without one are under `false`, since nil is no key.
    func group(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (rows, origin) = (try rows(call), self.origin(call))
        return try values(call, rows) { [self] call, values in
            var groups: [(key: FieldValue, rows: [Instance])] = []
            var places: [String: Int] = [:]
            for (row, value) in zip(rows, values) {
                let key = value.groupKey
                if let place = places[key] {
                    groups[place].rows.append(row)
                } else {
                    places[key] = groups.count
                    groups.append((value, [row]))
                }
            }
            call.results.table(fields: groups.count) {
                for (key, rows) in groups {
                    if case .none = key { call.results.boolean(false) } else { runtime.write(key, call.results) }
                    runtime.write(rows, from: origin, call.results)
                    call.results.setField()
                }
            }
            return .values
        }
    }

    private typealias Values = (borrowing LuaCall, [FieldValue]) throws -> LuaOutcome

    /// The values of one field, or of a function; a name that no instance can have raises.
    private func values(_ call: borrowing LuaCall, _ rows: [Instance], then body: @escaping Values) throws -> LuaOutcome {
        if call.argument(2).kind == .function {
            return try value(call, try call.function(2, "field").reference(), of: rows[...], [], then: body)
        }
        var name = try call.string(2, "field")
        if name.hasPrefix("-"), call.name.hasSuffix("sort_by") { name.removeFirst() }
        let isKnown = InstanceFields.derived.contains(name) || InstanceFields.documented.contains(name)
        let values = try rows.map { row in
            noteRead(name, of: row.id)
            if let value = InstanceFields.value(name, of: row) { return value }
            guard isKnown || rows.contains(where: { $0.raw(name) != nil }) else {
                let hint = LuaSuggestion.didYouMean(InstanceFields.suggestion(for: name, of: row, methods: []))
                throw call.wrong(2, "field", "an instance has no field '\(name)'\(hint)")
            }
            return FieldValue.none
        }
        return try body(call, values)
    }

    /// Asks a function about one instance after the other; it may wait.
    private func value(
        _ call: borrowing LuaCall, _ function: LuaReference, of rest: ArraySlice<Instance>, _ values: [FieldValue],
        then body: @escaping Values
    ) throws -> LuaOutcome {
        guard let instance = rest.first else { return try body(call, values) }
        return try call.call(
            function, arguments: { [runtime] in runtime.write(instance, $0) },
            then: { [self] call in
                try value(call, function, of: rest.dropFirst(), values + [FieldValue(call.calleeResults[0])], then: body)
            })
    }

    // MARK: parts

    func take(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (rows, count) = (try rows(call), try call.integer(2, "count"))
        guard count >= 0 else { throw call.wrong(2, "count", "a number of instances is 0 or more") }
        let taken = count < rows.count ? Array(rows.prefix(Int(count))) : rows
        runtime.write(taken, from: runtime.fleet.origin(call), call.results)
        return .values
    }

    func first(_ call: borrowing LuaCall) throws -> LuaOutcome {
        if let row = try rows(call).first { runtime.write(row, call.results) } else { call.results.nil() }
        return .values
    }

    func one(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let rows = try rows(call)
        guard let row = rows.first else { throw VastError(.notFound, "one instance was wanted, and the list has none") }
        guard rows.count == 1 else {
            let names = rows.prefix(3).map { InstanceFacts($0).name }.joined(separator: ", ")
            throw VastError(.conflict, "one instance was wanted, and the list has \(rows.count): \(names)\(rows.count > 3 ? ", …" : "")")
        }
        runtime.write(row, call.results)
        return .values
    }

    // MARK: sets

    private func operands(_ call: borrowing LuaCall, _ symbol: String) throws -> (left: [Instance], right: [Instance]) {
        for position in 1...2 where call.argument(position).kind != .table {
            throw VastError.invalidArgument(
                "'\(symbol)' of a list takes another list of instances, not \(call.argument(position).shownInMessage)")
        }
        return (try rows(call, 1), try rows(call, 2))
    }

    /// What is in either list.
    func union(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (left, right) = try operands(call, "|")
        var known = Set<InstanceID>()
        runtime.write(
            (left + right).filter { known.insert($0.id).inserted }, from: max(runtime.fleet.origin(call, 1), runtime.fleet.origin(call, 2)),
            call.results)
        return .values
    }

    /// What is in both lists.
    func intersection(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (left, others) = try operands(call, "&")
        let right = Set(others.map(\.id))
        runtime.write(
            left.filter { right.contains($0.id) }, from: min(runtime.fleet.origin(call, 1), runtime.fleet.origin(call, 2)), call.results)
        return .values
    }

    /// What is in the first list alone.
    func difference(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (left, others) = try operands(call, "-")
        let right = Set(others.map(\.id))
        runtime.write(left.filter { !right.contains($0.id) }, from: runtime.fleet.origin(call, 1), call.results)
        return .values
    }
}

extension FieldValue {
    /// What a function of the script has returned; anything but a boolean, a number or a text is nothing, and so is NaN.
    init(_ view: LuaView) {
        if let flag = view.boolean {
            self = .boolean(flag)
        } else if view.kind == .string, let text = view.string {
            self = .string(text)
        } else if view.kind == .number, let integer = view.integer {
            self = .integer(integer)
        } else if let number = view.number, !number.isNaN {
            self = .number(number)
        } else {
            self = .none
        }
    }
}
