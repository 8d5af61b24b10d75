import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@testable import VastSimulator

@Suite struct WorkloadTests {
    private func readings(_ kind: Workload.Kind, hours: Double = 12) -> [Reading] {
        let noise = Noise(seed: 7, instance: 3)
        return (0..<Int64(hours * 180)).map {
            Workload(kind).reading(at: beginning.addingTimeInterval(Double($0) * 20), step: $0, noise: noise)
        }
    }

    @Test("what idles is cold and never above two percent")
    func idle() {
        let readings = readings(.idle)
        #expect(readings.allSatisfy { ($0.gpu ?? 100) <= 2 && ($0.celsius ?? 100) < 40 })
        #expect(readings.contains { $0.gpu == 0 })
    }

    @Test("what trains is busy nearly all the time, and never quiet for five minutes")
    func training() {
        let busy = readings(.training).map { ($0.gpu ?? 0) >= 5 }
        #expect(Double(busy.count { $0 }) > 0.95 * Double(busy.count))
        #expect(!busy.indices.dropLast(15).contains { start in !busy[start..<start + 15].contains(true) })
    }

    @Test("what serves has both bursts and gaps of a quarter of an hour")
    func serving() {
        let quiet = readings(.serving).map { $0.gpu == 0 }
        #expect(quiet.contains(false))
        #expect(quiet.indices.dropLast(45).contains { start in !quiet[start..<start + 45].contains(false) })
    }

    @Test("a hung kernel shows 97 percent for ever")
    func stuck() { #expect(readings(.stuck).allSatisfy { $0.gpu == 97 }) }

    @Test("null spells come and go")
    func nullSpells() {
        let readings = readings(.nullSpells)
        #expect(readings.contains { $0.gpu == nil } && readings.contains { $0.gpu != nil })
    }

    @Test("false zeros are exact zeros on a hot card with a busy processor")
    func falseZeros() {
        #expect(readings(.falseZeros).allSatisfy { $0.gpu == 0 && ($0.celsius ?? 0) > 55 && ($0.cpu ?? 0) > 0.05 })
    }

    @Test("work that is done idles from then on")
    func finishes() {
        let work = Workload(.training, until: beginning.addingTimeInterval(100))
        let noise = Noise(seed: 1, instance: 1)
        #expect((work.reading(at: beginning, step: 0, noise: noise).celsius ?? 0) > 55)
        #expect((work.reading(at: beginning.addingTimeInterval(100), step: 5, noise: noise).celsius ?? 100) < 40)
    }
}
