import FleetSafety
import Foundation
import Testing
import VastAPI
import VastJSON

@testable import VastLua

/// The scripts of the package that live on policies, on virtual time.
@Suite("Scripts with policies") struct ScriptPolicyTests {
    private func script(_ name: String, _ arguments: String = "") throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../scripts/\(name).lua")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.split(separator: "\n").count < 40)
        return "arg = {\(arguments)} " + text
    }

    private func orders(_ fleet: FakeFleet) -> [String] { fleet.orders.map { "\($0.verb) \($0.ids)" } }

    @Test("idle-stop stops what was idle for its window and grace, and keeps what is labelled keep")
    func idleStop() async throws {
        let rows = [
            FakeFleet.row(12, ["label": "a"]), FakeFleet.row(13, ["label": "keep-b"]), FakeFleet.row(14, ["label": "c", "gpu_util": 97]),
            FakeFleet.row(15, ["label": "d [keep]"]), FakeFleet.row(16, ["label": "e", "gpu_util": nil])
        ]
        let (run, fleet) = try await runJobs(try script("idle-stop"), for: .seconds(2 * 3_600), on: rows)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(orders(fleet) == ["stop [12]"])
        #expect(run.logged("it is stopped in 10m") == 1)
    }

    @Test("idle-stop stops what carries brackets of others, and reports and leaves alone what was meant for it and cannot be read")
    func brackets() async throws {
        let foreign = [
            "gpt2 [lr=3e-4 bs=64]", "[deep]", "[on hold]", "[seed=1]", "[days 3-5]", "[rank=0/8]", "[off-policy]", "[tz]", "[v2]",
            "[sleep]", "arr[3]"
        ]
        let kept = ["[kep]", "x [keep owner=anna]", "[keep-until=soon]", "[lease=8]", "[freze]"]
        let rows = (foreign + kept).enumerated().map { FakeFleet.row(Int64(100 + $0.offset), ["label": .string($0.element)]) }
        let (run, fleet) = try await runJobs(try script("idle-stop"), for: .seconds(2 * 3_600), on: rows)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(Set(fleet.orders.flatMap(\.ids)) == Set((100..<111).map { InstanceID($0) }))
        #expect(run.logged("is left alone by policies") == 4)
    }

    @Test("lease ends no lease that cannot be read, and sees one with spaces in it")
    func leases() async throws {
        let place = StatePlace()
        let labels = [
            "a [lease=2 days]", "b [lease=90 days]", "c [lease=8]", "d [lease=1.5]", "e [lease=8 hours]", "f [lease = 2h]", "g [lease=5m]",
            "h [lease] released"
        ]
        let rows = labels.enumerated().map { FakeFleet.row(Int64(100 + $0.offset), ["label": .string($0.element)]) }
        _ = try await runJobs(try script("lease"), for: .seconds(600), on: rows, state: place.state)
        let (run, fleet) = try await runJobs(try script("lease"), for: .seconds(400), on: rows, start: 1_795_007_200, state: place.state)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(orders(fleet) == ["stop [105]"])
        #expect(run.logged("is left alone by policies") == 3)
    }

    @Test("office-hours starts in the morning, stops in the evening, on working days only")
    func officeHours() async throws {
        let rows = [FakeFleet.row(12, FakeFleet.off.merging(["label": "dev-a"])), FakeFleet.row(13, ["label": "train"])]
        // Friday 2026-11-20, 00:00 in UTC.
        let (run, fleet) = try await runJobs(
            try script("office-hours"), for: .seconds(4 * 86_400), on: rows, start: 1_795_132_800)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(orders(fleet) == ["start [12]", "stop [12]", "start [12]", "stop [12]"])
    }

    @Test("lease stops what has run for as long as its label says, and nothing without a lease")
    func lease() async throws {
        let place = StatePlace()
        let rows = [FakeFleet.row(12, ["label": "a [lease=2h]"]), FakeFleet.row(13), FakeFleet.row(14, ["label": "c [lease=2h] [keep]"])]
        let (run, fleet) = try await runJobs(try script("lease"), for: .seconds(7_100), on: rows, state: place.state)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(fleet.orders.isEmpty)
        let (_, later) = try await runJobs(
            try script("lease"), for: .seconds(400), on: rows, start: 1_795_007_200, state: place.state)
        #expect(orders(later) == ["stop [12]"])
    }

    @Test("an instance's own hours in its label are followed with up = \"label\"")
    func labelHours() async throws {
        let rows = [
            FakeFleet.row(12, ["label": "a [off=10:00]"]), FakeFleet.row(13, FakeFleet.off.merging(["label": "b [on=09:30 tz=UTC]"])),
            FakeFleet.row(14, ["label": "c [off=9:99]"])
        ]
        let options = Runtime.Options(zone: .utc)
        let (run, fleet) = try await runJobs(
            "vast.policy {name = 'wishes', match = {label = '*[*'}, up = 'label'}", for: .seconds(30 * 3_600), on: rows,
            start: 1_795_420_800, options: options)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(orders(fleet) == ["start [13]", "stop [12]"])
        #expect(run.logged("off=HH:MM expected") == 1)
    }

    @Test("start-retry starts what is free, names what is taken, and fails when some are")
    func startRetry() async throws {
        let off = FakeFleet.off.merging(["label": "dev-a"])
        let (run, fleet) = try await runJobs(
            "local said = {} function print(...) said[#said + 1] = table.concat({...}, ' ') out[1] = table.concat(said, '|') end "
                + (try script("start-retry", "'dev*', '2h', 5")), for: .seconds(1),
            on: [FakeFleet.row(12, off), FakeFleet.row(13, off), FakeFleet.row(14)],
            options: Runtime.Options(jobMode: .once)
        ) { fleet in
            fleet.state.withLock { $0.failures[.start] = [13: VastError(.unavailable, "taken", instance: 13)] }
        }
        #expect(fleet.orders.count == 1 && fleet.orders.first?.ids == [12, 13])
        #expect(fleet.orders.first?.unavailable == .retry(every: .seconds(300), within: .seconds(7_200), maxRate: USDPerHour(5)))
        #expect(run.texts.first?.hasPrefix("12 dev-a started|13 dev-a still taken: ") == true, "\(run.texts)")
        #expect(run.error?.contains("1 of 2 failed") == true)
    }

    @Test("outbid-alert tells of what was outbid and what went away, and nothing of what we do")
    func outbidAlert() async throws {
        let rows = [FakeFleet.row(12, ["is_bid": true, "dph_base": 0.41, "min_bid": 0.5]), FakeFleet.row(13, ["label": "b"])]
        let (run, fleet) = try await runJobs(try script("outbid-alert"), for: .seconds(1_000), on: rows) { fleet in
            fleet.state.withLock { state in
                state.beforeReading = { reading, rows in
                    if reading == 3 {
                        for (name, value) in FakeFleet.off.merging(["intended_status": "running"]) { rows[12]?[name] = value }
                    }
                    if reading == 5 { rows[13] = nil }
                }
            }
        }
        #expect(run.error == nil && run.jobFailure == nil && fleet.orders.isEmpty)
        #expect(run.logged("warning outbid: 12") == 1 && run.logged("somebody bids more than our $0.4100/h") == 1, "\(run.log)")
        #expect(run.logged("warning gone: 13") == 1)
    }

    @Test("budget-governor stops what is labelled dev first, and tells about it")
    func budgetGovernor() async throws {
        let rows = [
            FakeFleet.row(12, ["label": "train-a", "instance": ["totalHour": 2.0]]),
            FakeFleet.row(13, ["label": "dev-a", "instance": ["totalHour": 2.0]]),
            FakeFleet.row(14, ["label": "prod", "instance": ["totalHour": 2.0]])
        ]
        let (run, fleet) = try await runJobs(try script("budget-governor", "'120', '1s'"), for: .seconds(100), on: rows)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(orders(fleet) == ["stop [13]"], "\(run.log)")
    }

    @Test("morning-report prints the bill by state, what is dead, and how long the credit lasts")
    func morningReport() async throws {
        let (run, fleet) = try await runJobs(
            "function print(text) out[1] = text end " + (try script("morning-report")), for: .seconds(1),
            on: [FakeFleet.row(12), FakeFleet.row(13, FakeFleet.off), FakeFleet.row(14, ["actual_status": "exited", "label": "done"])],
            options: Runtime.Options(jobMode: .once))
        #expect(run.error == nil && fleet.orders.isEmpty)
        let text = try #require(run.texts.first)
        #expect(text.hasPrefix("3 instances, $"))
        #expect(text.contains("  running     1  $") && text.contains("  stopped     1  $") && text.contains("lasts"), "\(text)")
    }
}
