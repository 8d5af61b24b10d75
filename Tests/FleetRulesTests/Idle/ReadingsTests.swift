import FleetRules
import Testing
import VastModels

struct ReadingsTests {
    private func sample(_ time: Double, _ state: InstanceState = .running) -> Sample { Sample(time: time, state: state) }

    @Test("samples stay in the order of their times and none counts twice")
    func order() {
        var readings = Readings()
        for time in [1.0, 2, 2, 1, 3] { readings.add(sample(time), for: 7) }
        #expect(readings.samples(of: 7).map(\.time) == [1, 2, 3])
        #expect(readings.samples(of: 7, since: 2).map(\.time) == [2, 3])
        #expect(readings.samples(of: 8).isEmpty)
    }

    @Test("memory is bounded and the newest samples are kept")
    func bounded() {
        var readings = Readings(capacity: 10)
        for time in 0..<1_000 { readings.add(sample(Double(time)), for: 7) }
        #expect(readings.samples(of: 7).count < 20)
        #expect(readings.samples(of: 7).last?.time == 999)
    }

    @Test("time in a state counts from the first sample after the last other one")
    func timeInState() {
        var readings = Readings()
        for (time, state) in [(0.0, InstanceState.running), (60, .stopped), (120, .running), (180, .running)] {
            readings.add(sample(time, state), for: 7)
        }
        #expect(readings.time(of: 7, in: .running, now: 200) == 80)
        #expect(readings.time(of: 7, in: .dead, now: 200) == nil)
        #expect(readings.time(of: 8, in: .running, now: 200) == nil)
    }
}
