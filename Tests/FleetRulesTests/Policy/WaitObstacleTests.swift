import FleetFixtures
import FleetRules
import Testing
import VastJSON
import VastModels

@Suite("Waiting for a state") struct WaitObstacleTests {
    private static let failed: JSONObject = ["actual_status": "created", "status_msg": "OCI runtime create failed: no such device"]

    @Test("is in vain for what has failed, and the service's words say why")
    func failed() throws {
        let row = try TestFleet.row(1, .stopped, more: Self.failed)
        #expect(row.state == .failed)
        for wanted in [InstanceState.running, .starting, .stopped] {
            let why = try #require(WaitObstacle.find(row, wanted: wanted, sinceStart: nil), "\(wanted)")
            #expect(why.contains("OCI runtime create failed: no such device"))
        }
        // A start shows after a moment; when it has failed since, that is the end of it.
        #expect(WaitObstacle.find(row, wanted: .running, sinceStart: 5) == nil)
        #expect(WaitObstacle.find(row, wanted: .running, sinceStart: 61) != nil)
    }

    @Test("to run is in vain for what is stopped, being stopped or dead, unless we have just started it")
    func stopped() throws {
        for state in [InstanceState.stopped, .stopping, .dead] {
            let row = try TestFleet.row(1, state, more: ["status_msg": "Error: OOM\u{1B}[31m"])
            let why = try #require(WaitObstacle.find(row, wanted: .running, sinceStart: nil), "\(state)")
            #expect(why.contains("Error: OOM") && !why.contains("\u{1B}"))
            #expect(WaitObstacle.find(row, wanted: .running, sinceStart: 30) == nil)
            #expect(WaitObstacle.find(row, wanted: .running, sinceStart: 601) != nil)
        }
    }

    @Test("goes on for what may still come: running, queued, outbid, offline, unknown; and for a stop of what runs")
    func possible() throws {
        for state in [InstanceState.running, .queued, .outbid, .offline] {
            for wanted in InstanceState.allCases {
                #expect(WaitObstacle.find(try TestFleet.row(1, state), wanted: wanted, sinceStart: nil) == nil, "\(state) \(wanted)")
            }
        }
        let odd = try TestFleet.row(1, .running, more: ["actual_status": "what"])
        #expect(WaitObstacle.find(odd, wanted: .running, sinceStart: nil) == nil)
    }

    @Test("shows no message that says success")
    func success() throws {
        #expect(WaitObstacle.message(try TestFleet.row(1, more: ["status_msg": "success, running x/ssh"])) == "")
        #expect(WaitObstacle.message(try TestFleet.row(1, more: ["status_msg": " lost "])) == ": lost")
    }
}
