import FleetClock
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

@Suite("The end of a contract") struct ContractEndingTests {
    private static let now = 1_795_000_000.0

    private func row(_ id: Int64, end: Double?, at time: Double) throws -> Instance {
        let text =
            "{\"id\":\(id),\"actual_status\":\"running\",\"intended_status\":\"running\",\"cur_state\":\"running\""
            + (end.map { ",\"end_date\":\(Int64($0))" } ?? "") + "}"
        return try #require(Instance(row: try JSONDocument(parsing: text).root, observedAt: Date(timeIntervalSince1970: time)))
    }

    @Test("is told a day before it, once, also by the first reading; not when it is over, and again when it has been moved")
    func once() throws {
        var history = FleetHistory()
        let end = Self.now + 100_000
        func events(_ end: Double?, at time: Double) throws -> [String] {
            history.note([try row(1, end: end, at: time)]).map(\.event.rawValue)
        }
        #expect(try events(end, at: Self.now) == [])
        #expect(try events(end, at: Self.now + 13_000) == [])
        #expect(try events(end, at: Self.now + 14_000) == ["contract_ending"])
        #expect(try events(end, at: Self.now + 15_000) == [])
        #expect(try events(end + 200_000, at: Self.now + 16_000) == [])
        #expect(try events(end + 200_000, at: end + 190_000) == ["contract_ending"])
        #expect(try events(nil, at: end + 190_100) == [])
        var fresh = FleetHistory()
        #expect(fresh.note([try row(1, end: Self.now + 60, at: Self.now)]).map(\.event) == [.contractEnding])
        var late = FleetHistory()
        #expect(late.note([try row(1, end: Self.now - 60, at: Self.now)]).isEmpty)
    }

    @Test("is told once where its end moves a little at every reading, and again after an extension: 500 contracts")
    func moving() throws {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<500 {
            let end = Self.now + Double(Int.random(in: 50_000...120_000, using: &generator))
            var history = FleetHistory()
            var (told, time) = (0, Self.now)
            func read(_ end: Double) throws {
                let moved = end + Double(Int.random(in: -30...30, using: &generator))
                told += try history.note([row(1, end: Bool.random(using: &generator) ? moved : end, at: time)]).count
                if Int.random(in: 0..<9, using: &generator) == 0 { told += try history.note([row(1, end: nil, at: time)]).count }
                time += Double(Int.random(in: 1...900, using: &generator))
            }
            while time < end - 60 { try read(end) }
            #expect(told == 1)
            let later = end + Double(Int.random(in: 86_400...400_000, using: &generator))
            while time < later - 60 { try read(later) }
            #expect(told == 2)
        }
    }

    @Test("is told exactly once for each end that comes near, however often and whenever the fleet is read: 500 contracts")
    func law() throws {
        var generator = SeededGenerator(seed: 76)
        for _ in 0..<500 {
            let end = Self.now + Double(Int.random(in: 3_600...400_000, using: &generator))
            var times = (0..<Int.random(in: 2...30, using: &generator)).map { _ in
                Self.now + Double(Int.random(in: 0...500_000, using: &generator))
            }
            times.sort()
            var history = FleetHistory()
            let told = try times.filter { try !history.note([row(1, end: end, at: $0)]).isEmpty }
            let near = times.filter { end - $0 <= FleetHistory.endingSoon }
            // Seen first when it was over already, it is no news.
            let isNews = !near.isEmpty && !(near.count == times.count && times[0] >= end)
            #expect(told == (isNews ? Array(near.prefix(1)) : []), "\(end - Self.now) \(times.map { $0 - Self.now })")
        }
    }
}
