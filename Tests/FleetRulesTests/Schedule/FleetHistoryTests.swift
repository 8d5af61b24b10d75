import FleetRules
import Foundation
import Testing
import VastModels
import VastJSON

@Suite("What two readings show") struct FleetHistoryTests {
    /// Rows of each state by the three words of the service, and whether it is interruptible.
    private static let words: [InstanceState: (String, String, String, Bool)] = [
        .running: ("running", "running", "running", false), .stopping: ("running", "stopped", "stopped", false),
        .stopped: ("exited", "stopped", "stopped", false), .starting: ("loading", "running", "running", false),
        .queued: ("exited", "running", "stopped", false), .outbid: ("exited", "running", "stopped", true),
        .dead: ("exited", "running", "running", false), .frozen: ("frozen", "running", "running", false),
        .offline: ("offline", "running", "running", false), .unknown: ("what", "running", "running", false)
    ]

    private func row(_ id: Int64, _ state: InstanceState, label: String = "a") throws -> Instance {
        let words = try #require(Self.words[state])
        let row: JSONObject = [
            "id": .integer(id), "label": .string(label), "actual_status": .string(words.0),
            "intended_status": .string(words.1), "cur_state": .string(words.2), "is_bid": .bool(words.3)
        ]
        let text = String(decoding: try JSONValue.object(row).serialized(), as: UTF8.self)
        let instance = try #require(Instance(row: try JSONDocument(parsing: text).root, observedAt: Date()))
        #expect(instance.state == state)
        return instance
    }

    private func events(_ states: [InstanceState]) throws -> [String] {
        var history = FleetHistory()
        return try states.flatMap { state in history.note([try row(1, state)]).map(\.event.rawValue) }
    }

    @Test(
        "states make events",
        arguments: [
            ([.running, .stopped], ["stopped"]),
            ([.running, .stopping, .stopped, .stopped], ["stopped"]),
            ([.stopped, .starting, .running], ["started"]),
            ([.running, .starting, .running], []),
            ([.running, .dead], ["dead"]),
            ([.dead, .running], ["started"]),
            ([.running, .outbid, .running], ["outbid", "started"]),
            ([.running, .queued], ["stopped"]),
            ([.stopped, .queued], []),
            ([.queued, .running], ["started"]),
            ([.running, .offline, .offline, .running], ["offline"]),
            ([.running, .offline, .stopped], ["offline", "stopped"]),
            ([.running, .unknown, .running], []),
            ([.running, .unknown, .stopped], ["stopped"]),
            ([.running, .frozen, .running], []),
            ([.unknown, .running], [])
        ] as [([InstanceState], [String])])
    func states(states: [InstanceState], expected: [String]) throws {
        #expect(try events(states) == expected)
    }

    @Test("the first reading is no news")
    func first() throws {
        var history = FleetHistory()
        #expect(history.note([try row(1, .running), try row(2, .stopped)]).isEmpty)
    }

    @Test("instances that come and go are told with the snapshot there is")
    func comeAndGo() throws {
        var history = FleetHistory()
        _ = history.note([try row(1, .running)])
        let changes = history.note([try row(2, .running)])
        #expect(changes.map(\.event) == [.gone, .appeared])
        #expect(changes.map(\.id) == [1, 2])
        #expect(changes[0].now == nil && changes[0].before != nil)
        #expect(changes[1].now != nil && changes[1].before == nil)
        #expect(history.note([try row(2, .running)]).isEmpty)
    }

    @Test("an empty fleet is a reading too")
    func empty() throws {
        var history = FleetHistory()
        #expect(history.note([]).isEmpty)
        #expect(history.note([try row(1, .running)]).map(\.event) == [.appeared])
    }

    @Test("a label and a state that change together are two changes, each with both snapshots")
    func label() throws {
        var history = FleetHistory()
        _ = history.note([try row(1, .running, label: "a")])
        let changes = history.note([try row(1, .stopped, label: "b")])
        #expect(changes.map(\.event) == [.stopped, .label])
        #expect(changes.allSatisfy { $0.before?.label == "a" && $0.now?.label == "b" })
    }
}
