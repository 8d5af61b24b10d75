import FleetClock
import FleetRules
import FleetWorld
import Testing
import VastModels

/// Readings that forget what nobody asks for answer what those answer that forget nothing.
@Suite("Readings that are bounded") struct ReadingsLawTests {
    private static let id: InstanceID = 7

    @Test("answer questions about the time asked for as unbounded ones do, and keep little more than that time")
    func law() async {
        let result = await Sweep("readings", count: 200, seeds: nil).run { Self.check(seed: $0) }
        #expect(result.failures.isEmpty)
    }

    private static func check(seed: UInt64) -> String? {
        var random = SeededGenerator(seed: seed)
        let horizon = Double.random(in: 60...20_000, using: &random)
        var bounded = Readings(horizon: .seconds(horizon))
        var whole = Readings(capacity: .max / 2, horizon: .seconds(1 << 40))
        var time = 1_795_000_000.0
        var state = InstanceState.running
        for step in 0..<Int.random(in: 1...2_000, using: &random) {
            time += Double.random(in: 1...120, using: &random)
            if Int.random(in: 0..<40, using: &random) == 0 {
                state = [.running, .stopped, .starting].randomElement(using: &random) ?? state
            }
            let sample = Sample(time: time, state: state, gpuUtilization: Bool.random(using: &random) ? 0 : 3, gpuCount: 1)
            bounded.add(sample, for: id)
            whole.add(sample, for: id)
            if step % 17 == 0, let text = difference(bounded, whole, horizon, time, &random) { return "after \(step) readings: \(text)" }
        }
        let (oldest, count) = (bounded.samples(of: id).first?.time ?? time, bounded.samples(of: id).count)
        let needed = whole.samples(of: id, since: time - horizon).count
        return count > needed * 4 / 3 + 20 ? "\(count) samples since \(time - oldest) s for \(horizon) s with \(needed)" : nil
    }

    private static func difference(
        _ bounded: Readings, _ whole: Readings, _ horizon: Double, _ now: Double, _ random: inout SeededGenerator
    ) -> String? {
        let since = now - Double.random(in: 0...horizon, using: &random)
        if bounded.samples(of: id, since: since) != whole.samples(of: id, since: since) { return "other samples since \(since)" }
        for state in InstanceState.allCases {
            if bounded.time(of: id, in: state, now: now) != whole.time(of: id, in: state, now: now) { return "another time \(state)" }
            if bounded.wasOther(than: state, id) != whole.wasOther(than: state, id) { return "another history than \(state)" }
        }
        if bounded.firstTime(of: id) != whole.firstTime(of: id) { return "another first reading" }
        let rule = IdleRule(window: .seconds(horizon / 2), warmUp: .seconds(horizon / 4))
        let verdicts = [bounded, whole].map { rule.verdict($0.samples(of: id), now: now) }
        return verdicts[0] == verdicts[1] ? nil : "\(verdicts[0]) instead of \(verdicts[1])"
    }

    @Test("forget an instance that is gone, and one whose clock was set back knows its new times only")
    func forgetting() {
        var readings = Readings(horizon: .seconds(60))
        for time in 0..<1_000 { readings.add(Sample(time: Double(time) * 60 + 100_000, state: .running), for: Self.id) }
        readings.add(Sample(time: 50_000, state: .running), for: Self.id)
        #expect(readings.samples(of: Self.id).map(\.time) == [50_000])
        #expect(readings.firstTime(of: Self.id) == 50_000 && readings.time(of: Self.id, in: .running, now: 50_060) == 60)
        readings.forget([Self.id])
        #expect(readings.last(of: Self.id) == nil && readings.firstTime(of: Self.id) == nil)
    }
}
