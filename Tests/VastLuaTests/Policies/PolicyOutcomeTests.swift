import FleetSafety
import Testing
import VastAPI
import VastJSON

@testable import VastLua

/// What becomes of what policies do.
@Suite("Policies: outcomes") struct PolicyOutcomeTests {
    private static let monday = 1_795_420_800.0

    @Test("a switch of the hours that does not come about is told to vast.on(\"not_followed\") and is tried again")
    func notFollowed() async throws {
        let (run, fleet) = try await runJobs(
            """
            vast.on("not_followed", function(e) out[#out + 1] = string.format("%s %d %s %s", e.event, e.id, e.verb, e.by) why = e.why end)
            vast.policy {name = "office", match = {label = "dev*"}, up = vast.hours("mon-fri 09:00-18:00", {tz = "UTC"}), every = "5m"}
            vast.at(vast.now() + 7100, function() out[#out + 1] = why end)
            """, for: .seconds(7_200), on: [FakeFleet.row(12, FakeFleet.off.merging(["label": "dev-a"]))], start: Self.monday
        ) { fleet in
            fleet.state.withLock { $0.failures[.start] = [12: VastError(.unavailable, "GPU rented to someone else", instance: 12)] }
        }
        #expect(run.error == nil)
        #expect(run.texts.first == "not_followed 12 start us")
        #expect(run.texts.last?.contains("policy office: ") == true && run.texts.last?.contains("rented to someone else") == true)
        #expect(fleet.orders.count > 1)
    }

    @Test("a stop that failed is no act of ours: who stops and starts by hand later is judged as ever")
    func failedStop() async throws {
        let (run, fleet) = try await runJobs(
            """
            vast.policy {name = "p", match = {label = "*"}, when = function() return true end, action = "stop", every = "1m", cooldown = "5m"}
            """, for: .seconds(1_000)
        ) { fleet in
            fleet.state.withLock { state in
                state.failures[.stop] = [12: VastError(.server, "no", instance: 12)]
                state.beforeReading = { reading, rows in
                    if reading == 4 { for (name, value) in FakeFleet.off { rows[12]?[name] = value } }
                    if reading == 6 { for (name, value) in FakeFleet.on { rows[12]?[name] = value } }
                }
            }
        }
        #expect(run.jobFailure != nil || run.log.contains { $0.hasPrefix("error") })
        #expect(fleet.orders.filter { $0.verb == .stop }.count >= 2, "\(fleet.orders.count)")
    }

    @Test("a policy object tells its name, interval and next look, and ends with cancel")
    func object() async throws {
        let (run, fleet) = try await runJobs(
            """
            local p = vast.policy {name = "p", match = {label = "*"}, when = function() return true end, action = "stop", every = "2m", grace = "10m"}
            out = {p.name, p.every, tostring(p), tostring(select(2, pcall(function() return p.nxt end)))}
            vast.at(vast.now() + 130, function() out[5] = p.next - vast.now() p:cancel() out[6] = tostring(p.next) end)
            """, for: .seconds(3_600))
        #expect(run.error == nil)
        #expect(run.texts.prefix(3) == ["p", "120.0", "policy p"])
        #expect(run.texts[3].contains("'next'"))
        #expect(run.texts.suffix(2) == ["110.0", "nil"])
        #expect(fleet.orders.isEmpty && !run.isAlive)
    }

    @Test("inst:wishes() tells each wish of a label, and what is not asked for is nil")
    func wishes() async throws {
        let rows = [
            FakeFleet.row(12, ["label": "a [keep-until=2026-11-24T00:00 tz=UTC]"]),
            FakeFleet.row(13, ["label": "b [off=22:00 on=08:00 tz=UTC]"]),
            FakeFleet.row(14, ["label": "c [lease=2h]"]), FakeFleet.row(15, ["label": "d [keep]"]),
            FakeFleet.row(16, ["label": "e [lease=2]"])
        ]
        let (run, _) = try await runJobs(
            """
            local function w(id) return vast.instance(id):wishes() end
            local t = vast.now()
            vast.instances()
            out = {w(12).keep_until - t, w(13).on_at - t, w(13).off_at - t, tostring(w(14).lease_ends ~= nil), tostring(w(15).keep), tostring(w(12).keep),
              tostring(w(12).lease_ends), #w(16).problems, #w(15).problems}
            """, for: .seconds(1), on: rows, start: Self.monday, options: Runtime.Options(jobMode: .once, zone: .utc))
        #expect(run.error == nil)
        #expect(run.texts == ["57600.0", "86400.0", "50400.0", "true", "true", "false", "nil", "1", "0"], "\(run.texts)")
    }

    @Test("inst:stop_risk() tells the disk's rate, the bid and the contract's end")
    func stopRisk() async throws {
        let row = FakeFleet.row(12, ["is_bid": true, "end_date": .double(Self.monday + 3_600), "storage_total_cost": 0.05])
        let (run, _) = try await runJobs(
            """
            local r = vast.instance(12):stop_risk()
            out = {tostring(r.interruptible), r.ends_in, tostring(#r.risks > 0), tostring(r.starts)}
            """, for: .seconds(1), on: [row], start: Self.monday, options: Runtime.Options(jobMode: .once))
        #expect(run.error == nil)
        #expect(run.texts == ["true", "3600.0", "true", "nil"])
    }
}
