import FleetClock
import Foundation
import Testing
import VastJSON

@testable import VastAPI

@Suite("An API key")
struct APIKeyTests {
    private func withHome<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
        let home = NSTemporaryDirectory() + "/vast-key-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: home) }
        for (name, text) in files {
            let url = URL(fileURLWithPath: "\(home)/\(name)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return try body(home)
    }

    @Test("is looked for where the official client looks, in its order")
    func order() throws {
        var files = [
            ".config/vastai/vast_tfa_key": "tfa\n", ".config/vastai/vast_api_key": " xdg \n", ".vast_api_key": "old"
        ]
        var found: [String] = []
        try withHome(files) { home in
            let key = try APIKey.find(environment: ["VAST_API_KEY": "env"], home: home)
            #expect(key.secret == "env" && key.source == .environment("VAST_API_KEY"))
        }
        for name in [".config/vastai/vast_tfa_key", ".config/vastai/vast_api_key", ".vast_api_key"] {
            found.append(try withHome(files) { try APIKey.find(environment: ["VAST_API_KEY": "  "], home: $0).secret })
            files[name] = name == ".config/vastai/vast_tfa_key" ? " \n" : nil
        }
        #expect(found == ["tfa", "xdg", "old"])
        try withHome(["x/vastai/vast_api_key": "moved"]) { home in
            let key = try APIKey.find(environment: ["XDG_CONFIG_HOME": "\(home)/x"], home: home)
            #expect(key.secret == "moved")
        }
    }

    @Test("that is nowhere is an error that names the places")
    func nowhere() throws {
        try withHome([:]) { home in
            let error = #expect(throws: VastError.self) { try APIKey.find(environment: [:], home: home) }
            #expect(error?.kind == .unauthorized)
            for place in ["VAST_API_KEY", "vast_tfa_key", ".config/vastai/vast_api_key", "\(home)/.vast_api_key"] {
                #expect(error?.message.contains(place) == true)
            }
        }
    }

    @Test("never shows itself")
    func redaction() throws {
        let key = try APIKey(markerKey)
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains(markerKey))
        #expect(key.redacting("a \(markerKey) b \(markerKey)") == "a [key] b [key]")
    }

    @Test("cannot smuggle headers", arguments: ["", " \n", "a\r\nX: y", "a b", "é"])
    func invalid(text: String) {
        #expect(throws: VastError.self) { try APIKey(text) }
    }
}

@Suite("The address of a service")
struct ServiceURLTests {
    @Test(
        "is understood",
        arguments: [
            ("https://console.vast.ai", "https://console.vast.ai", false), ("http://127.0.0.1:8080/", "http://127.0.0.1:8080", true),
            ("HTTP://LocalHost:80/x/", "http://localhost/x", true), ("http://[::1]:9", "http://[::1]:9", true),
            ("http://0.0.0.0:8080", "http://0.0.0.0:8080", true), ("http://[::]:1", "http://[::]:1", true),
            ("http://[0:0:0:0:0:0:0:1]", "http://[0:0:0:0:0:0:0:1]", true),
            ("http://[::ffff:127.0.0.1]", "http://[::ffff:127.0.0.1]", true),
            ("http://0.0.0.1", "http://0.0.0.1", false), ("http://[::2]", "http://[::2]", false),
            ("http://[2001:db8::1]", "http://[2001:db8::1]", false), ("http://localhost.", "http://localhost.", true),
            ("http://127.0.0.1.evil.com", "http://127.0.0.1.evil.com", false), ("http://128.0.0.1", "http://128.0.0.1", false)
        ])
    func valid(text: String, shown: String, isLoopback: Bool) throws {
        let url = try ServiceURL(text)
        #expect(url.description == shown && url.isLoopback == isLoopback)
    }

    @Test(
        "is refused when it is none",
        arguments: [
            "", "console.vast.ai", "ftp://x", "http://", "http://user@x", "http://x:99999", "http://x:y", "http://x?q",
            "http://x/#f", "http://a b", "http://::1"
        ])
    func invalid(text: String) {
        #expect(throws: VastError.self) { try ServiceURL(text) }
    }

    @Test("must not be plain http on another machine")
    func insecure() throws {
        var configuration = ClientConfiguration(
            url: try ServiceURL("http://192.0.2.1"), key: try APIKey("k"), clock: VirtualClock(), seed: 1)
        #expect(throws: VastError.self) { try VastClient(configuration) }
        configuration.allowsInsecure = true
        _ = try VastClient(configuration)
    }
}

