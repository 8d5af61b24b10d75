import VastJSON

/// Exchanges values inside JSON, which stays JSON.
enum FuzzedJSON {
    private static let scalars: [JSONValue] = [
        nil, true, false, 0, 1, -1, 12, 1.5, -0.0, 1e308, -1e308, 1e-320, 9.3e18, "", "x", "12", "null", "\u{0}", "[keep]", "\u{1B}[2J",
        .integer(.max), .integer(.min), .unsigned(.max), [], [:], [12], [12, 12], ["*"], ["in": [12]], "NaN", "stop", "1h", "2026-12-01"
    ]

    /// - Returns: nil for what is no JSON.
    static func mutated(_ bytes: [UInt8], _ dice: inout FuzzDice) -> [UInt8]? {
        guard let root = (try? JSONDocument(parsing: bytes))?.root.value else { return nil }
        return try? mutated(root, &dice).serialized()
    }

    static func mutated(_ value: JSONValue, _ dice: inout FuzzDice) -> JSONValue {
        if dice.isOne(of: 6) { return dice.pick(scalars) }
        switch value {
        case .object(let object): return .object(mutated(object, &dice))
        case .array(let elements): return .array(mutated(elements, &dice))
        default: return dice.pick(scalars)
        }
    }

    private static func mutated(_ object: JSONObject, _ dice: inout FuzzDice) -> JSONObject {
        var members = object.map { ($0.name, $0.value) }
        guard !members.isEmpty else { return [dice.pick(["id", "label", "x", ""]): dice.pick(scalars)] }
        let place = dice.number(0...members.count - 1)
        switch dice.number(0...9) {
        case 0: members.remove(at: place)
        case 1: members[place].0 += dice.pick(["s", "_", " ", "\u{301}"])
        case 2: members.append((dice.pick(members).0, dice.pick(scalars)))
        case 3: members.append((members[place].0 + "_after", dice.pick(scalars)))
        default: members[place].1 = mutated(members[place].1, &dice)
        }
        return JSONObject(members)
    }

    private static func mutated(_ elements: [JSONValue], _ dice: inout FuzzDice) -> [JSONValue] {
        var elements = elements
        guard !elements.isEmpty else { return [dice.pick(scalars)] }
        let place = dice.number(0...elements.count - 1)
        switch dice.number(0...5) {
        case 0: elements.remove(at: place)
        case 1: elements.append(elements[place])
        case 2: elements.insert(dice.pick(scalars), at: place)
        default: elements[place] = mutated(elements[place], &dice)
        }
        return elements
    }
}
