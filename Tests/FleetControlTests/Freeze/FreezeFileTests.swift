#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import Testing

@testable import FleetControl

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

    @Test("what cannot be understood freezes", arguments: [
        "", "{", "{}", "[]", #"{"version":2,"since":1,"by":"x"}"#, #"{"version":1,"since":1,"by":"x","until":"tomorrow"}"#, "\u{0}",
    ])
    func unreadable(text: String) throws {
        try StateDatabase(directory: place.path + "/state").open()
        try place.write("state/freeze.json", text)
        #expect(file.current(at: 0)?.reason?.contains("freeze.json") == true)
    }

    @Test("a directory in its place freezes")
    func directory() throws {
        mkdir(place.path + "/state", 0o700)
        mkdir(place.path + "/state/freeze.json", 0o700)
        #expect(file.current(at: 0) != nil)
    }

    @Test("the refusal names who, how long still, why, and what ends it")
    func refusal() {
        let error = Freeze(since: 0, until: 3_600, reason: "audit", by: "ops@laptop").refusal(at: 60)
        #expect(error.sayingNothingWasSent.text == "frozen by ops@laptop for another 59m: audit. Nothing was sent.\n  to allow   vast-lua thaw")
        #expect(error.code == "frozen")
        #expect(error.endsList)
    }
}