@Suite("Any request")
struct KnownRequestTests {
    @Test("is judged as the verb it stands for")
    func verbs() throws {
        func change(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) throws -> Change? {
            try KnownRequest(method, path: path, body: body).change
        }
        #expect(try change(.put, "/api/v0/instances/12", ["state": "stopped"]) == Change(.stop, [12]))
        #expect(try change(.put, "/api/v0/instances/12/", ["state": "running"]) == Change(.start, [12]))
        #expect(try change(.put, "/api/v0/instances/12/", ["label": "x"]) == Change(.label, [12], label: "x"))
        #expect(try change(.put, "/api/v0/instances/12/", ["label": "x", "state": "stopped"])?.verb == .other)
        #expect(try change(.put, "/api/v0/instances/", ["state": "stopped", "ids": [1, 2]]) == Change(.stop, [1, 2]))
        #expect(try change(.delete, "/api/v0/instances/12/") == Change(.destroy, [12]))
        #expect(try change(.delete, "/api/v0/instances/", ["instance_ids": [1]]) == Change(.destroy, [1]))
        #expect(try change(.put, "/api/v0/instances/reboot/3/") == Change(.reboot, [3]))
        #expect(try change(.put, "/api/v0/instances/request_logs/3/", [:]) == nil)
        #expect(try change(.get, "/api/v0/audit_logs/") == nil)
        #expect(try change(.post, "/api/v0/unheard/of/")?.verb == .other)
    }

    @Test(
        "may not leave the API",
        arguments: [
            "api/v0/x", "https://evil.com/", "//evil.com/", "/api/../x", "/api/v0/x?api_key=1", "/api/./x", "/a b", "/%2e%2e/"
        ])
    func paths(path: String) {
        #expect(throws: VastError.self) { try KnownRequest(.get, path: path, body: nil) }
    }

    /// Ways in which JSON, a query or a path names a number.
    private static func spellings(_ id: Int64) -> [JSONValue] {
        let zeros = "\(id)".reversed().prefix { $0 == "0" }.count
        var power: Int64 = 1
        for _ in 0..<zeros { power *= 10 }
        return [
            .integer(id), .double(Double(id)), .string("\(id)"), .string("00\(id)"), .string("\(id).0"), .string("\(id).000"),
            .string("+\(id)"), .string(" \(id) "), .string("\(id / power)e\(zeros)"), .string("\(Double(id) / 1e7)E+07"),
            .string("0x\(String(id, radix: 16))"), .string("1,\(id);2"), .string("ids=\(id)&x=1"), .string("[1, \(id).0]"),
            .string("{\"a\": \(id / power)e\(zeros)}"), .string("i-\(id)-x"),
            .string(grouped(id, by: "_")), .string(grouped(id, by: ",")), .string(grouped(id, by: " ")),
            .string(String("\(id)".map { Character(UnicodeScalar(0xFF10 + UInt32($0.wholeNumberValue ?? 0)) ?? "?") }))
        ]
    }

    /// With a mark between groups of three digits.
    private static func grouped(_ id: Int64, by mark: String) -> String {
        let digits = Array("\(id)")
        return digits.indices.map { ($0 > 0 && (digits.count - $0) % 3 == 0 ? mark : "") + String(digits[$0]) }.joined()
    }

    /// An object with the value as a member's name, as far as it can be one.
    private static func named(_ value: JSONValue) -> JSONObject {
        guard case .string(let text) = value else { return ["x": value] }
        var object = JSONObject()
        object[text] = .null
        return object
    }

    private static func placed(_ value: JSONValue, _ dice: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<5, using: &dice) {
        case 0: value
        case 1: .array([1, placed(value, &dice)])
        case 2: .object(["x": placed(value, &dice)])
        case 3: .object(named(value))
        default: .object(["ids": [], "more": .array([.object(["id": placed(value, &dice)])])])
        }
    }

    @Test("names every instance that any part of it could mean, however the number is written", arguments: 0..<400 as Range<UInt64>)
    func spelt(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        // A double still tells such ids apart.
        let id =
            [Int64.random(in: 1...99_999_999, using: &dice), Int64.random(in: 1...9_999, using: &dice) * 10_000].randomElement(using: &dice)
            ?? 1
        let spelling = try #require(Self.spellings(id).randomElement(using: &dice))
        let value = Self.placed(spelling, &dice)
        let inQuery = Bool.random(using: &dice)
        let request = try KnownRequest(
            [.put, .post, .delete].randomElement(using: &dice) ?? .put, path: "/api/v0/anything/", query: inQuery ? ["a": value] : [:],
            body: inQuery ? nil : value)
        let change = try #require(request.change)
        #expect(change.verb == .other && change.instances.contains(InstanceID(id)), "\(id) as \(value): \(change)")
        if case .string(let text) = spelling, text.allSatisfy({ $0.isASCII && ($0.isNumber || "._-".contains($0)) }) {
            let inPath = try KnownRequest(.put, path: "/api/v0/anything/\(text)/", body: nil).change
            #expect(inPath?.instances.contains(InstanceID(id)) == true, "\(text) in a path")
        }
    }
}
