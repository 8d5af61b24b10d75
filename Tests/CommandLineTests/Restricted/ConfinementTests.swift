import CSignals
import ChildPrograms
import Foundation
import Glibc
import Testing

/// What a fault in Lua's memory could do in the process of a restricted script: a program in C tries it.
@Suite("The confinement of restricted scripts", .enabled(if: vast_seccomp_is_there() != 0)) struct ConfinementTests {
    /// By name, the error that an attempt ended with; 0: it worked.
    private func attempts(landlock: Int32, seccomp: Bool) throws -> [String: Int32] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("confined-\(UUID().uuidString)")
        let (inner, outside) = (folder.appendingPathComponent("folder"), folder.appendingPathComponent("outside"))
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "kept".write(to: inner.appendingPathComponent("inside"), atomically: true, encoding: .utf8)
        try "secret".write(to: outside, atomically: true, encoding: .utf8)
        var results = [Int32](repeating: -1, count: Int(vast_test_attempt_count()))
        let status = vast_test_confined(landlock, seccomp ? 1 : 0, inner.path, outside.path, &results)
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EIO) }
        if seccomp {
            let text = try String(contentsOf: inner.appendingPathComponent("inside"), encoding: .utf8)
            let names = try FileManager.default.contentsOfDirectory(atPath: inner.path)
            #expect(text == "kept" && names == ["inside"])
        }
        let names = (0..<vast_test_attempt_count()).map { String(cString: vast_test_attempt_name($0)) }
        return Dictionary(uniqueKeysWithValues: zip(names, results))
    }

    private static let needed: Set = ["read inside", "make thread", "signal self", "read clock", "read thread"]

    @Test(
        "nothing of the network, other programs and files can be had, whatever version of landlock there is",
        .enabled(if: vast_landlock_version() > 0), arguments: [1, 2, .max])
    func all(version: Int32) throws {
        for (name, error) in try attempts(landlock: version, seccomp: true).sorted(by: { $0.key < $1.key }) {
            #expect((error == 0) == Self.needed.contains(name), "\(name): \(error)")
        }
    }

    @Test("without landlock the kernel's filter alone keeps the process from all but reading files")
    func filter() throws {
        let readable: Set = ["read outside", "list root", "read environment", "list processes"]
        for (name, error) in try attempts(landlock: 0, seccomp: true) {
            #expect((error == 0) == (Self.needed.contains(name) || readable.contains(name)), "\(name): \(error)")
        }
    }

    @Test("what is tried works where nothing confines it, so that the attempts prove something")
    func unconfined() throws {
        let found = try attempts(landlock: 0, seccomp: false)
        // What these are given cannot work; it is another error than that of the filter.
        let senseless: Set = [
            "make by openat2", "make process by clone3", "run program", "trace", "read parent", "use ring", "use bpf", "type for user",
            "move",
            "shorten", "write inside", "change mode", "change mode of open"
        ]
        for (name, error) in found where !senseless.contains(name) {
            #expect(error == 0 || error == ENOENT || error == EEXIST, "\(name): \(error)")
        }
        for name in ["make by openat2", "make process by clone3"] { #expect(found[name] != ENOSYS, "\(name)") }
    }

    @Test("the process of a restricted script is confined with all its threads, and its modules, zones and time stay readable")
    func program() async throws {
        let vast = try VastLua()
        try vast.write("scripts/m.lua", "return 'module'")
        try vast.write(
            "scripts/s.lua",
            """
            print(require 'm', os.date('%Y') > '2000')
            vast.cron('0 9 * * *', print, {tz = 'America/New_York'}) vast.spawn(function() vast.sleep('1h') end)
            vast.log.info('there') print('ready')
            """)
        let outcome = try await vast.shell(
            """
            mkfifo p; "$V" --simulator --restricted scripts/s.lua > p & parent=$!
            while read line; do echo "$line"; test "$line" = ready && break; done < p
            while children=$(cat /proc/$parent/task/*/children) && test -z "$children"; do :; done
            for pid in $children; do grep -h -E 'Seccomp:|NoNewPrivs:' /proc/$pid/task/*/status; done
            kill -TERM $parent; wait $parent
            """)
        let lines = outcome.output.split(separator: "\n").map { $0.split(separator: "\t").joined(separator: " ") }
        #expect(lines.contains { $0.hasPrefix("module") }, "\(outcome.output)\(outcome.errors)")
        let (modes, privileges) = (lines.filter { $0.hasPrefix("Seccomp:") }, lines.filter { $0.hasPrefix("NoNewPrivs:") })
        #expect(modes.count > 1 && modes.allSatisfy { $0 == "Seccomp: 2" } && privileges.allSatisfy { $0 == "NoNewPrivs: 1" }, "\(lines)")
    }

    @Test("doctor says what confines them")
    func doctor() async throws {
        let outcome = try await VastLua().run("doctor", "--simulator")
        #expect(outcome.output.contains("seccomp"), "\(outcome.output)\(outcome.errors)")
    }
}
