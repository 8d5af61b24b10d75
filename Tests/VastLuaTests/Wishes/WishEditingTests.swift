import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("inst:set_wish") struct WishEditingTests {
    @Test("it writes one wish, reads it again, and gives the instance as it is now")
    func writing() async throws {
        let (run, fleet) = try await runJobs(
            """
            local inst = vast.instance(12)
            inst = inst:set_wish("lease", "8h") out = {inst.label}
            out[2] = inst:set_wish("keep", true).label
            out[3] = vast.instance(12):set_wish("lease").label
            out[4] = vast.instance(12):set_wish("lease").label
            """, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [v2]"])], options: .init(jobMode: .once))
        #expect(run.error == nil)
        #expect(run.texts == ["a [v2] [lease=8h]", "a [v2] [lease=8h keep]", "a [v2] [keep]", "a [v2] [keep]"])
        #expect(fleet.orders.count == 3)
    }

    @Test(
        "what somebody else writes elsewhere in the label stays; the same wish changed by somebody else, and a write that is overwritten, are conflicts"
    )
    func others() async throws {
        let script =
            "local inst = vast.instance(12) local ok, e = pcall(inst.set_wish, inst, 'lease', '8h') out = {ok and e.label or e.kind, tostring(e)}"
        func run(_ edit: @escaping @Sendable (Int, inout [InstanceID: JSONObject]) -> Void) async throws -> [String] {
            try await runJobs(
                script, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [lease=1h]"])], options: .init(jobMode: .once),
                prepare: { fleet in fleet.state.withLock { $0.beforeShow = edit } }
            ).0.texts
        }
        #expect(try await run { if $0 == 2 { $1[12]?["label"] = "b [lease=1h]" } }[0] == "b [lease=8h]")
        #expect(try await run { if $0 == 2 { $1[12]?["label"] = "a [lease=2h]" } }[0] == "conflict")
        let lost = try await run { if $0 == 3 { $1[12]?["label"] = "mine" } }
        #expect(lost[0] == "conflict" && lost[1].contains("'mine'"))
    }
}
