import FleetFixtures
import Testing
import VastModels

@testable import FleetRules

@Suite("The guard")
struct GuardTests {
    private func verdict(
        _ verb: Change.Verb, _ ids: [InstanceID], _ script: GuardLimits = .none, on: Int = 100, off: Int = 100,
        confirmed: Set<InstanceID> = [], run: [GuardEntry] = [], hour: [GuardEntry] = []
    ) throws -> Guard.Verdict {
        Guard(GuardRules(script: script)).judge(
            GuardOrder(verb, ids, confirmed: confirmed), fleet: try TestFleet.guarded(on: on, off: off), run: run, hour: hour)
    }

    private func refusal(_ verdict: Guard.Verdict) -> GuardRefusal? {
        if case .refused(let refusal) = verdict { refusal } else { nil }
    }

    @Test(
        "built-in stops are at most the larger of 10 and half of what is on",
        arguments: [(5, 5, true), (12, 10, true), (12, 11, false), (20, 10, true), (20, 11, false), (40, 20, true), (40, 21, false)])
    func builtInStops(on: Int, asked: Int64, isAllowed: Bool) throws {
        let verdict = try verdict(.stop, Array(1...asked), on: on)
        #expect((verdict == .allowed) == isAllowed)
        if !isAllowed { #expect(refusal(verdict)?.objections.map(\.rule) == ["max_stops"]) }
    }

    @Test(
        "the built-in caps of the other verbs hold",
        arguments: [
            (Change.Verb.start, 10, true), (.start, 11, false), (.label, 200, true), (.label, 201, false), (.reboot, 50, true),
            (.reboot, 51, false), (.destroy, 1, false), (.recycle, 1, false), (.other, 0, false)
        ] as [(Change.Verb, Int64, Bool)])
    func builtInOthers(verb: Change.Verb, asked: Int64, isAllowed: Bool) throws {
        let ids = asked == 0 ? [] : verb == .start ? [InstanceID](101...(100 + asked)) : [InstanceID](1...asked)
        #expect((try verdict(verb, ids, off: 200, confirmed: Set(ids)) == .allowed) == isAllowed)
    }

    @Test("the refusal says what was asked, what the limit is, what matched, and the line that allows it")
    func message() throws {
        let refusal = try #require(refusal(try verdict(.stop, Array(1...27), on: 27)))
        #expect(refusal.summary == "27 stops asked, limit 13 (built in): 1, 2, 3, 4, 5 and 22 more")
        #expect(refusal.toAllow() == "vast.guard{max_stops=27}")
        #expect(refusal.error().kind == .guard)
        #expect(refusal.error().code == "max_stops")
        #expect(refusal.error().sayingNothingWasSent.text.contains("Nothing was sent.\n  to allow   vast.guard{max_stops=27}"))
    }

    @Test(
        "the line that is shown allows exactly what was refused",
        arguments: [
            (Change.Verb.stop, GuardLimits([.maxStops: 3, .maxFraction: 0.05, .maxRateInterrupted: 1.5, .maxGPUsInterrupted: 3])),
            (.stop, GuardLimits([.keepAtLeast: 95])), (.stop, GuardLimits([.maxChanges: 2])), (.start, GuardLimits([.maxRateAdded: 0.5]))
        ])
    func remedy(verb: Change.Verb, limits: GuardLimits) throws {
        let ids = verb == .start ? [InstanceID](101...107) : [InstanceID](1...7)
        let refusal = try #require(refusal(try verdict(verb, ids, limits)))
        var wider = limits
        for objection in refusal.objections {
            guard case .limit(let limit, let value)? = objection.remedy?.setting else {
                Issue.record("no limit would allow \(objection)")
                continue
            }
            wider.numbers[limit] = value
        }
        #expect(try verdict(verb, ids, wider) == .allowed)
        #expect(refusal.objections.count == limits.numbers.count)
    }

    @Test(
        "zero means zero, in every limit",
        arguments: [
            (GuardLimit.maxStops, Change.Verb.stop), (.maxFraction, .stop), (.maxRateInterrupted, .stop), (.maxGPUsInterrupted, .reboot),
            (.maxChanges, .label), (.maxLabels, .label), (.maxStarts, .start), (.maxRateAdded, .start), (.maxReboots, .reboot)
        ])
    func zero(limit: GuardLimit, verb: Change.Verb) throws {
        let id: InstanceID = verb == .start ? 101 : 1
        #expect(refusal(try verdict(verb, [id], GuardLimits([limit: 0])))?.objections.map(\.rule) == [limit.rawValue])
        #expect(try verdict(verb, [id]) == .allowed)
    }

    @Test("zero instances to keep keeps none")
    func keepZero() throws {
        #expect(try verdict(.stop, [1], GuardLimits([.keepAtLeast: 0]), on: 1) == .allowed)
        #expect(refusal(try verdict(.stop, [1], GuardLimits([.keepAtLeast: 1]), on: 1))?.objections.map(\.rule) == ["keep_at_least"])
    }

    @Test("a stop of what is not on takes nothing away from those that must stay")
    func keepIgnoresStopped() throws {
        #expect(try verdict(.stop, [101], GuardLimits([.keepAtLeast: 100, .maxFraction: 0, .maxGPUsInterrupted: 0])) == .allowed)
    }

    @Test(
        "a script's own number of stops replaces the built-in rule, and so does its fraction",
        arguments: [
            (GuardLimits([.maxStops: 30]), 30, true), (GuardLimits([.maxStops: 30]), 31, false),
            (GuardLimits([.maxFraction: 0.8]), 32, true),
            (GuardLimits([.maxFraction: 0.8]), 33, false), (GuardLimits([.maxStops: 40, .maxFraction: 0.1]), 5, false)
        ] as [(GuardLimits, Int64, Bool)])
    func replacing(limits: GuardLimits, asked: Int64, isAllowed: Bool) throws {
        #expect((try verdict(.stop, Array(1...asked), limits, on: 40) == .allowed) == isAllowed)
    }

    @Test("stopping one by one meets the same limit as stopping all at once")
    func oneByOne() throws {
        var run: [GuardEntry] = []
        for id in [InstanceID](1...40) {
            // What was stopped before is no longer on.
            let rows = try (1...40).map { try TestFleet.row($0, $0 < id.rawValue ? .stopped : .running) }
            let fleet = GuardFleet(TestFleet.snapshot(rows))
            let verdict = Guard(GuardRules()).judge(GuardOrder(.stop, [id]), fleet: fleet, run: run, hour: run)
            #expect((verdict == .allowed) == (id.rawValue <= 20), "stop \(id)")
            run.append(GuardEntry(.stop, id, facts: InstanceFacts(try TestFleet.row(id.rawValue))))
        }
    }

    @Test("the last hour of the account counts when the run itself has done nothing")
    func hour() throws {
        let hour = [InstanceID](51...90).map { GuardEntry(.stop, $0, rate: USDPerHour(1), gpuCount: 2) }
        let refusal = try #require(refusal(try verdict(.stop, Array(1...11), hour: hour)))
        #expect(refusal.summary.hasPrefix("11 stops asked after 40 in the last hour, limit 50 (built in)"))
        #expect(refusal.toAllow() == "vast.guard{max_stops=51}")
        #expect(try verdict(.stop, Array(1...10), hour: hour) == .allowed)
    }

    @Test("other verbs' changes count for all changes together only")
    func changes() throws {
        let run = [GuardEntry(.label, 1), GuardEntry(.start, 2)]
        #expect(try verdict(.stop, [3], GuardLimits([.maxStops: 1]), run: run) == .allowed)
        #expect(try verdict(.stop, [3], GuardLimits([.maxChanges: 2]), run: run) != .allowed)
    }

    @Test("a compensating stop is free of caps and protection")
    func compensation() throws {
        let limits = GuardLimits([.maxStops: 0], protect: Protection(ids: [1]))
        var order = GuardOrder(.stop, [1])
        let fleet = try TestFleet.guarded(on: 1)
        #expect(Guard(GuardRules(script: limits)).judge(order, fleet: fleet, run: [], hour: []) != .allowed)
        order.isCompensation = true
        #expect(Guard(GuardRules(script: limits)).judge(order, fleet: fleet, run: [], hour: []) == .allowed)
    }

    @Test("destroy and recycle want to be allowed and every id to be confirmed", arguments: [Change.Verb.destroy, .recycle])
    func confirming(verb: Change.Verb) throws {
        let limits = GuardLimits(permissions: [.allowDestroy: true, .allowRecycle: true])
        #expect(refusal(try verdict(verb, [1, 2], confirmed: [1, 2]))?.objections.map(\.rule) == ["allow_\(verb.rawValue)"])
        let refusal = try #require(refusal(try verdict(verb, [1, 2], limits, confirmed: [1])))
        #expect(refusal.objections.map(\.rule) == ["confirm"])
        #expect(refusal.matched == ["2"])
        #expect(try verdict(verb, [1, 2], limits, confirmed: [1, 2, 3]) == .allowed)
    }

    @Test("an unknown rate does not fit under a limit in $/h, and no larger limit is proposed")
    func unknownRate() throws {
        let fleet = GuardFleet([InstanceFacts(try TestFleet.row(1, .stopped, rateOn: nil))], isWhole: true)
        let verdict = Guard(GuardRules(script: GuardLimits([.maxRateAdded: 100]))).judge(
            GuardOrder(.start, [1]), fleet: fleet, run: [], hour: [])
        #expect(refusal(verdict)?.toAllow() == nil)
        #expect(refusal(verdict)?.summary.contains("not known") == true)
    }

    @Test("what an instance adds is its price when on less its price when off")
    func rateAdded() throws {
        #expect(try verdict(.start, [101, 102], GuardLimits([.maxRateAdded: 1.8])) == .allowed)
        #expect(try verdict(.start, [101, 102], GuardLimits([.maxRateAdded: 1.79])) != .allowed)
    }

    @Test("duplicates count once within a call")
    func duplicates() throws {
        #expect(try verdict(.stop, [1, 1, 1], GuardLimits([.maxStops: 1])) == .allowed)
    }

    @Test("what is not known is asked for before it is judged")
    func needs() throws {
        let part = try TestFleet.guarded(on: 20, isWhole: false)
        let rules = { (limits: GuardLimits) in Guard(GuardRules(script: limits)) }
        #expect(rules(.none).judge(GuardOrder(.stop, [1, 99]), fleet: part, run: [], hour: []) == .needsInstances([99]))
        #expect(rules(.none).judge(GuardOrder(.stop, Array(1...10)), fleet: part, run: [], hour: []) == .allowed)
        #expect(rules(.none).judge(GuardOrder(.stop, Array(1...11)), fleet: part, run: [], hour: []) == .needsFleet)
        #expect(rules(GuardLimits([.keepAtLeast: 1])).judge(GuardOrder(.stop, [1]), fleet: part, run: [], hour: []) == .needsFleet)
        #expect(rules(GuardLimits([.maxFraction: 0.5])).judge(GuardOrder(.stop, [1]), fleet: part, run: [], hour: []) == .needsFleet)
        #expect(rules(GuardLimits([.maxStops: 0])).judge(GuardOrder(.stop, [1]), fleet: part, run: [], hour: []) != .needsFleet)
    }

    @Test("an empty call is allowed")
    func empty() throws {
        #expect(try verdict(.stop, [], GuardLimits([.maxStops: 0])) == .allowed)
    }
}
