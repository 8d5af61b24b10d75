import FleetClock
import Testing
import VastJSON

@testable import VastSimulator

@Suite struct RateLimitTests {
    private func rig(_ change: (inout RateLimits) -> Void = { _ in }) -> Rig {
        Rig {
            $0.rateLimits.isEnabled = true
            change(&$0.rateLimits)
        }
    }

    @Test(
        "each route has its documented interval",
        arguments: [
            ("GET", "/api/v1/instances/", 1.0), ("GET", "/api/v0/instances/11/", 2), ("PUT", "/api/v0/instances/11/", 1),
            ("DELETE", "/api/v0/instances/11/", 3), ("PUT", "/api/v0/instances/reboot/11/", 1),
            ("PUT", "/api/v0/instances/bid_price/11/", 5.5)
        ])
    func interval(_ method: String, _ path: String, _ seconds: Double) {
        let rig = rig()
        #expect(rig.send(method, path, ["label": "a"]).status != 429)
        rig.clock.advance(by: .milliseconds(Int(seconds * 1000) - 1))
        #expect(rig.send(method, path, ["label": "a"]).status == 429)
        rig.clock.advance(by: .milliseconds(1))
        #expect(rig.send(method, path, ["label": "a"]).status != 429)
    }

    @Test("all ids of a route share one interval, and methods of one path do not")
    func buckets() {
        let rig = rig()
        #expect(rig.send("PUT", "/api/v0/instances/11/", ["label": "a"]).status == 200)
        #expect(rig.send("PUT", "/api/v0/instances/12/", ["label": "a"]).status == 429)
        #expect(rig.send("GET", "/api/v0/instances/12/").status == 200)
        #expect(rig.send("DELETE", "/api/v0/instances/12/", [:]).status == 200)
    }

    @Test("single and bulk changes share an interval, or do not", arguments: [true, false])
    func sharing(_ shares: Bool) {
        let rig = rig { $0.sharesBulk = shares }
        #expect(rig.send("PUT", "/api/v0/instances/11/", ["label": "a"]).status == 200)
        #expect((rig.send("PUT", "/api/v0/instances/", ["state": "stopped", "ids": [11]]).status == 429) == shares)
    }

    @Test("another key or another address has an interval of its own")
    func identity() {
        let rig = rig { _ in }
        let request = { (key: String, peer: String) in
            rig.service.respond(to: SimulatedRequest("GET", "/api/v1/instances/", authorization: "Bearer \(key)", peer: peer)).status
        }
        #expect(request("simulator", "127.0.0.1") == 200)
        #expect(request("simulator-readonly", "127.0.0.1") == 200)
        #expect(request("simulator", "127.0.0.2") == 200)
        #expect(request("simulator", "127.0.0.1") == 429)
    }

    @Test("a refused request begins the interval anew only when that is chosen", arguments: [true, false])
    func restart(_ restarts: Bool) {
        let rig = rig { $0.refusalRestarts = restarts }
        _ = rig.list()
        rig.clock.advance(by: .milliseconds(600))
        #expect(rig.list().status == 429)
        rig.clock.advance(by: .milliseconds(600))
        #expect((rig.list().status == 429) == restarts)
    }

    @Test("an account's factor multiplies the interval")
    func multiplier() {
        let rig = rig { ($0.multiplier, $0.bodyForm) = (2.5, .threshold) }
        _ = rig.list()
        rig.clock.advance(by: .seconds(2))
        #expect(rig.list().text == "API requests too frequent: endpoint threshold=1.0*2.5")
    }

    @Test(
        "the body has the form that is chosen",
        arguments: [
            (RateLimits.BodyForm.text, "API requests too frequent"), (.threshold, "API requests too frequent: endpoint threshold=1.0*1.0"),
            (.detail, #"{"detail":"API requests too frequent endpoint threshold=1.0"}"#),
            (.error, #"{"success":false,"error":"rate_limit_exceeded","msg":"API requests too frequent endpoint threshold=1.0"}"#),
            (
                .retryAfter,
                #"{"success":false,"error":"rate_limit_exceeded","msg":"API requests too frequent endpoint threshold=1.0","retry_after":0.75}"#
            )
        ])
    func forms(_ form: RateLimits.BodyForm, _ body: String) {
        let rig = rig { $0.bodyForm = form }
        _ = rig.list()
        rig.clock.advance(by: .milliseconds(250))
        #expect(rig.list().text == body)
    }

    @Test("rotation shows every form")
    func rotation() {
        let rig = rig()
        _ = rig.list()
        #expect(Set((0..<5).map { _ in rig.list().text }).count == 5)
    }

    @Test("Retry-After is absent, whole or exact", arguments: [(RateLimits.RetryAfterHeader.none, nil), (.whole, "1"), (.exact, "0.75")])
    func retryAfter(_ header: RateLimits.RetryAfterHeader, _ value: String?) {
        let rig = rig { $0.retryAfterHeader = header }
        _ = rig.list()
        rig.clock.advance(by: .milliseconds(250))
        #expect(rig.list().response.headers.first { $0.0 == "Retry-After" }?.1 == value)
    }

    @Test("nothing is limited by default, nor are user and logs ever")
    func unlimited() {
        let plain = Rig()
        #expect((0..<5).allSatisfy { _ in plain.list().status == 200 })
        let limited = rig()
        #expect((0..<5).allSatisfy { _ in limited.send("GET", "/api/v0/users/current").status == 200 })
    }

    @Test("the log knows what was refused")
    func log() {
        let rig = rig()
        for _ in 0..<3 { _ = rig.list() }
        #expect(rig.service.log.map(\.status) == [200, 429, 429])
        #expect(rig.service.log.allSatisfy { $0.route == "list" })
    }
}
