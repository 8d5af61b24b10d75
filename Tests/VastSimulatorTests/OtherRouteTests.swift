import FleetClock
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import VastJSON

@testable import VastSimulator

@Suite struct OtherRouteTests {
    @Test(
        "the user has credit, which falls with time, and a balance of zero", arguments: ["/api/v0/users/current", "/api/v0/users/current/"])
    func user(_ path: String) {
        let rig = Rig()
        let before = rig.send("GET", path).json
        rig.clock.advance(by: .seconds(3600))
        let after = rig.send("GET", path).json
        #expect(before["balance"]?.number == 0)
        #expect(before["host_agreement_accepted"] == false)
        #expect(before["api_key"] == nil)
        #expect((before["credit"]?.number ?? 0) - (after["credit"]?.number ?? 0) > 0.5)
    }

    @Test(
        "execute is for stopped instances, and for ls, rm and du",
        arguments: [(13, "ls -l", 200), (13, "cat x", 400), (11, "ls", 400), (99, "ls", 400)] as [(Int64, String, Int)])
    func execute(_ id: Int64, _ command: String, _ status: Int) {
        #expect(Rig().send("PUT", "/api/v0/instances/command/\(id)/", ["command": .string(command)]).status == status)
    }

    @Test("the body of execute that is no JSON is 483")
    func executeBody() {
        let rig = Rig()
        let request = SimulatedRequest("PUT", "/api/v0/instances/command/13/", authorization: "Bearer simulator", body: Array("{".utf8))
        #expect(rig.service.respond(to: request).status == 483)
    }

    @Test("logs are found without a key at the address that was given")
    func logs() {
        var rig = Rig()
        rig.service.setBaseURL("http://127.0.0.1:1")
        let answer = rig.send("PUT", "/api/v0/instances/request_logs/11/", ["tail": "3"])
        let url = answer.json["result_url"]?.text ?? ""
        #expect(url.hasPrefix("http://127.0.0.1:1/"))
        rig.key = nil
        let file = rig.send("GET", String(url.dropFirst("http://127.0.0.1:1".count)))
        #expect(file.status == 200)
        #expect(file.text.split(separator: "\n").count == 3)
        #expect(rig.send("GET", "/simulator/results/none.log").status == 404)
    }

    @Test("logs of what is not there are 404 invalid_id without success")
    func missingLogs() {
        #expect(Rig().send("PUT", "/api/v0/instances/request_logs/99/").json == ["error": "invalid_id", "msg": "Invalid instance id."])
    }

    @Test("a bid has its bounds", arguments: [(0.0005, 400), (0.2, 200), (32, 200), (32.5, 400)])
    func bid(_ price: Double, _ status: Int) {
        let answer = Rig([running(11) { $0.isBid = true }]).send(
            "PUT", "/api/v0/instances/bid_price/11/", ["client_id": "me", "price": .double(price)])
        #expect(answer.status == status)
    }

    @Test("the audit log tells of changes by their routes")
    func audit() {
        let rig = Rig()
        _ = rig.send("PUT", "/api/v0/instances/11/", ["state": "stopped"])
        _ = rig.send("DELETE", "/api/v0/instances/12/", [:])
        let entries = rig.send("GET", "/api/v0/audit_logs/").json.elements ?? []
        #expect(entries.compactMap { $0["api_route"]?.text } == ["api.instance_PUT", "api.instance_DELETE"])
        #expect(entries.first?["args"]?["target_state"] == "stopped")
    }

    @Test("a like scheduled job is 422 with the id of the one that there is")
    func jobs() {
        let rig = Rig()
        let path = "/api/v0/commands/schedule_job/"
        let job: JSONValue = ["api_endpoint": "/api/v0/instances/reboot/11/", "instance_id": 11, "frequency": "DAILY"]
        #expect(rig.send("POST", path, job).status == 200)
        let again = rig.send("POST", path, job)
        #expect(again.status == 422)
        #expect(again.json["scheduled_job_id"] == 1)
        #expect(rig.send("GET", path).json.elements?.count == 1)
        #expect(rig.send("DELETE", path + "1/").status == 200)
        #expect(rig.send("GET", path).json.elements?.isEmpty == true)
    }

