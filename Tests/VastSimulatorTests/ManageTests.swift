import Testing
import VastJSON

@testable import VastSimulator

@Suite struct ManageTests {
    private static let path = "/api/v0/instances/11/"

    @Test(
        "a change of state is accepted with success alone, with and without a slash",
        arguments: ["/api/v0/instances/11/", "/api/v0/instances/11"])
    func state(_ path: String) {
        let rig = Rig()
        let answer = rig.send("PUT", path, ["state": "stopped"])
        #expect(answer.status == 200)
        #expect(answer.json == ["success": true])
        #expect(rig.service.world.instances[11]?.status.intended == "stopped")
    }

    @Test("a label is set and said")
    func label() {
        let rig = Rig()
        let answer = rig.send("PUT", Self.path, ["label": "My Job"])
        #expect(answer.json == ["success": true, "msg": "label for 11 set to 'My Job'"])
        #expect(rig.service.world.instances[11]?.label == "My Job")
    }

    @Test("the empty label is null, or empty, as chosen", arguments: Behaviour.EmptyLabel.allCases)
    func emptyLabel(_ choice: Behaviour.EmptyLabel) {
        let rig = Rig { $0.behaviour.emptyLabel = choice }
        #expect(rig.send("PUT", Self.path, ["label": ""]).status == 200)
        #expect(rig.service.world.instances[11]?.label == (choice == .null ? nil : ""))
        #expect(rig.list().json["label_counts"]?[""] == 1)
    }

    @Test("a label of 1024 characters is taken, one of 1025 is not", arguments: [(1024, 200), (1025, 400)])
    func longLabel(_ length: Int, _ status: Int) {
        let answer = Rig().send("PUT", Self.path, ["label": .string(String(repeating: "ä", count: length))])
        #expect(answer.status == status)
        #expect(answer.error == (status == 400 ? "label_too_long" : nil))
    }

    @Test(
        "neither state nor label, and bodies that are none, are 400",
        arguments: ["{}", "", "[1]", "{", #"{"label": 3}"#, #"{"state": 3}"#, #"{"state": "paused"}"#])
    func badBody(_ body: String) {
        let rig = Rig()
        let request = SimulatedRequest("PUT", Self.path, authorization: "Bearer simulator", body: Array(body.utf8))
        let answer = Answer(rig.service.respond(to: request))
        #expect(answer.status == 400)
        #expect(answer.error == "invalid_args")
    }

    @Test("an invalid state can be taken for success, without effect")
    func invalidState() {
        let rig = Rig { $0.behaviour.invalidState = .success }
        #expect(rig.send("PUT", Self.path, ["state": "paused"]).json == ["success": true])
        #expect(rig.service.world.words(11) == "running/running/running/running")
    }

    @Test("state and label in one body", arguments: Behaviour.StateAndLabel.allCases)
    func both(_ choice: Behaviour.StateAndLabel) {
        let rig = Rig { $0.behaviour.stateAndLabel = choice }
        let answer = rig.send("PUT", Self.path, ["state": "stopped", "label": "new"])
        #expect(answer.status == (choice == .refused ? 400 : 200))
        let instance = rig.service.world.instances[11]
        #expect((instance?.label == "new") == (choice == .label || choice == .both))
        #expect((instance?.status.intended == "stopped") == (choice == .state || choice == .both))
    }

    @Test("an unknown id is 404 no_such_instance")
    func unknownID() {
        let answer = Rig().send("PUT", "/api/v0/instances/99/", ["state": "stopped"])
        #expect(answer.status == 404)
        #expect(answer.json == ["success": false, "error": "no_such_instance", "msg": "Instance 99 not found."])
    }

    @Test("stop on stopped is success, or refused", arguments: [(Behaviour.Allowance.success, 200), (.refused, 400)])
    func stopStopped(_ choice: Behaviour.Allowance, _ status: Int) {
        #expect(Rig { $0.behaviour.stopOnStopped = choice }.send("PUT", "/api/v0/instances/13/", ["state": "stopped"]).status == status)
    }

    @Test("a start on taken GPUs is 200 with success false, and queued")
    func unavailable() {
        let rig = Rig()
        _ = rig.service.changeWorld { $0.schedule(.gpusTaken(1), on: 13) }
        let answer = rig.send("PUT", "/api/v0/instances/13/", ["state": "running"])
        #expect(answer.status == 200)
        #expect(
            answer.json == [
                "success": false, "error": "resources_unavailable",
                "msg": "Required resources are currently unavailable, state change queued."
            ])
        #expect(rig.service.world.instances[13]?.isQueued == true)
    }

    @Test("a start without credit is 400 missing_billing")
    func noCredit() {
        let rig = Rig([stopped(13)])
        rig.service.changeWorld { $0.setCredit(0) }
        let answer = rig.send("PUT", "/api/v0/instances/13/", ["state": "running"])
        #expect(answer.status == 400)
        #expect(answer.error == "missing_billing")
    }

    @Test("an id that is none", arguments: [("GET", ""), ("PUT", ""), ("DELETE", ""), ("PUT", "reboot/"), ("PUT", "recycle/")])
    func badID(_ method: String, _ part: String) {
        let answer = Rig().send(method, "/api/v0/instances/\(part)abc/", ["state": "stopped"])
        #expect(answer.status == 400)
        #expect(answer.error == (part == "recycle/" ? "invalid_id" : "invalid_args"))
    }

    @Test("show of what is not there is null, or 404", arguments: Behaviour.MissingOnShow.allCases)
    func missingOnShow(_ choice: Behaviour.MissingOnShow) {
        let answer = Rig { $0.behaviour.missingOnShow = choice }.send("GET", "/api/v0/instances/99/?owner=me")
        #expect(answer.status == (choice == .null ? 200 : 404))
        #expect(choice == .null ? answer.json == ["instances": nil] : answer.error == "no_such_instance")
    }

    @Test("destroy of what is not there names it, in either form", arguments: Behaviour.MissingOnDestroy.allCases)
    func missingOnDestroy(_ choice: Behaviour.MissingOnDestroy) {
        let answer = Rig { $0.behaviour.missingOnDestroy = choice }.send("DELETE", "/api/v0/instances/99/", [:])
        #expect(answer.status == 404)
        #expect(answer.error == choice.rawValue)
    }

    @Test("reboot and recycle of what is not there have their own errors")
    func missingRestart() {
        let rig = Rig()
        #expect(rig.send("PUT", "/api/v0/instances/reboot/99/", [:]).json["msg"] == "invalid instance_id")
        #expect(rig.send("PUT", "/api/v0/instances/recycle/99/", [:]).json["msg"] == "Invalid instance id.")
    }
}
