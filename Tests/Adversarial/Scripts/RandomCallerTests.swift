import FleetClock
import FleetWorld
import Testing

/// Scripts that call everything with anything, in a world of their own.
@Suite("Random calls of every function", .serialized, .timeLimit(.minutes(10))) struct RandomCallerTests {
    /// What may change when a verb names an instance; a start that cannot be had is taken back.
    private static let verbs: [Substring: [String]] = [
        "label": ["label"], "destroyed": ["destroy"], "bid": ["bid"], "created": []
    ]
    private static let power = ["stop", "start", "reboot", "recycle", "bid", "destroy"]
    /// Far more of virtual time than such a script needs that does not wait on purpose.
    private static let longest = Duration.seconds(6 * 3_600)

    private static func run(_ seed: UInt64, isNamed: Bool) async throws -> String? {
        var options = TestWorld.Options()
        options.fleetSize = 1 + Int(seed % 7)
        let world = try TestWorld(seed: seed, options: options)
        var caller = RandomCaller(seed: seed, ids: world.ids, isNamed: isNamed)
        let script = caller.script(calls: 40)
        let watch = Task {
            try await world.clock.sleep(for: longest)
            world.interrupt()
        }
        defer { watch.cancel() }
        let run = try await world.run(script: script)
        if let kind = run.errorKind, kind != "cancelled" { return "the script ended with \(kind): \(run.errorText ?? "")" }
        // `string("…")`
        let texts = run.values.map { $0.dropFirst(8).dropLast(2) }
        guard texts.count == 2 else { return nil }
        guard texts[0].isEmpty else { return String(texts[0]) }
        guard isNamed else { return nil }
        let named = Set(texts[1].split(separator: "; ").map(String.init))
        let unnamed = run.changes.first { change in
            let aspect = change.what.split(separator: " ")[0]
            return !(verbs[aspect] ?? power).contains { named.contains("\($0) \(change.instance)") }
        }
        return unnamed.map { "nobody named \($0)" }
    }

    @Test("every error is a text or an error of ours, and nothing changes that no call has named")
    func named() async throws {
        let result = await Sweep("random caller", count: 30, seeds: nil).run { try await Self.run($0, isNamed: true) }
        #expect(result.failures.isEmpty)
    }

    @Test("the same beside policies, budgets and requests of its own")
    func searching() async throws {
        let result = await Sweep("random caller with policies", count: 20, seeds: nil).run { try await Self.run($0, isNamed: false) }
        #expect(result.failures.isEmpty)
    }
}
