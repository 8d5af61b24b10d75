import Testing
import VastJSON

@testable import VastSimulator

@Suite struct FaultTests {
    private func rig(_ json: String, instances: Int64 = 30) throws -> Rig {
        let plan = try FaultPlan(json: Array(json.utf8))
        return Rig((1...instances).map { running($0) }) { $0.faults = plan }
    }

    @Test("a rule strikes the requests that it names, and is counted")
    func nth() throws {
        let rig = try rig(#"[{"name": "third", "route": "list", "nth": 3, "fault": {"kind": "status", "status": 503, "body": "busy"}}]"#)
        let statuses = (0..<4).map { _ in
            _ = rig.send("GET", "/api/v0/instances/1/")
            return rig.list().status
        }
        #expect(statuses == [200, 200, 503, 200])
        #expect(rig.service.faultCounts == ["third": 1])
        #expect(rig.service.log.filter { $0.fault != nil }.map(\.fault) == ["third"])
    }

    @Test(
        "which requests are struck",
        arguments: [
            (#""nth": [1, 4]"#, [1, 4]), (#""from": 3"#, [3, 4, 5, 6]), (#""to": 2"#, [1, 2]), (#""every": 3"#, [3, 6]),
            (#""times": 2"#, [1, 2]), (#""path": "/api/v1/*""#, [1, 2, 3, 4, 5, 6]), (#""path": "/api/v0/*""#, []),
            (#""method": "PUT""#, []),
            (#""chance": 0"#, []), (#""chance": 1"#, [1, 2, 3, 4, 5, 6])
        ] as [(String, [Int])])
    func selection(_ members: String, _ struck: [Int]) throws {
        let rig = try rig("[{\(members), \"fault\": \"html\"}]")
        #expect((1...6).filter { _ in rig.list().status == 502 } == struck)
    }

    @Test("chance is drawn from the seed, so that a run can be repeated")
    func chance() throws {
        let runs = try (0..<2).map { _ in
            let rig = try rig(#"[{"chance": 0.5, "fault": "html"}]"#)
            return (0..<40).map { _ in rig.list().status }
        }
        #expect(runs[0] == runs[1])
        #expect(Set(runs[0]) == [200, 502])
    }

    @Test(
        "a change whose answer is lost was applied, or not, as the rule says",
        arguments: ["status\", \"status\": 500, \"x\": \"", "reset", "stall", "garbage", "empty", "refuse"], [true, false])
    func applied(_ kind: String, _ applied: Bool) throws {
        let rig = try rig("[{\"method\": \"PUT\", \"fault\": {\"kind\": \"\(kind)\", \"applied\": \(applied)}}]")
        let answer = rig.send("PUT", "/api/v0/instances/1/", ["state": "stopped"])
        #expect(answer.json != ["success": true] || answer.response.delivery != .whole)
        #expect((rig.service.world.instances[1]?.status.intended == "stopped") == applied)
    }

    @Test("no_effect says success and does nothing")
    func noEffect() throws {
        let rig = try rig(#"[{"method": "PUT", "fault": "no_effect"}]"#)
        #expect(rig.send("PUT", "/api/v0/instances/1/", ["state": "stopped"]).json == ["success": true])
        #expect(rig.service.world.words(1) == "running/running/running/running")
    }

    @Test("partial does the first ids only and says success")
    func partial() throws {
        let rig = try rig(#"[{"route": "bulk", "fault": {"kind": "partial", "ids": 2}}]"#)
        #expect(rig.send("PUT", "/api/v0/instances/", ["state": "stopped", "ids": [1, 2, 3]]).json == ["success": true])
        let stopped = rig.service.world.instances.values.filter { $0.status.intended == "stopped" }.map(\.id)
        #expect(stopped.sorted() == [1, 2])
    }

    @Test("a duplicated page begins with rows of the page before")
    func duplicates() throws {
        let rig = try rig(#"[{"route": "list", "nth": 2, "fault": {"kind": "duplicates", "rows": 2}}]"#)
        let token = rig.list().json["next_token"]?.text ?? ""
        #expect(rig.list("?after_token=" + token.replacing("=", with: "%3D")).ids == [24, 25, 26, 27, 28, 29, 30])
    }

    @Test("missing rows are still counted")
    func missingRows() throws {
        let rig = try rig(#"[{"fault": {"kind": "missing_rows", "rows": 5}}]"#)
        let answer = rig.list()
        #expect(answer.ids.count == 20)
        #expect(answer.json["instances_found"] == 25)
    }

    @Test("a repeated token is the one that was sent")
    func sameToken() throws {
        let rig = try rig(#"[{"nth": 2, "fault": "same_token"}]"#)
        let token = rig.list("?limit=5").json["next_token"]?.text ?? ""
        #expect(rig.list("?limit=5&after_token=" + token.replacing("=", with: "%3D")).json["next_token"]?.text == token)
    }

    @Test("a changed total contradicts the rows")
    func total() throws {
        #expect(try rig(#"[{"fault": {"kind": "total", "by": 3}}]"#).list().json["total_instances"] == 33)
    }

    @Test("a stale read answers from before the change")
    func stale() throws {
        let rig = try rig(#"[{"route": "show", "nth": 1, "fault": {"kind": "stale", "seconds": 5}}]"#)
        _ = rig.send("PUT", "/api/v0/instances/1/", ["label": "new"])
        #expect(rig.send("GET", "/api/v0/instances/1/").json["instances"]?["label"] == "job-1")
        #expect(rig.send("GET", "/api/v0/instances/1/").json["instances"]?["label"] == "new")
    }

    @Test("wrong types: fractions for whole numbers, text for fractions, null for lists, and ids stay numbers")
    func wrongTypes() throws {
        let row = try rig(#"[{"fault": "wrong_types"}]"#).list().json["instances"]?.elements?.first
        #expect(row?["id"] == .double(1))
        #expect(row?["num_gpus"] == .double(1))
        #expect(row?["dph_base"]?.text != nil)
        #expect(row?["extra_env"] == .null)
    }

    @Test("bodies that are no answer", arguments: [("null_instances", "{\"instances\":null}"), ("empty", "")])
    func bodies(_ kind: String, _ body: String) throws {
        let answer = try rig("[{\"fault\": \"\(kind)\"}]").list()
        #expect(answer.status == 200)
        #expect(answer.text == body)
    }

    @Test(
        "a rule that is none is refused with its number and what is wrong",
        arguments: [
            ("{}", "list of rules"), ("[1]", "rule 1"), ("[{}]", "no \"fault\""), (#"[{"fault": "explode"}]"#, "explode"),
            (#"[{"fault": "html", "rout": "list"}]"#, "rout"), (#"[{"fault": {"kind": "status", "status": 9}}]"#, "status"), ("[", "JSON")
        ])
    func invalid(_ json: String, _ message: String) {
        let error = #expect(throws: FaultPlan.Invalid.self) { try FaultPlan(json: Array(json.utf8)) }
        #expect(error?.description.contains(message) == true)
    }
}
