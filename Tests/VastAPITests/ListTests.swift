import FleetClock
import Testing
import VastJSON

@testable import VastAPI

@Suite("A list")
struct ListTests {
    private func list(_ answer: @escaping @Sendable (Int) -> String) async throws -> FleetSnapshot {
        let script = Script { _, number in HTTPResponse(status: 200, body: Array(answer(number).utf8)) }
        return try await makeClient(script, clock: VirtualClock(mode: .jumping)).list()
    }

    @Test("is all pages, a second apart, sorted by id")
    func pages() async throws {
        let rig = try Rig(300) { $0.interval = .seconds(1) }
        let snapshot = try await rig.client.list()
        #expect(snapshot.instances.map(\.id.rawValue) == Array(1...300))
        #expect(snapshot.isAuthoritative && snapshot.total == 300 && snapshot[150]?.id == 150 && snapshot[301] == nil)
        #expect(rig.vast.requests.count == 12 && rig.vast.world.withLock(\.refusals) == 0)
        #expect(rig.clock.uptime < .seconds(11) * 1.05)
    }

    @Test("is empty only when the service says so in full")
    func empty() async throws {
        let rig = try Rig(0)
        #expect(try await rig.client.list().isAuthoritative)
    }

    @Test(
        "is never empty because of a bad answer",
        arguments: [
            "{}", "null", "[]", #"{"success":true}"#, #"{"success":true,"instances":null}"#,
            #"{"success":true,"instances":{}}"#, #"{"success":false,"instances":[]}"#, "",
            #"{"success":true,"instances":[],"total_instances":3,"next_token":null}"#,
            #"{"success":true,"instances":[7],"total_instances":1}"#,
            #"{"success":true,"instances":[{"label":"x"}],"total_instances":1}"#,
            #"{"error":"deprecated_endpoint","msg":"gone","instances":[]}"#
        ])
    func badAnswers(body: String) async {
        await #expect(throws: VastError.self) { try await list { _ in body } }
    }

    @Test("does not follow a token for ever")
    func repeatedToken() async {
        let error = await #expect(throws: VastError.self) {
            try await list { _ in #"{"success":true,"instances":[{"id":1}],"total_instances":9,"next_token":"t"}"# }
        }
        #expect(error?.kind == .server)
    }

    @Test("is read again when its total changes between pages, a few times at most")
    func changedTotal() async throws {
        let once = try Rig(60) { $0.totals = [60, 61, 60] }
        #expect(try await once.client.list().isComplete)
        #expect(once.vast.requests.count == 6)
        let always = try Rig(60) { $0.totals = Array(repeating: [60, 61, 62], count: 9).flatMap { $0 } }
        let snapshot = try await always.client.list()
        #expect(!snapshot.isComplete && snapshot.instances.count == 60 && always.vast.requests.count == 9)
    }

    @Test("has each instance once")
    func duplicates() async throws {
        let snapshot = try await list { number in
            number == 1
                ? #"{"success":true,"instances":[{"id":1},{"id":2}],"total_instances":3,"next_token":"t"}"#
                : #"{"success":true,"instances":[{"id":2.0},{"id":3}],"total_instances":3,"next_token":null}"#
        }
        #expect(snapshot.instances.map(\.id) == [1, 2, 3] && snapshot.contradicted.isEmpty)
    }

    @Test("of rows of one instance that differ, believes the one that bills, whatever their order, and names the instance")
    func contradictions() async throws {
        var generator = SeededGenerator(seed: 61)
        for _ in 0..<200 {
            let rows = try Self.states.shuffled(using: &generator).prefix(Int.random(in: 2...5, using: &generator))
                .map { try Self.row(1, $0) }
            let best = rows.map(Self.rank).max()
            let snapshot = try await list { _ in
                #"{"success":true,"instances":[\#(rows.map(\.text).joined(separator: ","))],"total_instances":1,"next_token":null}"#
            }
            let believed = try #require(snapshot[1])
            #expect(snapshot.instances.count == 1 && Self.rank((believed.state, "")) == best, "\(rows): \(believed.state)")
            #expect(snapshot.contradicted == [1])
        }
    }

    @Test("believes the same one of equal rows in every order")
    func equalRows() async throws {
        let rows = ["a", "b", "c"].map {
            #"{"id":1,"label":"\#($0)","actual_status":"running","intended_status":"running","cur_state":"running"}"#
        }
        var generator = SeededGenerator(seed: 7)
        var labels = Set<String>()
        for _ in 0..<20 {
            let text = rows.shuffled(using: &generator).joined(separator: ",")
            let snapshot = try await list { _ in #"{"success":true,"instances":[\#(text)],"total_instances":1,"next_token":null}"# }
            labels.insert(try #require(snapshot[1]).label)
        }
        #expect(labels.count == 1)
    }

    private static let states: [(actual: String, intended: String, current: String)] = [
        ("running", "running", "running"), ("exited", "running", "running"), ("created", "running", "running"),
        ("running", "stopped", "running"), ("exited", "stopped", "stopped"), ("exited", "running", "stopped"),
        ("offline", "running", "running"), ("odd", "odd", "odd")
    ]

    private static func row(_ id: Int, _ state: (actual: String, intended: String, current: String)) throws -> (
        state: InstanceState, text: String
    ) {
        let text =
            #"{"id":\#(id),"is_bid":false,"actual_status":"\#(state.actual)","intended_status":"\#(state.intended)","cur_state":"\#(state.current)"}"#
        let row = try JSONDocument(parsing: text).root
        return (try #require(Instance(row: row, observedAt: .init(timeIntervalSince1970: 0))).state, text)
    }

    /// On, then what is not known, then what bills its storage only.
    private static func rank(_ row: (state: InstanceState, text: String)) -> Int {
        switch row.state {
        case .running, .starting, .dead, .frozen: 4
        case .stopping: 3
        case .unknown, .offline: 2
        case .queued, .outbid: 1
        case .stopped, .failed: 0
        }
    }

    @Test("sends limit, token and filters, encoded")
    func query() async throws {
        let rig = try Rig(30)
        let found = try await rig.client.instances([3, 28, 99])
        #expect(found.keys.sorted() == [3, 28])
        let request = try #require(rig.vast.requests.first)
        #expect(request.query["limit"] == "25" && request.query["select_filters"] == #"{"id":{"in":[3,28,99]}}"#)
        let endpoint = try Endpoint.list(.ids([1]), after: "a=/+")
        #expect(endpoint.target.hasSuffix("%5B1%5D%7D%7D&after_token=a%3D%2F%2B"))
    }
}

@Suite("One instance")
struct ShowTests {
    @Test("is nil only when the service says that there is none")
    func gone() async throws {
        let answers: [(Int, String, Bool)] = [
            (200, #"{"instances": null}"#, true), (404, #"{"error":"no_such_instance","msg":"x"}"#, true),
            (404, #"{"error":"not_found","msg":"x"}"#, true), (410, #"{"msg":"gone"}"#, true),
            (404, #"{"error":"auth_error","msg":"Invalid user key"}"#, false), (404, "<html>", false),
            (404, #"{"detail":"Not Found"}"#, false), (200, "{}", false), (200, #"{"instances":{"id":8}}"#, false)
        ]
        for (status, body, isGone) in answers {
            let script = Script { _, _ in HTTPResponse(status: status, body: Array(body.utf8)) }
            let client = try makeClient(script, clock: VirtualClock(mode: .jumping))
            if isGone {
                #expect(try await client.show(7) == nil, "\(body)")
            } else {
                await #expect(throws: VastError.self, "\(body)") { try await client.show(7) }
            }
        }
    }
}
