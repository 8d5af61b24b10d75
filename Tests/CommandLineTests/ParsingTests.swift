import FleetRules
import LuaEngine
import Testing
import VastAPI

@testable import vast_lua

/// Decisions of the executable as values, without a process.
@Suite struct ParsingTests {
    private func parse(_ words: String...) throws -> ScriptInvocation {
        try ScriptInvocation(words: CommandWords(["vast-lua"] + words))
    }

    @Test("our options stand before the script or directly behind it, in either form")
    func ownOptions() throws {
        let before = try parse("--simulator=f", "--url", "u", "a.lua", "x", "--quiet")
        #expect(before.options.simulator == "f")
        #expect(before.options.url == "u")
        #expect(!before.options.isQuiet)
        #expect(before.arguments.map { String(decoding: $0, as: UTF8.self) } == ["x", "--quiet"])
        let behind = try parse("a.lua", "--simulator", "--time-limit=2m", "x")
        #expect(behind.options.simulator == "")
        #expect(behind.options.timeLimit == .seconds(120))
        #expect(behind.scriptIndex == 1)
        #expect(behind.arguments.count == 1)
    }

    @Test(
        "sizes know K, M and G, with or without B",
        arguments: [
            ("64M", 64 << 20), ("64mb", 64 << 20), ("64MiB", 64 << 20), ("1G", 1 << 30), ("500K", 500 << 10), ("1000", 1000), ("1.5K", 1536)
        ])
    func sizes(text: String, bytes: Int) throws {
        #expect(try parse("--memory-limit", text).options.memoryLimit == bytes)
    }

    @Test(
        "the strongest of several exit codes wins",
        arguments: [
            ([ExitCode.changesOpen, .scriptFailed], ExitCode.changesOpen), ([.scriptFailed, .unreachable], .unreachable),
            ([.changesOpen, .notAuthorized], .notAuthorized), ([.guardRefused, .timeLimit, .interrupted], .interrupted),
            ([.done, .done], .done), ([], .done), ([.done, ExitCode(rawValue: 77)], ExitCode(rawValue: 77))
        ])
    func precedence(codes: [ExitCode], strongest: ExitCode) {
        #expect(ExitCode.strongest(of: codes) == strongest)
    }

    @Test("apply and undo take every limit and permission by the option of a script's run", arguments: GuardLimit.allCases)
    func limitOptions(limit: GuardLimit) throws {
        let option = "--" + limit.rawValue.replacingOccurrences(of: "_", with: "-")
        for words in [[option, "0.5"], ["\(option)=0.5"], ["--limit", "\(option.dropFirst(2))=0.5"]] {
            let apply = try ApplyCommand.parse(words + ["p.json"]).limits.options()
            let undo = try UndoCommand.parse(words + ["--last"]).limits.options()
            #expect(apply.limits.numbers == [limit: 0.5] && undo == apply)
        }
        let invocation = try parse(option, "0.5", "a.lua")
        #expect(invocation.options.limits.limits.numbers == [limit: 0.5])
    }

    @Test(
        "what ended a run from outside is its exit code, whatever became of its changes",
        arguments: [124, 129, 130, 141, 143] as [Int32], [nil, "guard", "unauthorized", "partial", "network", "other"] as [String?])
    func causes(cause: Int32, kind: String?) {
        for isOpen in [false, true] {
            let ending = RunEnding(
                failure: kind.map { LuaError(message: $0) }, errorKind: kind, cause: ExitCode(rawValue: cause), hasOpenChanges: isOpen)
            #expect(ending.exitCode.rawValue == cause)
        }
    }

    @Test(
        "os.exit(n) ends with n or 6 instead of 0; a signal goes before both",
        arguments: [
            (0, false, nil, 0), (0, true, nil, 6), (9, true, nil, 9), (256, true, nil, 6), (9, true, ExitCode.interrupted, 130)
        ] as [(Int32, Bool, ExitCode?, Int32)])
    func exitRequest(code: Int32, isOpen: Bool, cause: ExitCode?, expected: Int32) {
        let failure = LuaError(kind: .interrupted(.exit(code)), message: "exit")
        let ending = RunEnding(failure: failure, errorKind: nil, cause: cause, hasOpenChanges: isOpen)
        #expect(ending.exitCode.rawValue == expected)
        #expect(!ending.isShown)
    }

    @Test(
        "an uncaught error ends by its kind",
        arguments: [
            (nil, 1), ("guard", 3), ("unauthorized", 4), ("forbidden", 4), ("billing", 4), ("network", 5), ("server", 5),
            ("rate_limited", 5), ("timeout", 5), ("partial", 6), ("unavailable", 6), ("conflict", 6), ("unconfirmed", 6),
            ("invalid_argument", 1), ("not_found", 1), ("other", 1)
        ] as [(String?, Int32)])
    func kinds(kind: String?, code: Int32) {
        let ending = RunEnding(failure: LuaError(message: "m"), errorKind: kind, cause: nil, hasOpenChanges: false)
        #expect(ending.exitCode.rawValue == code)
    }
}
