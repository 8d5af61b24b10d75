import VastJSON
import VastSimulator

/// Spoils an answer of the service: its status, its headers, its JSON, its length.
struct HostileAnswer {
    private var status: Int
    private var headers: [(String, String)]
    private var body: [UInt8]
    /// What `Content-Length` says; nil: nothing is said, and the end of the connection is the end of the body.
    private var length: Int?
    private var isClosed = true

    private static let statuses = [
        100, 101, 199, 200, 201, 202, 204, 206, 299, 300, 301, 302, 304, 307, 400, 401, 402, 403, 404, 409, 410, 418, 429, 451, 499, 500,
        502, 503,
        520, 599, 600, 999
    ]
    private static let types = ["text/html", "application/octet-stream", "application/json; charset=utf-16", "", "image/png", "\u{1F4A5}"]
    private static let bodies = [
        "", "{}", "[]", "null", "\"\"", "<html>blocked</html>", "{\"success\":true}",
        "{\"success\":false,\"error\":\"no\",\"msg\":\"\\u001b[2J x\"}",
        "{\"success\":true,\"instances\":{}}", "{\"success\":true,\"instances\":null,\"next_token\":\"x\"}",
        "{\"instances\":[{}],\"total_instances\":-1}",
        "{\"error\":\"rate_limit_exceeded\",\"retry_after\":1e300}", "{\"detail\":[{\"msg\":null}]}", "{\"success\":\"true\"}",
        "\u{FEFF}{}", "1e999", "NaN"
    ]
    private static let fields = [
        ("Location", "http://elsewhere.example/"), ("Location", "//"), ("Retry-After", "1e308"), ("Retry-After", "-1"),
        ("Retry-After", "\u{663}"),
        ("Set-Cookie", "a=b"), ("Content-Encoding", "gzip"), ("Content-Encoding", "br"), ("Transfer-Encoding", "chunked"),
        ("Date", "yesterday"),
        ("Content-Type", "application/json"), ("X-Long", String(repeating: "x", count: 9_000)), ("Connection", "keep-alive")
    ]

    init(_ answer: SimulatedResponse) { (status, headers, body, length) = (answer.status, answer.headers, answer.body, answer.body.count) }

    mutating func spoil(_ dice: inout FuzzDice) {
        switch dice.number(0...11) {
        case 0: status = dice.pick(Self.statuses)
        case 1: headers.append(dice.pick(Self.fields))
        case 2: headers = [("Content-Type", dice.pick(Self.types))]
        case 3: setBody(Array(dice.pick(Self.bodies).utf8))
        case 4: setBody(Array(body[..<dice.number(0...body.count)]))
        case 5: body.removeLast(dice.number(0...body.count))
        case 6: length = nil
        case 7: length = dice.pick([0, 1, body.count + 1, body.count * 2 + 7])
        case 8 where !body.isEmpty: body[dice.number(0...body.count - 1)] = dice.byte()
        case 9: setBody(doubled())
        default: if let mutated = FuzzedJSON.mutated(body, &dice) { setBody(mutated) }
        }
    }

    private mutating func setBody(_ bytes: [UInt8]) { (body, length) = (bytes, bytes.count) }

    /// Every row twice.
    private func doubled() -> [UInt8] {
        guard case .object(var object)? = (try? JSONDocument(parsing: body))?.root.value else { return body + body }
        if case .array(let rows)? = object["instances"] { object["instances"] = .array(rows + rows) }
        return (try? JSONValue.object(object).serialized()) ?? body
    }

    /// As it goes over the wire.
    var bytes: [UInt8] {
        var head = "HTTP/1.1 \(status) X\r\n"
        for (name, value) in headers where name.lowercased() != "content-length" { head += "\(name): \(value)\r\n" }
        if let length { head += "Content-Length: \(length)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }
}
