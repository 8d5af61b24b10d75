import Testing
import VastJSON

@testable import VastSimulator

@Suite struct BulkTests {
    private let path = "/api/v0/instances/"

    @Test("a bulk change reaches all of its ids")
    func all() {
        let rig = Rig()
        #expect(rig.send("PUT", path, ["state": "stopped", "ids": [11, 12]]).json == ["success": true])
        #expect(rig.service.world.instances.values.allSatisfy { $0.status.intended == "stopped" })
    }

    @Test("a bulk change of which one id is unknown", arguments: Behaviour.BulkFailure.allCases)
    func unknownID(_ choice: Behaviour.BulkFailure) {
        let rig = Rig { $0.behaviour.bulkFailure = choice }
        let answer = rig.send("PUT", path, ["state": "stopped", "ids": [11, 99, 12]])
        #expect(answer.json["success"] == .bool(choice == .silent))
        #expect(answer.status == (choice == .nothing ? 404 : 200))
        let changed = rig.service.world.instances.values.count { $0.status.intended == "stopped" }
        #expect(changed == (choice == .nothing ? 1 : 3))
    }

    @Test(
        "64 ids are taken, 65 are refused, unless more are allowed",
        arguments: [(64, Behaviour.Allowance.refused, 200), (65, .refused, 400), (65, .success, 200)])
    func limit(_ count: Int64, _ choice: Behaviour.Allowance, _ status: Int) {
        let rig = Rig((1...70).map { running($0) }) { $0.behaviour.bulkOverLimit = choice }
        #expect(rig.send("PUT", path, ["state": "stopped", "ids": .array((1...count).map(JSONValue.integer))]).status == status)
    }

    @Test("the other verb's key is refused", arguments: [("PUT", "instance_ids"), ("DELETE", "ids")])
    func wrongKey(_ method: String, _ name: String) {
        let rig = Rig()
        #expect(rig.send(method, path, .object(["state": "stopped", name: [11]])).status == 400)
        #expect(rig.service.world.ids == [11, 12, 13])
    }

    @Test("bulk destroy takes instance_ids")
    func destroy() {
        let rig = Rig()
        #expect(rig.send("DELETE", path, ["instance_ids": [11, 13]]).json == ["success": true])
        #expect(rig.service.world.ids == [12])
    }

    @Test("without the bulk routes they are 404, which is not an auth_error")
    func noRoutes() {
        let answer = Rig { $0.behaviour.bulkRoutes = false }.send("PUT", path, ["state": "stopped", "ids": [11]])
        #expect(answer.status == 404)
        #expect(answer.error == "not_found")
    }

    @Test("POST start does not exist, unless it is switched on", arguments: [(false, 404), (true, 200)])
    func startRoute(_ exists: Bool, _ status: Int) {
        let rig = Rig { $0.behaviour.startRoute = exists }
        #expect(rig.send("POST", "/api/v0/instances/start", ["IDs": [13]]).status == status)
        #expect((rig.service.world.instances[13]?.status.intended == "running") == exists)
    }

    @Test(
        "POST start has its own errors",
        arguments: [("{}", "missing_input"), (#"{"IDs": []}"#, "empty_input"), (#"{"IDs": ["x"]}"#, "invalid_instance_id")])
    func startErrors(_ body: String, _ code: String) {
        let rig = Rig { $0.behaviour.startRoute = true }
        let request = SimulatedRequest("POST", "/api/v0/instances/start/", authorization: "Bearer simulator", body: Array(body.utf8))
        #expect(Answer(rig.service.respond(to: request)).error == code)
    }
}
