import FleetRules
import Testing
import VastModels

struct IdleRuleTests {
    private let now = 1_795_000_000.0
    private let rule = IdleRule(window: .seconds(2_700))

    /// One sample a minute over the last hour, the oldest first, changed by `edit`, which gets each one's age in
    /// minutes.
    private func hour(_ edit: (Int, inout Sample) -> Void = { _, _ in }) -> [Sample] {
        (0...60).reversed().map { minutes in
            var sample = Sample(
                time: now - Double(minutes) * 60, state: .running, gpuUtilization: 0.4, gpuTemperature: 31,
                cpuUtilization: 0.02, gpuCount: 2)
            edit(minutes, &sample)
            return sample
        }
    }

    private func isUnknown(_ verdict: IdleRule.Verdict) -> Bool {
        if case .unknown = verdict { true } else { false }
    }

    @Test("quiet samples over the whole window mean idle")
    func idle() {
        #expect(rule.verdict(hour(), now: now) == .idle)
    }

    @Test("a single busy sample anywhere in the window means busy", arguments: 0...45)
    func spike(age: Int) {
        let verdict = rule.verdict(hour { if $0 == age { $1.gpuUtilization = 5 } }, now: now)
        guard case .busy = verdict else {
            Issue.record("\(verdict) with a spike \(age) minutes ago")
            return
        }
    }

    @Test("a busy sample before the window does not matter")
    func spikeBefore() {
        #expect(rule.verdict(hour { if $0 > 45 { $1.gpuUtilization = 99 } }, now: now) == .idle)
    }

    @Test("a single null anywhere in the window means unknown", arguments: 0...45)
    func null(age: Int) {
        #expect(isUnknown(rule.verdict(hour { if $0 == age { $1.gpuUtilization = nil } }, now: now)))
    }

    @Test("negative and endless utilisation mean unknown", arguments: [-1.0, -.infinity, .nan])
    func impossible(value: Double) {
        #expect(isUnknown(rule.verdict(hour { if $0 == 9 { $1.gpuUtilization = value } }, now: now)))
    }

    @Test("a restart inside the window means unknown", arguments: 1...45)
    func restart(age: Int) {
        #expect(isUnknown(rule.verdict(hour { if $0 == age { $1.state = .stopped } }, now: now)))
    }

    @Test("the first minutes after a start say nothing")
    func warmUp() {
        #expect(isUnknown(rule.verdict(hour { if $0 == 50 { $1.state = .starting } }, now: now)))
        #expect(rule.verdict(hour { if $0 == 56 { $1.state = .starting } }, now: now) == .idle)
        #expect(isUnknown(rule.verdict(hour(), now: now, rentalStart: now - 3_000)))
        #expect(rule.verdict(hour(), now: now, rentalStart: now - 3_400) == .idle)
    }

    @Test("what is not running is unknown, whatever its history")
    func notRunning() {
        #expect(isUnknown(rule.verdict(hour { if $0 == 0 { $1.state = .offline } }, now: now)))
        #expect(isUnknown(rule.verdict([], now: now)))
    }

    @Test("a hole longer than coverage allows means unknown, wherever it is")
    func holes() {
        func without(_ ages: ClosedRange<Double>) -> [Sample] {
            hour().filter { !ages.contains((now - $0.time) / 60) }
        }
        #expect(rule.verdict(without(10...17), now: now) == .idle)
        #expect(isUnknown(rule.verdict(without(10...19), now: now)))
        #expect(isUnknown(rule.verdict(without(0...10), now: now)), "the newest sample is stale")
        #expect(isUnknown(rule.verdict(without(35...60), now: now)), "the window is longer than the history")
    }

    @Test("two samples prove nothing")
    func tooFew() {
        let samples = hour().filter { [0, 45].contains(Int((now - $0.time) / 60)) }
        #expect(isUnknown(IdleRule(window: .seconds(2_700), coverage: 0).verdict(samples, now: now)))
    }

    @Test("exact zeros are believed on a cool card with a quiet CPU only")
    func zeros() {
        #expect(rule.verdict(hour { $1.gpuUtilization = 0 }, now: now) == .idle)
        #expect(isUnknown(rule.verdict(hour { ($1.gpuUtilization, $1.gpuTemperature) = (0, 71) }, now: now)))
        #expect(isUnknown(rule.verdict(hour { ($1.gpuUtilization, $1.cpuUtilization) = (0, 0.9) }, now: now)))
        #expect(isUnknown(rule.verdict(hour { ($1.gpuUtilization, $1.cpuUtilization) = (0, 88) }, now: now)))
        #expect(rule.verdict(hour { $1.gpuTemperature = 71 }, now: now) == .idle, "not exactly zero: the sensor works")
    }

    @Test("a changed number of GPUs means unknown")
    func gpuCount() {
        #expect(isUnknown(rule.verdict(hour { if $0 > 20 { $1.gpuCount = 4 } }, now: now)))
    }

    @Test("the threshold is exclusive and its own")
    func threshold() {
        let strict = IdleRule(window: .seconds(2_700), below: 0.4)
        #expect(strict.verdict(hour(), now: now) != .idle)
        #expect(IdleRule(window: .seconds(2_700), below: 50).verdict(hour { $1.gpuUtilization = 49 }, now: now) == .idle)
    }
}
