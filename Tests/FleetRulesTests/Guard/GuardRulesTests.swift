import FleetFixtures
import Testing
import VastModels

@testable import FleetRules

@Suite("Which limits hold")
struct GuardRulesTests {
    @Test("a ceiling that is lower than what the script asks for holds, and a warning says so")
    func ceiling() {
        let rules = GuardRules(
            script: GuardLimits([.maxStops: 30, .maxStarts: 5]),
            ceilings: [("config file", GuardLimits([.maxStops: 20, .maxStarts: 50])), ("command line", GuardLimits([.maxStops: 25]))])
        #expect(rules.bound(.maxStops) == .init(value: 20, source: .ceiling("config file")))
        #expect(rules.bound(.maxStarts) == .init(value: 5, source: .script))
        #expect(rules.warnings == ["vast.guard asks for max_stops=30, more than the config file allows: 20 holds"])
    }

    @Test("a ceiling holds over the built-in values too, and zero is a ceiling")
    func ceilingOverBuiltIn() {
        let rules = GuardRules(ceilings: [("command line", GuardLimits([.maxStops: 0, .maxStarts: 99]))])
        #expect(rules.interruptions(.maxStops, population: 100) == .init(value: 0, source: .ceiling("command line")))
        #expect(rules.bound(.maxStarts) == .init(value: 10, source: .builtIn))
        #expect(rules.warnings.isEmpty)
    }

    @Test("of instances to keep, the larger number is the stricter one")
    func keep() {
        let rules = GuardRules(script: GuardLimits([.keepAtLeast: 1]), ceilings: [("config file", GuardLimits([.keepAtLeast: 3]))])
        #expect(rules.bound(.keepAtLeast)?.value == 3)
        #expect(rules.warnings.count == 1)
    }

    @Test(
        "something is allowed when one place allows it and none forbids it",
        arguments: [
            (nil, nil, false), (true, nil, true), (nil, true, true), (true, false, false), (false, true, false), (true, true, true)
        ] as [(Bool?, Bool?, Bool)])
    func permissions(script: Bool?, ceiling: Bool?, isAllowed: Bool) {
        var own = GuardLimits(), over = GuardLimits()
        own.permissions[.allowDestroy] = script
        over.permissions[.allowDestroy] = ceiling
        let rules = GuardRules(script: own, ceilings: [("config file", over)])
        #expect(rules.allows(.allowDestroy) == isAllowed)
        #expect(rules.warnings.isEmpty == !(script == true && ceiling == false))
    }

    @Test("protection from every place adds up, by label and by id, and covers label changes but no starts")
    func protection() throws {
        let guardian = Guard(
            GuardRules(
                script: GuardLimits(protect: Protection(ids: [2])),
                ceilings: [("config file", GuardLimits(protect: Protection(labels: [LabelGlob("prod*")])))]))
        let rows = [try TestFleet.row(1, label: " PROD-a"), try TestFleet.row(2), try TestFleet.row(3, label: "not-prod")]
        let fleet = GuardFleet(TestFleet.snapshot(rows))
        for verb in [Change.Verb.stop, .label, .reboot] {
            guard case .refused(let refusal) = guardian.judge(GuardOrder(verb, [1, 2, 3]), fleet: fleet, run: [], hour: []) else {
                Issue.record("\(verb) was allowed")
                continue
            }
            #expect(refusal.objections.map(\.rule) == ["protect"])
            #expect(refusal.matched == ["1  PROD-a", "2"])
        }
        #expect(guardian.judge(GuardOrder(.start, [1, 2, 3]), fleet: fleet, run: [], hour: []) == .allowed)
        #expect(guardian.judge(GuardOrder(.stop, [3]), fleet: fleet, run: [], hour: []) == .allowed)
    }

    @Test(
        "numbers that bound nothing are errors",
        arguments: [
            (GuardLimit.maxStops, -1), (.maxFraction, 1.01), (.maxFraction, 80), (.maxRateAdded, .nan), (.keepAtLeast, .infinity)
        ] as [(GuardLimit, Double)])
    func nonsense(limit: GuardLimit, value: Double) {
        #expect { try GuardLimits([limit: value]).check() } throws: { ($0 as? VastError)?.kind == .invalidArgument }
    }

    @Test(
        "numbers are written so that they allow what was asked",
        arguments: [
            (30, "30"), (0.8, "0.8"), (0.805, "0.81"), (1.0 / 3, "0.34"), (12.004, "12.01"), (0.07, "0.07"), (2.999_9, "3")
        ] as [(Double, String)])
    func numbers(value: Double, text: String) {
        #expect(GuardNumber.text(value) == text)
        #expect((Double(text) ?? 0) >= value - 1e-9)
    }
}
