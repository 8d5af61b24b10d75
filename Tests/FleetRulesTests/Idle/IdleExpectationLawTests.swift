import FleetClock
import FleetRules
import Foundation
import Testing
import VastModels

/// When a window will be quiet if nothing changes.
@Suite struct IdleExpectationLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 150)
    private let now = 1_795_000_000.0

    /// Readings of the last hours at random distances: mostly quiet, some of work, of another state or of nothing.
    private func history(_ dice: inout SeededGenerator) -> [Sample] {
        var (time, samples) = (now - Double.random(in: 0...9_000, using: &dice), [Sample]())
        while time < now {
            var sample = Sample(
                time: time, state: .running, gpuUtilization: 0.4, gpuTemperature: 31, cpuUtilization: 0.02, gpuCount: 2)
            switch Int.random(in: 0..<20, using: &dice) {
            case 0: sample.gpuUtilization = 97
            case 1: sample.gpuUtilization = nil
            case 2: sample.state = .stopped
            default: break
            }
            samples.append(sample)
            // Who asks has just read it.
            if time < now, time > now - 200 { break }
            time += Double.random(in: 0..<10, using: &dice) < 1 ? 1_500 : Double.random(in: 30...200, using: &dice)
        }
        if var last = samples.last {
            last.time = now
            samples.append(last)
        }
        return samples
    }

    @Test("it is when the rule first says idle of readings like the last one, and never in the past", arguments: seeds)
    func law(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let rule = IdleRule(window: .seconds([600, 1_800, 2_700].randomElement(using: &dice) ?? 600), warmUp: .seconds(300))
        let samples = history(&dice)
        let rentalStart = Bool.random(using: &dice) ? now - Double.random(in: 0...5_000, using: &dice) : nil
        // The same, by waiting.
        var (known, time, found) = (samples, now, Double?.none)
        let step = 15.0
        while time <= now + rule.window.seconds + rule.warmUp.seconds + 3 * step, found == nil, let last = samples.last {
            if rule.verdict(known, now: time, rentalStart: rentalStart) == .idle { found = time }
            time += step
            var next = last
            next.time = time
            known.append(next)
        }
        let expected = rule.expected(samples, now: now, rentalStart: rentalStart)
        #expect((expected == nil) == (found == nil), "\(String(describing: expected)) \(String(describing: found))")
        if let expected, let found {
            #expect(expected >= now)
            #expect(abs(expected - found) <= 4 * 60 + step, "\(expected - now) \(found - now)")
        }
    }

    @Test("a GPU at work is never expected to be idle, nor one that is off, or was never read")
    func never() {
        let rule = IdleRule(window: .seconds(600))
        for sample in [Sample(time: now, state: .running, gpuUtilization: 96, gpuCount: 1), Sample(time: now, state: .stopped)] {
            #expect(rule.expected([sample], now: now) == nil)
        }
        #expect(rule.expected([], now: now) == nil)
    }

    @Test("one busy reading among quiet ones is waited for until it has left the window")
    func once() throws {
        let rule = IdleRule(window: .seconds(600), warmUp: .zero)
        let samples = (0...20).map { number in
            Sample(time: now - 1_200 + Double(number) * 60, state: .running, gpuUtilization: number == 17 ? 50 : 1, gpuCount: 1)
        }
        #expect(try abs(#require(rule.expected(samples, now: now)) - (now - 180 + 600)) < 2)
    }
}
