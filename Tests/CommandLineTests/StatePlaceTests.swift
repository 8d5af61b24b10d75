import Foundation
import Testing

/// Where the state may lie, and what every command says where it cannot be used.
@Suite struct StatePlaceTests {
    private static let commands = [
        ["-e", "vast.label(40112241, 'x')"], ["ls"], ["history"], ["explain", "40112241"], ["undo", "--last", "-n"], ["freeze"], ["thaw"],
        ["sample"]
    ]

    @Test("a relative path is refused by every command, and nothing is made", arguments: ["VAST_LUA_STATE", "XDG_STATE_HOME"], commands)
    func relative(variable: String, command: [String]) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator", "VAST_URL": "http://127.0.0.1:1"])
        let line = command.map { "'\($0.replacing("'", with: #"'\''"#))'" }.joined(separator: " ")
        let run = try await vast.shell(
            "unset VAST_LUA_STATE; cd \"$(mktemp -d)\" && for p in state './state' '~/state'; do \(variable)=\"$p\" \"$V\" \(line); echo rc=$?; done; ls -A"
        )
        #expect(run.output.components(separatedBy: "rc=1").count == 4, "\(run.output)")
        #expect(run.errors.components(separatedBy: "which is not an absolute path").count == 4, "\(run.errors)")
        #expect(run.output.hasSuffix("rc=1\n"), "\(run.output)")
    }

    private static let damage =
        [
            ("chmod 777 \"$D\"", "everybody may write"), ("head -c 9000 /dev/urandom > \"$D/state.sqlite\"", "is damaged or no state"),
            ("rmdir \"$D\"; : > \"$D\"", "ot a directory"), ("mkdir \"$D/state.sqlite\"", "state.sqlite"),
            (": > \"$D/state.sqlite\"", "it is empty"), ("head -c 1000 /dev/zero > \"$D/state.sqlite\"", "cut off after 1000 bytes")
        ] + (geteuid() == 0 ? [("chgrp 12345 \"$D\" && chmod 770 \"$D\"", "the group 12345, which is none of yours")] : [])

    @Test("doctor sees what a change is refused for", arguments: damage)
    func doctor(damage: (make: String, words: String)) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        let run = try await vast.shell(
            """
            export D="$(mktemp -d)" VAST_URL=\(simulator.url); \(damage.make); export VAST_LUA_STATE="$D"
            "$V" --pacing none -e "vast.label(40112241, 'x')"; echo rc=$?; "$V" doctor | grep 'state  '
            """)
        #expect(run.output.contains("rc=3"), "\(run.output)\(run.errors)")
        #expect(run.errors.contains(damage.words), "\(run.errors)")
        let state = run.output.split(separator: "\n").last ?? ""
        #expect(state.hasPrefix("failed") && state.contains(damage.words), "\(run.output)")
        #expect(try await simulator.changes().isEmpty)
    }
}
