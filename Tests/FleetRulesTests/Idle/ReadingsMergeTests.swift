import FleetRules
import Testing
import VastModels

@Suite("Readings of this process and of others") struct ReadingsMergeTests {
    private func sample(_ time: Double) -> Sample { Sample(time: time, state: .running) }

    private func merged(_ own: [Double], _ others: [Double]) -> [Double] {
        var readings = Readings()
        for time in own { readings.add(sample(time), for: 12) }
        readings.merge([12: others.map(sample)])
        return readings.samples(of: 12).map(\.time)
    }

    @Test("what is older comes first, what is between comes between, in the order of times")
    func order() {
        #expect(merged([100, 200], [10, 20]) == [10, 20, 100, 200])
        #expect(merged([100, 200], [150, 250]) == [100, 150, 200, 250])
        #expect(merged([], [1, 2]) == [1, 2])
        #expect(merged([1, 2], []) == [1, 2])
    }

    @Test("the same reading, of which the disk keeps the second alone, is there once")
    func once() {
        #expect(merged([100.7, 200.2], [100, 150, 200]) == [100.7, 150, 200.2])
    }
}
