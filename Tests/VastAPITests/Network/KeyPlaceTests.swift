import FleetClock
import Foundation
import Testing

@testable import VastAPI

@Suite("The places of a key") struct KeyPlaceTests {
    private final class Home {
        let path = NSTemporaryDirectory() + "vast-key-\(UUID().uuidString)"
        deinit { try? FileManager.default.removeItem(atPath: path) }

        @discardableResult
        func write(_ name: String, _ bytes: [UInt8]) throws -> String {
            let url = URL(fileURLWithPath: "\(path)/\(name)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
            return url.path
        }
    }

    @Test("count in this order: the variable, the file that one names, systemd's, the session's, the client's, the old one")
    func order() throws {
        let home = Home()
        var environment = [
            "VAST_API_KEY": "k0", "VAST_API_KEY_FILE": try home.write("named", Array("k1".utf8)),
            "CREDENTIALS_DIRECTORY": "\(home.path)/credentials"
        ]
        try home.write("credentials/vast_api_key", Array("k2\n".utf8))
        try home.write(".config/vastai/vast_tfa_key", Array("k3".utf8))
        try home.write(".config/vastai/vast_api_key", Array("k4".utf8))
        try home.write(".vast_api_key", Array("k5".utf8))
        let steps: [() throws -> Void] = [
            { environment["VAST_API_KEY"] = "" }, { environment["VAST_API_KEY_FILE"] = nil },
            { try FileManager.default.removeItem(atPath: "\(home.path)/credentials/vast_api_key") },
            { try home.write(".config/vastai/vast_tfa_key", Array("\u{FEFF} \r\n".utf8)) },
            { try FileManager.default.removeItem(atPath: "\(home.path)/.config/vastai/vast_api_key") }, {}
        ]
        for (number, step) in steps.enumerated() {
            let key = try APIKey.find(environment: environment, home: home.path)
            #expect(key.secret == "k\(number)" && key.others.map(\.secret) == (number + 1..<6).map { "k\($0)" })
            try step()
        }
    }

    @Test(
        "may hold a byte order mark and the line ends of other systems",
        arguments: ["\u{FEFF}key\r\n", "\u{FEFF}key", "key\r\n", "\r\nkey\r", " \tkey\n\n", "\u{FEFF}\u{FEFF}key\u{00A0}"])
    func marks(text: String) throws {
        let home = Home()
        try home.write(".vast_api_key", Array(text.utf8))
        #expect(try APIKey.find(environment: [:], home: home.path).secret == "key")
        #expect(try APIKey.find(environment: ["VAST_API_KEY": text], home: "/nonexistent").secret == "key")
    }

    struct Content: Sendable {
        let bytes: [UInt8]
        let reason: String

        init(_ bytes: [UInt8], _ reason: String) { (self.bytes, self.reason) = (bytes, reason) }
        init(_ text: String, _ reason: String) { self.init(Array(text.utf8), reason) }
    }

    private static let wide: [UInt8] = Array("s3cret".utf8).flatMap { [$0, 0] }
    private static let swapped: [UInt8] = Array("s3cret".utf8).flatMap { [0, $0] }
    private static let contents: [Content] = [
        Content("s3cret1 s3cret2", "holds 2 words"), Content("\u{FEFF}s3cret1\r\ns3cret2\r\ns3cret3", "holds 3 words on several lines"),
        Content("KEY = s3cret", "holds 3 words"), Content([0xFF, 0xFE] + wide, "UTF-16"), Content([0xFE, 0xFF] + swapped, "UTF-16"),
        Content(wide, "UTF-16"), Content("s3c\0ret", "holds a NUL"), Content("s3cret\n\0", "holds a NUL"), Content([0], "holds a NUL"),
        Content([0x73, 0xFF, 0x33], "is no text in UTF-8"), Content("s3crét", "holds characters that no key has"),
        Content("s3cret\u{7}", "holds characters that no key has"),
        Content([UInt8](repeating: 0x73, count: 65_537), "is longer than 64 KiB"),
        Content([UInt8](repeating: 0x73, count: 1 << 20), "is longer than 64 KiB")
    ]

