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

    @Test(
        "doctor sees that there can never be a state where a run cannot make one",
        arguments: ["P=/proc/x", "P=/proc/x/y", "ln -s /nowhere l; P=$PWD/l", "ln -s /nowhere l; P=$PWD/l/x", ": > f; P=$PWD/f/x"])
    func impossible(place: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        let run = try await vast.shell(
            """
            cd "$(mktemp -d)"; \(place); export VAST_LUA_STATE="$P" VAST_URL=\(simulator.url)
            "$V" --pacing none -e "vast.label(40112241, 'x')"; echo rc=$?; "$V" doctor | grep 'state  '; ls -A
            """)
        #expect(run.output.contains("rc=3") && run.output.contains("failed      state"), "\(run.output)\(run.errors)")
        #expect(!run.output.contains("probe"), "\(run.output)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("doctor leaves nothing behind where the state can be made")
    func possible() async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        let run = try await vast.shell(
            "cd \"$(mktemp -d)\"; VAST_URL=\(simulator.url) VAST_LUA_STATE=\"$PWD/a/b\" \"$V\" doctor | grep 'state  '; ls -A | wc -l")
        #expect(run.output.contains("(not made yet)") && run.output.hasSuffix("0\n"), "\(run.output)")
    }

    @Test(
        "a relative XDG_CONFIG_HOME is refused by every command that reads the config file, and names no key",
        arguments: ["rc", "./rc", "~/rc"])
    func relativeConfig(path: String) async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator", "VAST_URL": "http://127.0.0.1:1", "XDG_CONFIG_HOME": path])
        try vast.write("rc/vast-lua/config.json", "{}")
        for command in [["-e", "print(1)"], ["ls"], ["doctor"]] {
            let run = try await vast.run(command)
            #expect(
                run.code != 0 && (run.output + run.errors).contains("XDG_CONFIG_HOME is \"\(path)\", which is not an absolute path"),
                "\(run)")
        }
    }

    @Test("a relative VAST_API_KEY_FILE is refused")
    func relativeKey() async throws {
        let vast = try VastLua(["VAST_API_KEY_FILE": "key", "VAST_URL": "http://127.0.0.1:1"])
        try vast.write("key", "simulator")
        let run = try await vast.run("-e", "vast.user()")
        #expect(run.code == 4 && run.errors.contains("not an absolute path"), "\(run)")
    }

    @Test("what is advised to be removed is quoted for a shell")
    func quoted() async throws {
        let vast = try VastLua()
        let run = try await vast.shell(
            """
            export VAST_LUA_STATE="$PWD/my s'tate"; mkdir -m 700 "$VAST_LUA_STATE"; "$V" --simulator=:sp -e ''
            mkdir my; "$V" --simulator=:sp --simulator-seed 3 -e '' 2>&1 | sed -n 's/.*(\\(rm -r .*\\)) to begin.*/\\1/p' >c; sh ./c
            ls -d my; ls "$VAST_LUA_STATE/worlds"
            """)
        #expect(run.output == "my\n", "\(run.output)\(run.errors)")
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