    @Test("create is a clear refusal")
    func create() {
        let answer = Rig().send("PUT", "/api/v0/asks/9001/", ["image": "x"])
        #expect(answer.status == 404)
        #expect(answer.json["msg"]?.text?.contains("no_such_ask") == true)
    }

    @Test("filters name what there is, each combination once")
    func filters() {
        let values = Rig().send("GET", "/api/v0/instances/filters/").json["filters"]?.elements ?? []
        #expect(values.count == Set(values).count)
        #expect(!values.isEmpty)
    }

    @Test(
        "an unknown route is 404",
        arguments: [("GET", "/"), ("GET", "/api/v0/nothing/"), ("POST", "/api/v1/instances/"), ("GET", "/api/v2/instances/")])
    func unknown(_ method: String, _ path: String) { #expect(Rig().send(method, path).status == 404) }

    @Test("every behaviour can be set by name, and a wrong name or value says what there is")
    func behaviourNames() throws {
        var behaviour = Behaviour()
        try behaviour.set("bulk_failure", to: "nothing")
        try behaviour.set("start_route", to: "true")
        try behaviour.set("queued_start_delay", to: "5")
        #expect(behaviour.bulkFailure == .nothing && behaviour.startRoute && behaviour.queuedStartDelay == 5)
        #expect(throws: Behaviour.UnknownSetting.self) { try behaviour.set("nonsense", to: "1") }
        for name in Behaviour.names { #expect(throws: Behaviour.UnknownSetting.self) { try behaviour.set(name, to: "nonsense") } }
    }

    @Test("the control routes move time, make events, and plan faults")
    func control() {
        var rig = Rig()
        rig.key = nil
        #expect(rig.send("POST", "/simulator/advance", ["seconds": 3600]).json["now"]?.number == beginning.timeIntervalSince1970 + 3600)
        #expect(rig.send("POST", "/simulator/events", ["id": 11, "event": "offline"]).status == 200)
        #expect(rig.service.world.instances[11]?.status.actual == "offline")
        #expect(rig.send("PUT", "/simulator/faults", [["route": "list", "fault": "html"]]).status == 200)
        rig.key = "simulator"
        #expect(rig.list().status == 502)
        #expect(rig.send("PUT", "/simulator/behaviour", ["old_list": "200"]).status == 200)
        #expect(rig.send("GET", "/api/v0/instances/").status == 200)
        #expect(rig.send("PUT", "/simulator/limits", ["enabled": true, "form": "text"]).status == 200)
        #expect(rig.send("GET", "/simulator/log").json.elements?.count == 2)
        #expect(rig.send("GET", "/simulator/rows").json.elements?.count == 3)
        #expect(rig.send("PUT", "/simulator/behaviour", ["old_list": "x"]).status == 400)
        #expect(rig.send("GET", "/simulator/nothing").status == 404)
    }
}

@Suite struct RequestLogTests {
    @Test("each request but those of control is told once, as a line of JSON, without the key")
    func lines() {
        let lines = Mutex<[String]>([])
        let service = SimulatedService(Fleet(), clock: VirtualClock(start: beginning)) { entry in
            lines.withLock { $0.append(String(decoding: entry.line, as: UTF8.self)) }
        }
        for target in ["/api/v1/instances/", "/simulator/state", "/api/v0/instances/1/"] {
            _ = service.respond(to: SimulatedRequest("GET", target, authorization: "Bearer simulator"))
        }
        let told = lines.withLock { $0 }
        #expect(told.count == 2)
        #expect(told.allSatisfy { $0.hasSuffix("}\n") && !$0.contains("Bearer") })
        #expect(told.first?.contains(#""path":"/api/v1/instances/""#) == true)
    }
}
