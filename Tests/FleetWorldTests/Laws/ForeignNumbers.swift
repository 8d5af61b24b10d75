import FleetClock
import VastAPI
import VastJSON

/// Puts numbers that nobody expects into the rows of some instances, on their way to the client.
struct ForeignNumbers {
    static let literals = [
        "1e308", "-1e308", "1e19", "-1e19", "9.3e18", "9300000000000000000", "1e-320", "-0", "-0.0", "9223372036854775808",
        "9223372036854775807", "-9223372036854775808", "18446744073709551615", "\"NaN\"", "null", "\"12\"", "\"\"", "true", "[1]", "{}",
        "0", "1e400", "-1e999", "NaN", "Infinity", "-Infinity"
    ]

    /// Those whose rows are spoilt.
    let victims: Set<Int64>
    let seed: UInt64
    /// Whether what stands around the rows is spoilt as well.
    let isEnvelopeSpoilt: Bool

    func rewrite(_ request: HTTPRequest, _ response: HTTPResponse) -> HTTPResponse {
        guard request.method == .get, let document = try? JSONDocument(parsing: String(decoding: response.body, as: UTF8.self)) else {
            return response
        }
        // The same place holds the same nonsense in each answer, as a row of the service would.
        var dice = SeededGenerator(seed: seed)
        var value = document.root.value
        value = envelope(value, &dice)
        guard let text = try? value.serialized() else { return response }
        var copy = response
        copy.body = Array(Self.literal(String(decoding: text, as: UTF8.self)).utf8)
        copy.headers.removeAll { $0.name.lowercased() == "content-length" }
        return copy
    }

    private func envelope(_ value: JSONValue, _ dice: inout SeededGenerator) -> JSONValue {
        guard case .object(var object) = value else { return value }
        for (name, member) in object.map({ ($0.name, $0.value) }) {
            switch member {
            case .array(let rows): object[name] = .array(rows.map(spoilt))
            case .object: object[name] = spoilt(member)
            case .integer, .double, .unsigned: if isEnvelopeSpoilt { object[name] = mark(&dice) }
            default: break
            }
        }
        return .object(object)
    }

    private func spoilt(_ row: JSONValue) -> JSONValue {
        guard case .object(let object) = row, case .integer(let id)? = object["id"], victims.contains(id) else { return row }
        var dice = SeededGenerator(seed: seed ^ UInt64(bitPattern: id))
        return .object(members(object, &dice))
    }

    private func members(_ object: JSONObject, _ dice: inout SeededGenerator) -> JSONObject {
        var copy = object
        for (name, member) in object.map({ ($0.name, $0.value) }) where name != "id" {
            switch member {
            case .integer, .double, .unsigned: if Int.random(in: 0..<2, using: &dice) == 0 { copy[name] = mark(&dice) }
            case .object(let inner): copy[name] = .object(members(inner, &dice))
            default: break
            }
        }
        return copy
    }

    /// A text that is replaced by a literal when everything is text.
    private func mark(_ dice: inout SeededGenerator) -> JSONValue {
        .string("@@\(Int.random(in: 0..<Self.literals.count, using: &dice))@@")
    }

    private static func literal(_ text: String) -> String {
        // Between two marks lies a number, and outside of them text, which loses the quotation marks.
        let parts = text.split(separator: "@@", omittingEmptySubsequences: false)
        return parts.enumerated().map { place, part in
            if place % 2 == 1 { return Int(part).map { literals[$0] } ?? "" }
            return String(part.dropFirst(place > 0 ? 1 : 0).dropLast(place < parts.count - 1 ? 1 : 0))
        }.joined()
    }
}
