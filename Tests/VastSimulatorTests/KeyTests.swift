import Testing
import VastJSON

@testable import VastSimulator

@Suite struct KeyTests {
    private func answer(_ key: String?, _ method: String, _ path: String, _ choice: Behaviour.UnknownKey = .byRoute) -> Answer {
        var rig = Rig { $0.behaviour.unknownKey = choice }
        rig.key = key
        return rig.send(method, path, ["label": "x"])
    }

    private let one = "/api/v0/instances/11/"
    private let user = "/api/v0/users/current"

    @Test("without a key everything is 403")
    func noKey() {
        for path in [one, user, "/api/v1/instances/"] {
            #expect(answer(nil, "GET", path).status == 403)
            #expect(answer(nil, "GET", path).json == ["success": false, "error": "auth_error", "msg": "This action requires login."])
        }
    }

    @Test("an unknown key is 404 on instance routes and 401 elsewhere, or as chosen")
    func unknownKey() {
        #expect(answer("wrong", "GET", one).status == 404)
        #expect(answer("wrong", "GET", one).error == "auth_error")
        #expect(answer("wrong", "GET", user).status == 401)
        #expect(answer("wrong", "GET", one, .unauthorized).status == 401)
        #expect(answer("wrong", "GET", user, .notFound).status == 404)
    }

    @Test("a deleted key is 401")
    func deleted() { #expect(answer("simulator-deleted", "GET", one).json["msg"] == "Invalid user key") }

    @Test("an expired session is 404 and says so")
    func expired() {
        let answer = answer("simulator-expired", "GET", user)
        #expect(answer.status == 404)
        #expect(answer.json["msg"] == "Session expired. Please log in again.")
    }

    @Test("a read-only key reads, and is told the route that it lacks")
    func readOnly() {
        #expect(answer("simulator-readonly", "GET", one).status == 200)
        let refused = answer("simulator-readonly", "PUT", one)
        #expect(refused.status == 401)
        #expect(refused.json["msg"]?.text?.contains("api.instance_PUT") == true)
    }

    @Test("request_logs needs only the scope to read")
    func logs() { #expect(answer("simulator-readonly", "PUT", "/api/v0/instances/request_logs/11/").status == 200) }

    @Test("two-factor login is asked for on changes only")
    func twoFactor() {
        #expect(answer("simulator-2fa", "GET", one).status == 200)
        #expect(answer("simulator-2fa", "PUT", one).json["msg"]?.text?.contains("Two Factor Authentication") == true)
    }

    @Test("the key in the query is accepted still")
    func queryKey() { #expect(answer(nil, "GET", one + "?api_key=simulator").status == 200) }

    @Test("the key of an instance may change that one alone")
    func ownKey() {
        var rig = Rig { $0.keys.append(AccessKey("inside", .only([11]))) }
        rig.key = "inside"
        #expect(rig.send("PUT", one, ["state": "stopped"]).status == 200)
        #expect(rig.send("PUT", "/api/v0/instances/12/", ["state": "stopped"]).status == 401)
        #expect(rig.send("PUT", "/api/v0/instances/", ["state": "stopped", "ids": [11]]).status == 401)
    }
}
