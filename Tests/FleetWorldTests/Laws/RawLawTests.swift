import FleetClock
import FleetSafety
import FleetWorld
import Testing
import VastAPI

/// Raw = verb, through the whole chain: whatever a script writes itself, what changes at the service was judged.
@Suite struct RawLawTests {
    /// The limits of one script.
    private struct Limits {
        var maxStops: Int, maxStarts: Int, maxLabels: Int
        var allowDestroy: Bool, allowRecycle: Bool, allowRaw: Bool
        let protected: Int64

        init(_ ids: [Int64], _ dice: inout SeededGenerator) {
            (maxStops, maxStarts, maxLabels) = (
                .random(in: 0...6, using: &dice), .random(in: 0...6, using: &dice), .random(in: 0...6, using: &dice)
            )
            (allowDestroy, allowRecycle, allowRaw) = (.random(using: &dice), .random(using: &dice), .random(using: &dice))
            protected = ids.randomElement(using: &dice) ?? 1
        }

        var header: String {
            "vast.guard{max_stops = \(maxStops), max_starts = \(maxStarts), max_labels = \(maxLabels), max_fraction = 1, "
                + "allow_destroy = \(allowDestroy), allow_recycle = \(allowRecycle), allow_raw = \(allowRaw), protect = {id = \(protected)}}\n"
        }
    }

    @Test("random requests beside verbs change nothing that the guard has not judged")
    func law() async throws {
        let count = LawCount("raw")
        let result = await count.sweep(24) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x7261_7700)
            var options = TestWorld.Options()
            options.fleetSize = 8
            options.simulator.behaviour.startRoute = true
            options.simulator.behaviour.bulkOverLimit = .success
            let world = try TestWorld(seed: seed, options: options)
            if seed % 3 == 0 { world.transport.plan = RandomFaults.plan(seed: seed) }
            let limits = Limits(world.ids, &dice)
            var lines: [String] = []
            for number in 0..<40 {
                lines.append(RawScript.request(world.ids, &dice))
                if number % 8 == 0 {
                    lines.append(
                        "pcall(vast.\(["stop", "start"].randomElement(using: &dice) ?? "stop"), \(world.ids.randomElement(using: &dice) ?? 1))"
                    )
                }
            }
            let run = try await world.run(script: limits.header + lines.joined(separator: "\n") + "\nreturn 'end'")
            count.add(world)
            count.compared(run.changes.count)
            count.meet("requests", run.requests.count)
            guard run.errorKind == nil else { return "\(run.errorText ?? "")" }
            return Self.problems(run, world, limits)
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 24 || count.ids > 100 && count.met["requests", default: 0] > 500)
    }

    @Test("a request that fails within vast.try is dealt with, whichever instances it names, or none")
    func handled() async throws {
        let count = LawCount("raw, dealt with")
        let kinds = VastError.Kind.all.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let result = await count.sweep(24) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x7472_7900)
            var options = TestWorld.Options()
            options.fleetSize = 6
            let world = try TestWorld(seed: seed, options: options)
            let limits = Limits(world.ids, &dice)
            let lines = (0..<20).map { _ in
                RawScript.request(world.ids, &dice).replacing("pcall(", with: "vast.try({\(kinds), 'guard'}, ")
            }
            let run = try await world.run(script: limits.header + lines.joined(separator: "\n") + "\nreturn 'end'")
            count.add(world)
            count.compared(run.requests.count)
            // That an instance is gone which an accepted request has named is no failure of a call.
            let failed = run.ledger.changes.filter {
                if case .failed(_, let text) = $0.status { text != "the instance is gone" } else { false }
            }
            count.meet("failures", failed.count)
            guard run.errorKind == nil else { return "\(run.errorText ?? "")" }
            let open = failed.filter(\.isOpen)
            return open.isEmpty ? nil : open.prefix(5).map { "\($0.id) \($0.verb) \($0.status)" }.joined(separator: "\n")
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 24 || count.met["failures", default: 0] > 100)
    }

    private static func problems(_ run: WorldRun, _ world: TestWorld, _ limits: Limits) -> String? {
        let carried = Carried(run.changes, world)
        var problems = carried.unnamed + carried.missing(in: run.usage)
        let raises = Set(run.changes.filter { $0.bid.map { $0.to > $0.from } ?? false }.map { "\($0.exchange) \($0.instance)" })
        for change in carried.changes where change.entry.id.rawValue == limits.protected && change.entry.verb != .start {
            if raises.contains("\(change.exchange) \(change.entry.id)") { continue }
            problems.append("\(change.entry.verb?.rawValue ?? "?") of the protected \(change.entry.id) at exchange \(change.exchange)")
        }
        for (verb, limit) in [(Change.Verb.stop, limits.maxStops), (.start, limits.maxStarts), (.label, limits.maxLabels)]
        where carried.count(verb) > limit {
            problems.append("\(carried.count(verb)) \(verb) carried out, limit \(limit)")
        }
        let cuts = limits.allowRaw ? 0 : run.changes.count { $0.bid.map { $0.to < $0.from } ?? false }
        if carried.count(.stop) + cuts > limits.maxStops {
            problems.append("\(carried.count(.stop)) stops and \(cuts) lower bids, limit \(limits.maxStops)")
        }
        let asked = world.transport.records.compactMap(\.change)
        if !limits.allowRaw, let raw = asked.first(where: { $0.verb == .other }) { problems.append("sent without allow_raw: \(raw)") }
        if !limits.allowRecycle, asked.contains(where: { $0.verb == .recycle }) { problems.append("recycled without permission") }
        if !limits.allowDestroy {
            if asked.contains(where: { $0.verb == .destroy }) { problems.append("a destroy was sent without permission") }
            if !limits.allowRaw, run.changes.contains(where: { $0.what == "destroyed" }) { problems.append("destroyed without permission") }
        }
        return problems.isEmpty ? nil : problems.prefix(5).joined(separator: "\n")
    }
}

