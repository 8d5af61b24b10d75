import FleetSafety
import Foundation
import Testing
import VastAPI

/// Damaged freeze, config, lock, plan and script files with the real program: one clear error, nothing sent.
@Suite struct DamagedFileTests {
    private func prepared() async throws -> (VastLua, RunningSimulator) {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        vast.environment["VAST_LUA_STATE"] = vast.folder.path + "/state"
        try vast.write("state/keep", "")
        try vast.write("stop.lua", "print('begun') if arg[1] ~= 'no' then vast.stop(40112233) end")
        try vast.write("read.lua", "print(#vast.instances() > 3)")
        let simulator = try await RunningSimulator(vast)
        vast.environment["VAST_URL"] = simulator.url
        return (vast, simulator)
    }

    private static let freezes: [(String, String)] = [
        ("mkfifo state/freeze.json", "no regular file"), ("mkdir state/freeze.json", "no regular file"),
        ("ln -s nowhere state/freeze.json", "leads nowhere"), ("ln -s freeze.json state/freeze.json", "leads nowhere"),
        ("ln -s /dev/zero state/freeze.json", "no regular file"), (": > state/freeze.json", "not understood"),
        ("truncate -s 1T state/freeze.json", "not understood"),
        (#"echo '{"version":1,"since":1,"by":"x","until":1e300}' > state/freeze.json"#, "not understood"),
        (#"echo '{"version":1,"since":1,"by":"x","until":-5}' > state/freeze.json"#, "not understood"),
        (#"echo '{"version":1,"since":1,"by":"x","until":null}' > state/freeze.json"#, "not understood"),
        (#"echo '{"version":2,"since":1,"by":"x","until":5}' > state/freeze.json"#, "not understood"),
        (#"echo '{"version":1,"since":1,"by":"x","until":5,"until":6}' > state/freeze.json"#, "until twice"),
        (#"echo '{"version":1,"since":1,"by":"x","until":253402300799}' > state/freeze.json"#, "another 366000d")
    ]

    @Test("whatever stands in the place of freeze.json freezes, ends with 7, and is never waited for", arguments: freezes)
    func freeze(make: String, word: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.shell("\(make); \"$V\" --pacing none stop.lua")
        #expect(run.code == 7, "\(run.errors)")
        #expect(run.errors.contains(word) && run.errors.contains("vast-lua thaw"), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test(
        "a freeze that has ended, and a file that is gone again, let changes through",
        arguments: [
            #"echo '{"version":1,"since":1,"by":"x","until":5}' > state/freeze.json"#, "mkfifo state/freeze.json; \"$V\" thaw >&2",
            "ln -s nowhere state/freeze.json; \"$V\" thaw >&2"
        ])
    func thawed(make: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.shell("\(make); \"$V\" --pacing none stop.lua")
        #expect(run.code == 0, "\(run.errors)")
        #expect(try await simulator.changes().count == 1)
    }

    private static let configs: [(String, String)] = [
        ("mkfifo $C", "a pipe"), ("mkdir $C", "a directory"), ("ln -s nowhere $C", "leads nowhere"), ("ln -s /dev/zero $C", "a device"),
        ("ln -s config.json $C", "cannot be read"), ("truncate -s 1T $C", "longer than"), (": > $C", "not understood"),
        (#"echo '{"guard":{"max_stops":0},"guard":{"max_stops":9}}' > $C"#, "guard twice"),
        (#"echo '{"guard":{"max_stops":0,"max_st\u006fps":9}}' > $C"#, "guard.max_stops twice"),
        (#"echo '{"guard":{"protect":{"id":1,"id":2}}}' > $C"#, "guard.protect.id twice"),
        (#"echo '{"notify":{"url":"http://a","url":"http://b"}}' > $C"#, "notify.url twice"),
        (#"echo '{"guard":{"max_stops":-1}}' > $C"#, "max_stops"),
        (#"echo '{"guard":{"max_stops":null}}' > $C"#, "guard.max_stops is a number"),
        (#"echo '{"guard":{"max_stops":"NaN"}}' > $C"#, "guard.max_stops is a number"),
        (#"echo '{"guard":null}' > $C"#, "guard is an object"),
        (#"echo '{"guard":{"max_fraction":1e19}}' > $C"#, "max_fraction"), (#"echo '{"guard":{"max_stops":1e309}}' > $C"#, "number"),
        (#"echo '{"guard":{"protect":{"id":1e19}}}' > $C"#, "guard.protect.id"), (#"echo '{"account":1e19}' > $C"#, "account is a text"),
        (#"echo '{"gu\u001b[2Jard":1}' > $C"#, "gu?[2Jard"), (#"echo '{"timezone":"\u001b[2J"}' > $C"#, "?[2J"),
        ("echo '[]' > $C", "no JSON object")
    ]

    @Test("whatever is wrong with config.json is one error that names the file, and ends with 2 before anything runs", arguments: configs)
    func config(make: String, word: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.shell("mkdir -p .config/vast-lua; C=.config/vast-lua/config.json; \(make); \"$V\" --pacing none stop.lua")
        #expect(run.code == 2, "\(run.errors)")
        #expect(run.output == "")
        #expect(run.errors.contains(word) && run.errors.contains("config.json"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1 && !run.errors.contains("\u{1B}"), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("no number in config.json traps: each limit with 8 numbers is taken or refused, 96 files")
    func configNumbers() async throws {
        let (vast, simulator) = try await prepared()
        let limits = GuardLimit.allCases.map(\.rawValue).joined(separator: " ")
        let run = try await vast.shell(
            """
            mkdir -p .config/vast-lua
            for limit in \(limits); do
              for number in 1e308 -1e308 1e19 9223372036854775807 9223372036854775808 1e-320 -0 -1; do
                echo "{\\"guard\\":{\\"$limit\\":$number}}" > .config/vast-lua/config.json
                "$V" --pacing none -n -e 'vast.stop{40112233, 40112234}' 2> errors
                echo "$limit $number $?"
              done
            done
            """)
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.count == 96)
        for line in lines {
            let isLimit = !line[1].hasPrefix("-") || line[1] == "-0"
            let isShare = line[0] == "max_fraction" && !["1e-320", "-0"].contains(line[1])
            // 3: the dry run found the limit against it.
            #expect(isLimit && !isShare ? ["0", "3"].contains(line[2]) : line[2] == "2", "\(line)")
        }
        #expect(try await simulator.changes().isEmpty)
    }

    private static let locks: [String] = [
        "rm -rf state/locks; : > state/locks", "rm -rf state/locks; mkfifo state/locks", "rm -rf state/locks; ln -s nowhere state/locks",
        "rm -rf state/locks; mkdir state/locks; chmod 777 state/locks", "for l in state/locks/*; do rm $l; mkfifo $l; done",
        "for l in state/locks/*; do rm $l; ln -s nowhere $l; done", "for l in state/locks/*; do rm $l; mkdir $l; done"
    ]

    @Test("a lock that cannot be taken refuses the run with 3: two runs never go on at once", arguments: locks)
    func lock(make: String) async throws {
        let (vast, simulator) = try await prepared()
        // A first run makes the lock's file.
        let run = try await vast.shell("\"$V\" --pacing none stop.lua no > first; \(make); \"$V\" --pacing none stop.lua")
        #expect(run.code == 3, "\(run.errors)")
        #expect(run.errors.contains("nothing was run") && run.errors.contains("state/locks"), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
        // What takes no lock goes on.
        let dry = try await vast.shell("\"$V\" --pacing none -n stop.lua && \"$V\" --pacing none -e 'print(#vast.instances() > 3)'")
        #expect(dry.code == 0 && dry.output.hasSuffix("true\n"), "\(dry.errors)")
    }

    @Test(
        "without any place for the state, a script that only reads ends with 0, and one that changes something with 3",
        arguments: [
            "VAST_LUA_STATE=/proc/none", "VAST_LUA_STATE=$PWD/read.lua", "VAST_LUA_STATE=$PWD/read.lua/x",
            "VAST_LUA_STATE= HOME=/proc/none",
            "VAST_LUA_STATE=/dev/null/state"
        ])
    func noState(environment: String) async throws {
        let (vast, simulator) = try await prepared()
        let read = try await vast.shell("\(environment) \"$V\" --pacing none read.lua")
        #expect(read.code == 0 && read.output == "true\n", "\(read.errors)")
        let stop = try await vast.shell("\(environment) \"$V\" --pacing none stop.lua")
        #expect(stop.code == 3 && stop.errors.contains("othing was sent"), "\(stop.code) \(stop.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    private static let replaced: [(String, String)] = [
        ("mkfifo p; \"$V\" p", "the script p"), ("\"$V\" /dev/zero", "the script /dev/zero"),
        ("mkfifo p; \"$V\" -n p", "the script p"), ("mkfifo p; \"$V\" plan p", "the script p"),
        ("mkfifo p; \"$V\" --simulator --restricted p", "the script p"),
        ("mkfifo p; \"$V\" apply p", "the plan p"), ("mkdir d; \"$V\" apply d", "the plan d"),
        ("\"$V\" apply /dev/zero", "the plan /dev/zero"),
        ("yes 2>&- | \"$V\" apply /dev/stdin", "the plan /dev/stdin"), ("truncate -s 1T t; \"$V\" apply t", "the plan t"),
        ("echo '[' | \"$V\" apply /dev/stdin", "/dev/stdin"), ("mkfifo p; \"$V\" --simulator=p stop.lua", "the fleet file p"),
        ("mkdir d; \"$V\" ls --simulator=d", "the fleet file d"), ("mkfifo p; \"$V\" simulator --faults p", "the fault file p"),
        ("mkfifo p; \"$V\" simulator --fleet p", "the fleet file p")
    ]

    @Test(
        "a pipe, a directory or a device in the place of a file is one error that names it, and ends with 2: 15 places", arguments: replaced
    )
    func files(command: String, word: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.shell(command)
        #expect(run.code == 2, "\(run.errors)")
        #expect(run.errors.contains(word) && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test(
        "a script, a plan and a fleet are read through a pipe as well",
        arguments: [
            ("echo 'print(...)' | \"$V\" /dev/stdin a b", "a\tb\n"), ("echo 'print(1)' | \"$V\" /dev/fd/0", "1\n"),
            ("\"$V\" /dev/stdin < read.lua", "true\n"),
            ("(cat read.lua | \"$V\" -n /dev/stdin) 2>&1 | head -1", "true\n"), ("/bin/bash -c '\"$V\" <(echo \"print(2)\")'", "2\n"),
            ("echo '[]' | \"$V\" --simulator=/dev/stdin -e 'print(#vast.instances())'", "0\n"),
            ("\"$V\" plan --pacing none -o p.json read.lua >&2; cat p.json | \"$V\" apply --unpaced /dev/stdin", "nothing to change\n"),
            ("echo 'print(1' | \"$V\" check /dev/stdin >&2; echo $?", "1\n")
        ])
    func pipes(command: String, output: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.shell(command)
        #expect(run.output == output, "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }
}