    @Test(
        "whose content can be no key are one error that says what it is and never what it holds",
        arguments: KeyPlaceTests.contents)
    func malformed(content: Content) throws {
        let (bytes, reason) = (content.bytes, content.reason)
        let home = Home()
        for name in [".vast_api_key", ".config/vastai/vast_api_key", "named"] {
            let path = try home.write(name, bytes)
            let environment = name == "named" ? ["VAST_API_KEY_FILE": path] : [:]
            let error = #expect(throws: VastError.self) { try APIKey.find(environment: environment, home: home.path) }
            #expect(error?.kind == .unauthorized && error?.message.hasPrefix(path) == true && error?.message.contains(reason) == true)
            #expect(error?.message.contains("s3c") == false && error?.message.contains("sss") == false, "\(error?.message ?? "")")
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("that are directories or empty say so")
    func directory() throws {
        let home = Home()
        try home.write(".vast_api_key/file", [])
        let error = #expect(throws: VastError.self) { try APIKey.find(environment: [:], home: home.path) }
        #expect(error?.kind == .unauthorized && error?.message.contains("\(home.path)/.vast_api_key (is a directory)") == true)
        try home.write(".config/vastai/vast_api_key", [])
        #expect(throws: VastError.self) { try APIKey.find(environment: [:], home: home.path) }
        let empty = #expect(throws: VastError.self) { try APIKey.find(environment: [:], home: home.path) }
        #expect(empty?.message.contains("vast_api_key (empty)") == true)
    }

    @Test("never show what they hold, whatever it is: 500 contents")
    func law() throws {
        let home = Home()
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let parts: [[UInt8]] = [
                Array("s3cret".utf8), [0x20], [0x0A], [0x0D, 0x0A], [0], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xC3, 0xA9], [0x80], [0x1B]
            ]
            let bytes = (0..<Int.random(in: 0...6, using: &generator)).flatMap { _ in
                parts[Int.random(in: parts.indices, using: &generator)]
            }
            let path = try home.write(".vast_api_key", bytes)
            do {
                let key = try APIKey.find(environment: [:], home: home.path)
                #expect(key.secret.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !key.secret.isEmpty)
            } catch let error as VastError {
                #expect(error.kind == .unauthorized && error.message.contains(path), "\(bytes): \(error.message)")
                #expect(!error.message.contains("s3cret"))
            }
        }
    }

    @Test("that are named and hold none are an error, whatever stands elsewhere", arguments: [nil, "", " \n"] as [String?])
    func named(content: String?) throws {
        let home = Home()
        try home.write(".vast_api_key", Array("k".utf8))
        if let content { try home.write("named", Array(content.utf8)) }
        let error = #expect(throws: VastError.self) {
            try APIKey.find(environment: ["VAST_API_KEY_FILE": "\(home.path)/named"], home: home.path)
        }
        #expect(error?.kind == .unauthorized && error?.message.contains("\(home.path)/named") == true)
    }

    @Test("with another key are named when the service does not accept the first, without the keys")
    func others() throws {
        let home = Home()
        try home.write(".config/vastai/vast_api_key", Array("s3cret1".utf8))
        try home.write(".vast_api_key", Array("s3cret2".utf8))
        let key = try APIKey.find(environment: ["VAST_API_KEY": "s3cret0"], home: home.path)
        for place in ["VAST_API_KEY counts", "\(home.path)/.config/vastai/vast_api_key", "\(home.path)/.vast_api_key"] {
            #expect(key.othersNamed.contains(place))
        }
        #expect(!key.othersNamed.contains("s3cret"))
        try home.write(".vast_api_key", Array("s3cret0".utf8))
        try FileManager.default.removeItem(atPath: "\(home.path)/.config/vastai/vast_api_key")
        #expect(try APIKey.find(environment: ["VAST_API_KEY": "s3cret0"], home: home.path).othersNamed.isEmpty)
    }
}

@Suite("The place of the pace") struct PacingPlaceTests {
    private final class Base {
        let path = NSTemporaryDirectory() + "vast-pace-\(UUID().uuidString)"
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    @Test("depends on nothing but the user, and is for the user alone")
    func shared() throws {
        let base = try Base()
        let first = PacingPlace.choose(bases: ["\(base.path)/none", base.path], user: geteuid(), fallback: "/x")
        #expect(first == PacingPlace.choose(bases: [base.path], user: geteuid(), fallback: "/y") && first.problem == nil)
        #expect(first.directory == "\(base.path)/vast-lua-\(geteuid())")
        let mode = try FileManager.default.attributesOfItem(atPath: first.directory)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        chmod(first.directory, 0o777)
        #expect(PacingPlace.choose(bases: [base.path], user: geteuid(), fallback: "/x").problem == nil)
        #expect(try FileManager.default.attributesOfItem(atPath: first.directory)[.posixPermissions] as? Int == 0o700)
    }

    @Test("is the state, with the reason, when somebody else has taken it")
    func taken() throws {
        let base = try Base()
        let other = PacingPlace.choose(bases: [base.path], user: geteuid() + 1, fallback: "/x")
        #expect(other.directory == "/x" && other.problem?.contains("another user") == true)
        let file = try Base()
        try Data().write(to: URL(fileURLWithPath: "\(file.path)/vast-lua-\(geteuid())"))
        #expect(PacingPlace.choose(bases: [file.path], user: geteuid(), fallback: "/x").problem?.contains("no directory") == true)
        #expect(symlink("/etc", "\(base.path)/vast-lua-9") == 0)
        #expect(PacingPlace.choose(bases: [base.path], user: 9, fallback: "/x").directory == "/x")
        #expect(PacingPlace.choose(bases: [], fallback: "/x").problem != nil)
    }
}
