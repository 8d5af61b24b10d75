import FleetRules
import Testing
import VastModels

@Suite("Signals beside the GPU") struct IdleSignalTests {
    private let now = 1_795_000_000.0

    private func verdict(_ signals: IdleSignals, _ edit: (Int, inout Sample) -> Void = { _, _ in }) -> IdleRule.Verdict {
        var rule = IdleRule(window: .seconds(2_700))
        rule.signals = signals
        let samples = (0...60).reversed().map { minutes in
            var sample = Sample(
                time: now - Double(minutes) * 60, state: .running, gpuUtilization: 0.4, gpuTemperature: 31, cpuUtilization: 0.02,
                diskUsage: 40, networkUp: 1, networkDown: 2, gpuCount: 2)
            edit(minutes, &sample)
            return sample
        }
        return rule.verdict(samples, now: now)
    }

    private var all: IdleSignals {
        var signals = IdleSignals()
        (signals.cpuBelow, signals.networkBelow, signals.diskGrowthBelow, signals.temperatureBelow) = (10, 5, 1, 60)
        return signals
    }

    private static let loudEdits: [@Sendable (inout Sample) -> Void] = [
        { $0.cpuUtilization = 0.5 }, { $0.cpuUtilization = 50 }, { $0.networkDown = 5 }, { $0.networkUp = 90 }, { $0.diskUsage = 41 },
        { $0.gpuTemperature = 60 }
    ]
    private static let silentEdits: [@Sendable (inout Sample) -> Void] = [
        { $0.cpuUtilization = nil }, { $0.networkUp = nil }, { $0.networkDown = nil }, { $0.diskUsage = nil }, { $0.gpuTemperature = nil },
        { $0.gpuTemperature = .nan }, { $0.cpuUtilization = -1 }
    ]

    @Test("where all are quiet it is idle")
    func quiet() { #expect(verdict(all) == .idle) }

    @Test(
        "one loud sample in the window is work; before the window, or where nobody asked, it does not matter", arguments: loudEdits.indices)
    func loud(index: Int) {
        let busy = verdict(all) { if $0 == 20 { Self.loudEdits[index](&$1) } }
        guard case .busy = busy else {
            Issue.record("\(busy)")
            return
        }
        #expect(verdict(all) { if $0 == 50 { Self.loudEdits[index](&$1) } } == .idle)
        #expect(verdict(IdleSignals()) { if $0 == 20 { Self.loudEdits[index](&$1) } } == .idle)
    }

    @Test("one that is not known in a single sample makes the answer unknown", arguments: silentEdits.indices)
    func silent(index: Int) {
        let unknown = verdict(all) { if $0 == 20 { Self.silentEdits[index](&$1) } }
        guard case .unknown = unknown else {
            Issue.record("\(unknown)")
            return
        }
        #expect(verdict(IdleSignals()) { if $0 == 20 { Self.silentEdits[index](&$1) } } == .idle)
    }
}
