import FleetClock
import Foundation
import Testing
import VastJSON

@testable import VastAPI

@Suite("An instance")
struct InstanceTests {
    private static let now = Date(timeIntervalSince1970: 1_795_163_611)

    private static func make(_ text: String, hints: InstanceHints = .none) throws -> Instance {
        try #require(Instance(row: try JSONDocument(parsing: text).root, observedAt: now, hints: hints))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let fields: String
        let state: InstanceState
        let billing: Billing
        var hints = InstanceHints.none
        var testDescription: String { "\(fields) \(state)" }

        init(
            _ actual: String?, _ intended: String, _ cur: String, _ state: InstanceState, _ billing: Billing,
            _ more: String = #","is_bid":false"#, hints: InstanceHints = .none
        ) {
            let actual = actual.map { "\"\($0)\"" } ?? "null"
            fields = #""actual_status":\#(actual),"intended_status":"\#(intended)","cur_state":"\#(cur)"\#(more)"#
            (self.state, self.billing, self.hints) = (state, billing, hints)
        }
    }

    static let cases: [Case] = [
        Case("running", "running", "running", .running, .gpu),
        Case("loading", "running", "running", .running, .gpu, hints: .init(wasRunning: true)),
        Case("loading", "running", "running", .starting, .storage),
        Case(nil, "running", "running", .starting, .storage),
        Case("created", "running", "running", .starting, .storage),
        Case("rebooting", "running", "running", .starting, .storage),
        Case("recycling", "running", "running", .starting, .storage),
        Case("exited", "running", "running", .starting, .storage, hints: .init(justStarted: true)),
        Case("exited", "running", "running", .dead, .gpu),
        Case("running", "stopped", "running", .stopping, .gpu),
        Case("running", "stopped", "stopped", .stopping, .gpu),
        Case("exited", "stopped", "stopped", .stopped, .storage),
        Case("stopped", "stopped", "stopped", .stopped, .storage),
        Case("exited", "running", "stopped", .queued, .storage),
        Case("stopped", "running", "stopped", .outbid, .storage, #","is_bid":true"#),
        Case("frozen", "frozen", "running", .frozen, .gpu),
        Case("offline", "running", "running", .offline, .none),
        Case("unknown", "stopped", "stopped", .offline, .unknown),
        Case("created", "stopped", "stopped", .failed, .storage, #","status_msg":"OCI runtime create failed""#),
        Case("created", "stopped", "stopped", .stopped, .storage, #","status_msg":"success, running x/ssh""#),
        Case("created", "stopped", "stopped", .stopped, .storage, #","status_msg":"created from me/error-tracker:1, 0 errors""#),
        Case("loading", "stopped", "stopped", .stopped, .storage), Case(nil, "stopped", "stopped", .stopped, .storage),
        Case("loading", "stopped", "stopped", .outbid, .storage, #","is_bid":true"#, hints: .init(isOutbid: true)),
        Case("loading", "running", "stopped", .starting, .storage), Case(nil, "running", "stopped", .starting, .storage),
        Case("loading", "running", "loading", .starting, .storage), Case("created", "running", "stopped", .starting, .storage),
        Case("restarting", "running", "running", .starting, .storage), Case("restarting", "running", "stopped", .starting, .storage),
        Case("loading", "running", "stopped", .starting, .storage, #","is_bid":true"#),
        Case("loading", "running", "stopped", .outbid, .storage, #","is_bid":true"#, hints: .init(isOutbid: true)),
        Case("loading", "running", "stopped", .starting, .storage, hints: .init(isOutbid: true)),
        Case(" Running ", "RUNNING", "running", .running, .gpu), Case("Exited", "Stopped", "STOPPED", .stopped, .storage),
        Case("OFFLINE", "running", "running", .offline, .none),
        Case("pulling", "running", "running", .starting, .storage), Case("pulling", "running", "stopped", .starting, .storage),
        Case("creating", "running", "running", .starting, .storage), Case("pulling", "stopped", "stopped", .stopped, .storage),
        Case("scheduling", "running", "running", .starting, .storage), Case("scheduling", "running", "stopped", .queued, .storage),
        Case("scheduling", "running", "stopped", .outbid, .storage, #","is_bid":true"#),
        Case("created", "stopped", "running", .stopping, .storage), Case("loading", "stopped", "running", .stopping, .storage),
        Case(nil, "stopped", "running", .stopping, .storage), Case("pulling", "stopped", "running", .stopping, .storage),
        Case("exited", "stopped", "running", .stopping, .gpu), Case("rebooting", "stopped", "running", .stopping, .gpu),
        Case("rebooting", "stopped", "stopped", .stopping, .gpu), Case("stopped", "running", "running", .dead, .gpu),
        Case("exited", "running", "stopped", .queued, .storage, ""), Case("stopped", "running", "stopped", .queued, .storage, ""),
        Case("something new", "running", "running", .unknown, .unknown)
    ]

    @Test("has its state from three fields together", arguments: cases)
    func states(example: Case) throws {
        let instance = try Self.make("{\"id\":1,\(example.fields)}", hints: example.hints)
        #expect(instance.state == example.state && instance.billing == example.billing)
    }

    @Test("whose status was not selected is unknown, not starting")
    func missingStatus() throws {
        #expect(try Self.make(#"{"id":1,"intended_status":"running","cur_state":"running"}"#).state == .unknown)
    }

    @Test("has nil, never zero, for what is missing, null, of another type or not measured")
    func unknowns() throws {
        for row in [
            #"{"id":1}"#, #"{"id":1,"gpu_util":null,"disk_usage":null,"label":null,"start_date":null,"instance":null}"#,
            #"{"id":1,"gpu_util":"x","disk_usage":-1,"label":7,"start_date":"x","instance":[]}"#
        ] {
            let instance = try Self.make(row)
            #expect(instance.gpuUtilization == nil && instance.diskUsage == nil && instance.rate == nil)
            #expect(instance.label == "" && instance.age() == nil && instance.endsIn() == nil)
        }
    }

    @Test("reads floats where integers are meant, and costs where they are")
    func fields() throws {
        let instance = try Self.make(
            #"""
            {"id":40112233.0,"num_gpus":2.0,"start_date":1795160011.0,"end_date":1795163671,"dph_total":0.7,
             "storage_total_cost":0.02,"search":{"totalHour":0.71},"instance":{"totalHour":0.02}}
            """#)
        #expect(instance.id == 40_112_233 && instance.gpuCount == 2)
        #expect(instance.rate == USDPerHour(0.02) && instance.rateOn == USDPerHour(0.71))
        #expect(instance.rateOff == USDPerHour(0.02))
        #expect(instance.age() == .seconds(3600) && instance.endsIn() == .seconds(60))
    }

    @Test(
        "whose row does not say what it costs now costs what is billed, and an absurd number is no rate",
        arguments: [
            ("running", "", 1.0), ("exited", "", 0.2), ("offline", "", nil), ("running", #","instance":{}"#, 1.0),
            ("running", #","instance":{"totalHour":null}"#, 1.0), ("running", #","instance":{"totalHour":0.5}"#, 0.5),
            ("running", #","instance":{"totalHour":-1}"#, nil)
        ] as [(String, String, Double?)])
    func derivedRate(actual: String, more: String, rate: Double?) throws {
        let wanted = actual == "exited" ? "stopped" : "running"
        let row =
            #"{"id":1,"is_bid":false,"actual_status":"\#(actual)","intended_status":"\#(wanted)","cur_state":"\#(wanted)","dph_total":1.0,"storage_total_cost":0.2\#(more)}"#
        #expect(try Self.make(row).rate?.rawValue == rate)
    }

    @Test("is none without a whole-numbered id", arguments: ["{}", "[]", "1", #"{"id":"7"}"#, #"{"id":1.5}"#, #"{"id":null}"#])
    func noID(row: String) throws {
        #expect(Instance(row: try JSONDocument(parsing: row).root, observedAt: Self.now) == nil)
    }

    @Test("never shows its secrets")
    func secrets() throws {
        let instance = try Self.make(
            #"{"id":1,"jupyter_token":"SECRET","extra_env":[["K","SECRET"]],"onstart":"SECRET","label":"x"}"#)
        var dumped = ""
        dump(instance, to: &dumped)
        #expect(!"\(instance) \(String(reflecting: instance)) \(dumped)".contains("SECRET"))
        #expect(instance.raw("jupyter_token")?.string == "SECRET")
    }

    @Test("can be shown as if a change had worked, with all its other fields")
    func overlay() throws {
        let instance = try Self.make(#"{"id":1,"label":"a","new_field":[1],"actual_status":"running"}"#)
        let changed = instance.overlaid(with: ["label": "b"]).overlaid(with: ["intended_status": "stopped"])
        #expect(changed.label == "b" && changed.intendedStatus == "stopped" && instance.label == "a")
        #expect(changed.raw("new_field")?[0]?.int64 == 1)
    }
}