/// Requests that a script writes itself, as Lua, about the ids of a fleet.
enum RawScript {
    static func request(_ ids: [Int64], _ dice: inout SeededGenerator) -> String {
        var (method, path, body) = known(ids, &dice)
        switch Int.random(in: 0..<9, using: &dice) {
        case 0: method = ["PUT", "DELETE", "POST", "PATCH", "put"].randomElement(using: &dice) ?? "PUT"
        case 1: path = self.path(ids, &dice)
        case 2, 3: body = self.body(ids, &dice)
        case 4:
            (method, path, body) = (
                ["PUT", "DELETE", "POST"].randomElement(using: &dice) ?? "PUT", self.path(ids, &dice), self.body(ids, &dice)
            )
        default: break
        }
        let query = Int.random(in: 0..<15, using: &dice) == 0 ? ", query = {state = 'stopped'}" : ""
        let confirm = Bool.random(using: &dice) ? ", confirm = {\(ids.map { "\($0)" }.joined(separator: ", "))}" : ""
        return "pcall(vast.request, '\(method)', '\(path)', {body = \(body)\(query)\(confirm)})"
    }

    private static func known(_ ids: [Int64], _ dice: inout SeededGenerator) -> (String, String, String) {
        let (one, two) = (ids.randomElement(using: &dice) ?? 1, ids.randomElement(using: &dice) ?? 2)
        return [
            ("PUT", "/api/v0/instances/\(one)/", "{state = 'stopped'}"), ("PUT", "/api/v0/instances/\(one)/", "{state = 'running'}"),
            ("PUT", "/api/v0/instances/\(one)/", "{label = 'raw'}"),
            ("PUT", "/api/v0/instances/", "{state = 'stopped', ids = {\(one), \(two)}}"),
            ("PUT", "/api/v0/instances/", "{state = 'running', ids = {\(one), \(one)}}"), ("DELETE", "/api/v0/instances/\(one)/", "{}"),
            ("DELETE", "/api/v0/instances/", "{instance_ids = {\(one), \(two)}}"), ("PUT", "/api/v0/instances/reboot/\(one)/", "nil"),
            ("PUT", "/api/v0/instances/recycle/\(one)/", "{}"), ("POST", "/api/v0/instances/start", "{IDs = {\(one)}}"),
            (
                "PUT", "/api/v0/instances/bid_price/\(one)/",
                "{client_id = 'me', price = \(["0.1", "0.3", "0.6", "5"].randomElement(using: &dice) ?? "1")}"
            ),
            ("PUT", "/api/v0/instances/bid_price/\(two)/", "{client_id = 'me'\(Bool.random(using: &dice) ? ", price = 1" : "")}")
        ].randomElement(using: &dice) ?? ("PUT", "/", "nil")
    }

    private static func path(_ ids: [Int64], _ dice: inout SeededGenerator) -> String {
        let id = ids.randomElement(using: &dice) ?? 1
        let text =
            ["\(id)", "0\(id)", "+\(id)", "\(id).0", "-\(id)", "9223372036854775808", "\(id)/\(id)", "5e7"].randomElement(using: &dice)
            ?? ""
        return [
            "/api/v0/instances/\(text)/", "/api/v0/instances/\(text)", "/api/v0/instances/", "/api/v0/instances",
            "/api/v0/instances/reboot/\(text)/",
            "/api/v0/Instances/\(text)/", "/api/v0/instances//\(text)/", "/api/v0/instances/../instances/\(text)/",
            "/api/v0/instances/%35\(text)/",
            "/api/v1/instances/\(text)/", "/api/v0/instances/bid_price/\(text)/", "/api/v0/instances/\(text)/?state=stopped",
            "/API/V0/INSTANCES/\(text)/", "/api/v0/asks/\(text)/", "api/v0/instances/\(text)/", "/api/v0/instances/recycle/\(text)/"
        ].randomElement(using: &dice) ?? "/"
    }

    private static func body(_ ids: [Int64], _ dice: inout SeededGenerator) -> String {
        let names = ["ids", "instance_ids", "IDs", "state", "label", "id", "extra", "client_id"]
        let parts = (0..<Int.random(in: 0..<4, using: &dice)).map { _ -> String in
            let name = names.randomElement(using: &dice) ?? "ids"
            return "\(name) = \(value(name, ids, &dice))"
        }
        return "{\(parts.joined(separator: ", "))}"
    }

    private static func value(_ name: String, _ ids: [Int64], _ dice: inout SeededGenerator) -> String {
        if name == "state" { return ["'stopped'", "'running'", "'Stopped'", "1", "'destroyed'"].randomElement(using: &dice) ?? "1" }
        if name == "label" { return ["'x'", "''", "7", "('y'):rep(2000)"].randomElement(using: &dice) ?? "''" }
        let list = (0..<Int.random(in: 0..<4, using: &dice)).map { _ in id(ids, &dice) }
        return Int.random(in: 0..<5, using: &dice) == 0 ? id(ids, &dice) : "{\(list.joined(separator: ", "))}"
    }

    private static func id(_ ids: [Int64], _ dice: inout SeededGenerator) -> String {
        let id = ids.randomElement(using: &dice) ?? 1
        return [
            "\(id)", "\(id)", "\(id)", "\(id).0", "\(id).5", "'\(id)'", "'x'", "true", "-\(id)", "0", "1e300", "math.maxinteger", "{\(id)}",
            "{id = \(id)}"
        ].randomElement(using: &dice) ?? "0"
    }
}
