#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import Testing

@testable import FleetStore

@Suite("The freeze file")
struct FreezeFileTests {
    let place: TemporaryDirectory
    let file: FreezeFile

    init() throws {
        place = try TemporaryDirectory()
        file = FreezeFile(directory: place.path + "/state")
    }

    @Test("without a file, or without a directory, nothing is frozen")
    func none() throws {
        #expect(file.current(at: 0) == nil)
        #expect(try !file.thaw())
    }

    @Test("a freeze holds in every process until somebody thaws, and its file is private")
    func holds() throws {
        let other = FreezeFile(directory: place.path + "/state")
        let freeze = Freeze(since: 100, reason: "\"maintenance\"\n", by: "ops@laptop")
        try file.freeze(freeze)
        #expect(other.current(at: 1e9) == freeze)
        #expect(place.mode("state/freeze.json") == 0o600)
        #expect(try file.thaw())
        #expect(other.current(at: 1e9) == nil)
    }

    @Test("a directory in its place is named, with what ends the freeze, and is left alone", arguments: [false, true])
    func directory(isThawing: Bool) throws {
        try StateDatabase(directory: place.path + "/state").open()
        mkdir(file.path, 0o700)
        let error = try #require(throws: StateError.self) {
            if isThawing { try file.thaw() } else { try file.freeze(Freeze(since: 1, by: "x")) }
        }
        #expect(error.description.contains("\(file.path) is a directory") && error.next.contains("mv \(file.path)"))
        #expect(!error.description.contains("VAST_LUA_STATE"))
        #expect(file.current(at: 0) != nil)
    }

    @Test("a freeze for a time ends by itself")
    func expiry() throws {
        try file.freeze(Freeze(since: 100, until: 200, by: "x"))
        #expect(file.current(at: 199.9) != nil)
        #expect(file.current(at: 200) == nil)
    }

    @Test("a second freeze replaces the first at once, also for who has read the first")
    func replacing() throws {
        try file.freeze(Freeze(since: 100, until: 200, by: "x"))
        #expect(file.current(at: 150)?.by == "x")
        try file.freeze(Freeze(since: 100, until: 300, by: "y"))
        #expect(file.current(at: 250)?.by == "y")
    }

    @Test(
        "what cannot be understood freezes",
        arguments: [
            "", "{", "{}", "[]", #"{"version":2,"since":1,"by":"x"}"#, #"{"version":1,"since":1,"by":"x","until":"tomorrow"}"#, "\u{0}"
        ])
    func unreadable(text: String) throws {
        try StateDatabase(directory: place.path + "/state").open()
        try place.write("state/freeze.json", text)
        #expect(file.current(at: 0)?.reason?.contains("freeze.json") == true)
    }

    /// What a freeze file may hold for each of its members, whether it freezes, and until when.
    private static let members: [(member: String, end: Double?)] = [
        (#""until":-1"#, nil), (#""until":1e300"#, nil), (#""until":1e19"#, nil), (#""until":9223372036854775808"#, nil),
        (#""until":253402300800"#, nil), (#""until":null"#, nil), (#""until":"NaN""#, nil), (#""until":[5]"#, nil), (#""until":true"#, nil),
        (#""until":253402300799"#, 253_402_300_799), (#""until":0"#, 0), (#""until":-0"#, 0), (#""until":1e-320"#, 0.5),
        (#""until":150"#, 150),
        (#""reason":7"#, nil), (#""reason":null"#, nil), (#""reason":"audit""#, nil), (#""note":1"#, nil)
    ]

    @Test("what nobody can have meant freezes without an end: every member with every kind of value")
    func nonsense() throws {
        try StateDatabase(directory: place.path + "/state").open()
        for (member, end) in Self.members {
            try place.write("state/freeze.json", #"{"version":1,"since":100,"by":"x",\#(member)}"#)
            let file = FreezeFile(directory: place.path + "/state")
            if let end {
                #expect(file.current(at: end) == nil && (end == 0 || file.current(at: end - 0.5) != nil), "\(member)")
            } else {
                for now in [0, 1_795_000_000, 1e300] { #expect(file.current(at: now) != nil, "\(member)") }
            }
            let freeze = file.current(at: -1)
            #expect(freeze?.text(at: -1e308).hasPrefix("frozen by") == true && freeze?.refusal(at: 1e308).code == "frozen", "\(member)")
        }
        for head in [
            #""version":1.5,"since":1,"by":"x""#, #""version":null,"since":1,"by":"x""#, #""version":1,"since":-1,"by":"x""#,
            #""version":1,"since":1e19,"by":"x""#, #""version":1,"since":null,"by":"x""#, #""version":1,"since":"1","by":"x""#,
            #""version":1,"since":1"#, #""version":1,"since":1,"by":null"#, #""version":1,"since":1,"by":7"#
        ] {
            try place.write("state/freeze.json", "{\(head),\"until\":150}")
            #expect(FreezeFile(directory: place.path + "/state").current(at: 1e9) != nil, "\(head)")
        }
    }

    @Test(
        "two members of one name freeze, also when each of them has ended",
        arguments: [
            #""until":150,"until":150"#, #""until":150,"unt\u0069l":160"#, #""until":150,"by":"y""#, #""until":150,"note":{"a":1,"a":2}"#
        ])
    func twice(members: String) throws {
        try StateDatabase(directory: place.path + "/state").open()
        try place.write("state/freeze.json", #"{"version":1,"since":100,"by":"x",\#(members)}"#)
        #expect(file.current(at: 1e9)?.reason?.contains("twice") == true)
    }

    @Test(
        "whatever stands in its place freezes, and is never waited for",
        arguments: [
            "directory", "pipe", "dangling link", "link to itself", "link to a device", "link to a pipe", "endless"
        ])
    func places(what: String) throws {
        let path = place.path + "/state/freeze.json"
        mkdir(place.path + "/state", 0o700)
        switch what {
        case "directory": mkdir(path, 0o700)
        case "pipe": mkfifo(path, 0o600)
        case "dangling link": symlink("nowhere", path)
        case "link to itself": symlink("freeze.json", path)
        case "link to a device": symlink("/dev/zero", path)
        case "link to a pipe":
            mkfifo(place.path + "/pipe", 0o600)
            symlink("../pipe", path)
        default:
            try place.write("state/freeze.json", #"{"version":1,"since":100,"by":"x","until":150}"#)
            truncate(path, 1 << 40)
        }
        #expect(file.current(at: 1e9)?.reason?.contains("freeze.json") == true)
        #expect(file.current(at: 1e9)?.refusal(at: 1e9).code == "frozen")
        if what != "directory" { #expect(try file.thaw() && file.current(at: 1e9) == nil) }
    }

    @Test("a link to a freeze is read through, and a change behind it is seen")
    func link() throws {
        mkdir(place.path + "/state", 0o700)
        try place.write("real.json", #"{"version":1,"since":100,"by":"x","until":150}"#)
        symlink("../real.json", place.path + "/state/freeze.json")
        #expect(file.current(at: 149) != nil && file.current(at: 150) == nil)
        try place.write("real.json", #"{"version":1,"since":100,"by":"longer","until":160}"#)
        #expect(file.current(at: 155)?.by == "longer")
    }

    @Test("where the place of the file cannot be looked at, nothing is sent, and no thaw is promised")
    func hidden() throws {
        try place.write("state", "no directory")
        let freeze = try #require(file.current(at: 1e9))
        #expect(freeze.refusal(at: 1e9).code == "journal")
        #expect(!freeze.refusal(at: 1e9).message.contains("thaw"))
        #expect(throws: StateError.self) { try file.thaw() }
    }

    @Test("nothing that stands in the file moves a terminal's cursor, and a long reason is cut")
    func terminal() throws {
        try StateDatabase(directory: place.path + "/state").open()
        try place.write(
            "state/freeze.json",
            #"{"version":1,"since":1,"by":"\u001b]0;x\u0007\r\u202e","reason":"\u001b[2J\n\u0085\#(String(repeating: "a", count: 5_000))"}"#
        )
        let error = try #require(file.current(at: 2)?.refusal(at: 2))
        let shown = error.message.replacing("\n  to allow", with: "")
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x85 && $0.value != 0x202E })
        #expect(shown.hasPrefix("frozen by ?]0;x???: ?[2J??aaa") && shown.count < 1_200)
    }

    @Test("the refusal names who, how long still, why, and what ends it")
    func refusal() {
        let error = Freeze(since: 0, until: 3_600, reason: "audit", by: "ops@laptop").refusal(at: 60)
        #expect(
            error.sayingNothingWasSent.text == "frozen by ops@laptop for another 59m: audit. Nothing was sent.\n  to allow   vast-lua thaw")
        #expect(error.code == "frozen")
        #expect(error.endsList)
    }
}
