import FleetClock
import FleetSafety
import FleetStore
import FleetWorld
import Testing
import VastAPI
import VastJSON
import VastSimulator

/// Whatever something between here and the service answers, a request that it has passed on may have been carried out.
@Suite struct MiddleboxLawTests {
    private static let ids = Array(1...6 as ClosedRange<Int64>)

    private static func fleet(_ seed: UInt64) -> Fleet {
        var dice = SeededGenerator(seed: seed ^ 0x6D69)
        var fleet = Fleet()
        for id in ids {
            var made = InstanceSpecification(id: id, label: "i\(id)")
            (made.machine, made.isOn) = (id + 100, id <= 2)
            fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
            fleet.machines[id + 100] = Machine(gpus: 1, takenByOthers: made.isOn || Bool.random(using: &dice) ? 0 : 1)
        }
        return fleet
    }

    /// Each id is changed once, alone or with others.
    private static func script(_ dice: inout SeededGenerator) -> String {
        var lines = ["vast.guard{max_starts = 99, max_stops = 99, max_fraction = 1}"]
        if Bool.random(using: &dice) {
            lines.append("pcall(vast.stop, {1, 2})")
            lines.append("pcall(vast.start, {3, 4, 5, 6})")
        } else {
            for id in ids { lines.append("pcall(vast.\(id <= 2 ? "stop" : "start"), \(id))") }
        }
        let labels = ids.filter { _ in Bool.random(using: &dice) }.map { "pcall(vast.label, \($0), 'new\($0)')" }
        lines = Bool.random(using: &dice) ? lines + labels : lines.prefix(1) + labels + lines.dropFirst()
        lines.append("pcall(vast.instances)")
        return lines.joined(separator: "\n") + "\nreturn 'end'"
    }

    private static func fault(_ dice: inout SeededGenerator) -> ExchangeFault {
        let bodies: [JSONValue] = [
            "<html>blocked by policy</html>", "<title>Just a moment...</title>", [:], [], "", .null, ["status": 1],
            ["message": "Forbidden"], ["error": "access_denied"], ["error": "not_authorized", "status": 403],
            ["error": ["code": 401, "message": "no"]], ["error": "rate_limit_exceeded"], ["success": .null, "error": "no_such_instance"]
        ]
        if Int.random(in: 0..<4, using: &dice) == 0 {
            let places = ["https://elsewhere.example/", "/portal/", "http://127.0.0.1:1/"]
            return .status(
                [301, 302, 303, 307, 308].randomElement(using: &dice) ?? 302, body: "moved",
                headers: ["Location": places.randomElement(using: &dice) ?? "/"], applied: Bool.random(using: &dice))
        }
        return .status(
            [200, 302, 400, 401, 403, 404, 405, 409, 410, 413, 451, 500, 502, 503, 504, 511].randomElement(using: &dice) ?? 403,
            body: bodies.randomElement(using: &dice) ?? .null, applied: Int.random(in: 0..<3, using: &dice) > 0)
    }

    @Test("what is booked as failed was not made, and no start stays queued after the next run")
    func law() async throws {
        let count = LawCount("middlebox")
        let result = await count.sweep(60) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x626F_78)
            var options = TestWorld.Options()
            options.fleet = { $0 = Self.fleet(seed) }
            options.patience = .seconds(20)
            let world = try TestWorld(seed: seed, options: options)
            var plan = ExchangePlan()
            for number in 2...Int.random(in: 3...20, using: &dice) where Bool.random(using: &dice) {
                plan.faults[number] = Self.fault(&dice)
            }
            world.transport.plan = plan
            let run = try await world.run(script: Self.script(&dice))
            var problems: [String] = []
            for row in run.rows where row.status == .failed && !row.isCompensation && row.verb.aspect == .state {
                count.meet("failed", 1)
                let isWantedOn = world.service.world.instances[row.instance.rawValue]?.status.intended == "running"
                // A start that was withdrawn has failed, too.
                if isWantedOn != (row.verb == .stop) { problems.append("\(row.instance): \(row.verb.rawValue) failed, and was made") }
            }
            for row in run.rows where row.verb == .label {
                count.meet("labels", 1)
                let isMade = world.service.world.instances[row.instance.rawValue]?.label == "new\(row.instance)"
                if row.status == .failed, isMade { problems.append("\(row.instance): its label failed, and was made") }
                if [.accepted, .confirmed].contains(row.status), !isMade {
                    problems.append("\(row.instance): its label is booked, and was not made")
                }
            }
            count.meet("labels sent twice", run.rows.count { $0.verb == .label && $0.attempts > 1 })
            world.transport.heal()
            let next = try await world.run(script: "vast.instances() vast.sleep('1m') return #vast.instances()")
            for id in Self.ids where id > 2 {
                guard let status = world.service.world.instances[id]?.status, status.intended == "running" else { continue }
                count.meet("made", 1)
                if status.current == "stopped" { problems.append("\(id) is queued: \(next.messages)") }
            }
            count.add(world)
            return problems.isEmpty ? nil : problems.prefix(4).joined(separator: "\n")
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 60 || count.met["failed", default: 0] > 20 && count.met["made", default: 0] > 20)
        #expect(result.tried < 60 || count.met["labels", default: 0] > 40 && count.met["labels sent twice", default: 0] > 2)
    }
}
