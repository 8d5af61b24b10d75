import FleetClock
import Testing
import VastAPI
import VastJSON

@testable import FleetRules
@testable import FleetStore

@Suite("Numbers that are kept")
struct KeptNumberTests {
    static let numbers: [Double] = [
        1e308, -1e308, 1e300, 1e19, -1e19, 9.3e18, -9.3e18, 9_223_372_036_854_775_807, 1e-320, -0.0, 0, -1, 1_795_000_000, .infinity,
        -.infinity, .nan
    ]

    @Test("a policy's memory is read without what can be no time, and reckoned with: 48 texts")
    func policyMemory() {
        var count = 0
        for number in [
            "1e308", "-1e308", "1e19", "9.3e18", "9223372036854775807", "9223372036854775808", "-1", "1e-320", "-0", "null",
            "\"NaN\"", "1795000000"
        ] {
            for member in ["marks", "left_alone", "edges", "acts"] {
                let value = member == "acts" ? "[\(number),\"stop\",true]" : number
                var memory = PolicyMemory(json: #"{"\#(member)":{"12":\#(value)}}"#)
                #expect(PolicyMemory(json: memory.json) == memory)
                let hold = PolicyHold.find(12, .running, wish: nil, isNew: false, memory, PolicyRules(name: "p"), now: 1_795_000_000)
                #expect(hold?.end?.isFinite ?? true)
                memory.note(.running, of: 12, now: 1_795_000_000, leaveAloneFor: .seconds(60)) { false }
                count += 1
            }
        }
        #expect(count == 48)
        #expect(PolicyMemory(json: #"{"marks":{"12":1e19}}"#).marks.isEmpty)
    }

    @Test("samples of any size and time are judged and kept: 16 numbers in 9 figures")
    func samples() throws {
        let place = try TemporaryDirectory()
        let store = SampleStore(StateDatabase(directory: place.path + "/state"), account: "a")
        var rule = IdleRule(window: .seconds(1_800))
        (rule.signals.cpuBelow, rule.signals.networkBelow, rule.signals.diskGrowthBelow, rule.signals.temperatureBelow) = (10, 5, 1, 60)
        for (position, number) in Self.numbers.enumerated() {
            let all = Sample(
                time: number, state: .running, gpuUtilization: number, gpuTemperature: number, cpuUtilization: number, memoryUsage: number,
                diskUsage: number, networkUp: number, networkDown: number, rate: number)
            try store.add([(InstanceID(Int64(position)), all)])
            for time in Self.numbers {
                var late = all
                late.time = time
                // The newest shows zero percent and a heat that nobody can have.
                var hot = Sample(time: 1_795_000_000, state: .running, gpuUtilization: 0, gpuTemperature: number, cpuUtilization: 0)
                (hot.networkUp, hot.networkDown, hot.diskUsage) = (0, 0, 1)
                for rule in [rule, IdleRule(window: .seconds(1_800), coverage: 0)] {
                    for now in [1_795_000_000, time] {
                        let verdict = rule.verdict([late, hot, hot, hot], now: now, rentalStart: time)
                        _ = IdleEvidence([late, hot], rule, now: now).text(verdict, rule, now: now)
                    }
                }
            }
        }
        for time in Self.numbers { _ = try store.samples(since: time, until: -time) }
    }

    @Test("what a card at an absurd heat shows is unknown, not idle")
    func heat() {
        let samples = (0...60).map { Sample(time: Double($0) * 60, state: .running, gpuUtilization: 0, gpuTemperature: 1e30) }
        let verdict = IdleRule(window: .seconds(1_800)).verdict(samples, now: 3_600)
        guard case .unknown(let why) = verdict else { return #expect(Bool(false), "\(verdict)") }
        #expect(why.contains("GPU"))
    }

    @Test("savings of any rate and time are written as JSON")
    func savings() throws {
        for rate in Self.numbers {
            for time in Self.numbers where time.isFinite {
                let saving = Saving(
                    instance: 1, label: "", run: "r", policy: nil, from: 0, to: time, isOver: true, rate: USDPerHour(rate))
                #expect(try JSONDocument(parsing: JSONValue.object(saving.json).serialized()).root["instance"]?.int64 == 1)
            }
        }
    }

    @Test("a run that was missed at any time is judged")
    func missed() {
        for now in Self.numbers {
            for last in [Int64.min, -1, 0, 1_795_000_000, .max] {
                var due = DueInstants()
                (due.count, due.last) = (1, last)
                let missed = MissedRuns(due, now: now, rule: .init(catchUp: .once, maxLate: .seconds(60)))
                #expect(missed.skipped == (missed.run == nil ? 1 : 0))
            }
        }
    }

    @Test(
        "lengths are read from any text without a trap, and written",
        arguments: [
            "1e308", "99999999999999999999", "99999999999999999999d", "9223372036854775808", "1.7e20s", "-1", "NaN", "inf", "0",
            "31622400000",
            "31622400001", "999999d", "1000000000000000000000000000000000000h", ".", "1.5.5", "٣"
        ])
    func lengths(text: String) {
        if let length = try? DurationFormat.parse(text) {
            #expect(length >= .zero && length <= .seconds(31_622_400_000))
            #expect(!DurationFormat.format(length).isEmpty)
        }
        for number in Self.numbers { #expect(!DurationFormat.format(Duration(clampingSeconds: number)).isEmpty) }
    }
}
