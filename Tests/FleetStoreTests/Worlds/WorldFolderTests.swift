import Testing

@testable import FleetStore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a simulated world keeps what it is.
@Suite("The folder of a simulated world") struct WorldFolderTests {
    private let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    @Test(
        "a name never leads out of the folder of worlds",
        arguments: [
            ("trial", true), ("a-B_9", true), ("-x", false), ("", false), (".", false), ("..", false), ("a/b", false), ("a b", false),
            ("ä", false), ("a\0", false), (String(repeating: "x", count: 64), true), (String(repeating: "x", count: 65), false)
        ])
    func names(name: String, isName: Bool) {
        #expect(WorldFolder.isName(name) == isName)
    }

    @Test("one at a time runs a world, and several run different ones")
    func held() throws {
        let first = try WorldFolder("a", in: place.path)
        #expect(throws: WorldFolder.Held(name: "a")) { try WorldFolder("a", in: place.path) }
        _ = try WorldFolder("b", in: place.path)
        #expect(try first.record() == nil)
        withExtendedLifetime(first) {}
    }

    @Test("what was begun is found again, and lines come behind what counts")
    func goesOn() throws {
        do {
            let folder = try WorldFolder("a", in: place.path)
            try folder.begin(Array("head\n".utf8), fleet: Array("[]".utf8))
            let file = try folder.append(from: 5)
            #expect(file.append(Array("one\n".utf8)) && file.append(Array("two".utf8)))
        }
        _ = try WorldFolder("unbegun", in: place.path)
        let folder = try WorldFolder("a", in: place.path)
        #expect(try folder.record() == Array("head\none\ntwo".utf8))
        #expect(try folder.fleet() == Array("[]".utf8))
        #expect(try folder.append(from: 9).append(Array("three\n".utf8)))
        #expect(try WorldFolder.record("a", in: place.path) == Array("head\none\nthree\n".utf8))
        #expect(WorldFolder.names(in: place.path) == ["a"])
        #expect(try WorldFolder.record("c", in: place.path) == nil)
        #expect(place.mode("worlds/a") == 0o700 && place.mode("worlds/a/world.jsonl") == 0o600)
    }

    @Test("a state whose world is gone begins no other world")
    func orphan() throws {
        let folder = try WorldFolder("a", in: place.path)
        try place.write("worlds/a/state.sqlite", "x")
        #expect { try folder.begin([], fleet: nil) } throws: { "\($0)".contains("rm -r \(place.path)/worlds/a") }
    }
}
