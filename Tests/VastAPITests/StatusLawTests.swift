import FleetClock
import Foundation
import Testing
import VastJSON

@testable import VastAPI

@Suite("The words of a status")
struct StatusLawTests {
    private static let actual: [String?] = [
        nil, "created", "loading", "running", "stopped", "frozen", "exited", "rebooting", "recycling", "restarting", "unknown", "offline",
        "paused", "scheduling", ""
    ]
    private static let intended: [String?] = [nil, "running", "stopped", "frozen", "exited"]
    private static let current: [String?] = [nil, "running", "stopped", "unloaded", "loading", "odd"]
    private static let coming = [nil, "created", "creating", "pulling", "loading", "rebooting", "recycling", "restarting"]

    private static func row(_ words: [String?], isBid: Bool?, hints: InstanceHints) throws -> Instance {
        let fields = zip(["actual_status", "intended_status", "cur_state"], words).map { name, word in
            "\"\(name)\":\(word.map { "\"\($0)\"" } ?? "null")"
        }
        let bid = isBid.map { ",\"is_bid\":\($0)" } ?? ""
        let text = "{\"id\":1,\(fields.joined(separator: ","))\(bid)}"
        return try #require(Instance(row: try JSONDocument(parsing: text).root, observedAt: Date(timeIntervalSince1970: 0), hints: hints))
    }

    private static func hints(_ generator: inout SeededGenerator) -> InstanceHints {
        InstanceHints(
            justStarted: .random(using: &generator), wasRunning: .random(using: &generator), isOutbid: .random(using: &generator))
    }

    /// The word with some of its letters large, and blanks around it.
    private static func written(_ word: String, _ generator: inout SeededGenerator) -> String {
        let letters = word.map { Bool.random(using: &generator) ? $0.uppercased() : String($0) }.joined()
        return ["", " ", "  "].randomElement(using: &generator).map { $0 + letters + $0 } ?? letters
    }

    @Test("mean the same however they are written; what they do not say is unknown, and shows them: 5,000 rows")
    func spelling() throws {
        var generator = SeededGenerator(seed: 71)
        for _ in 0..<5_000 {
            let words = try [
                #require(Self.actual.randomElement(using: &generator)), #require(Self.intended.randomElement(using: &generator)),
                #require(Self.current.randomElement(using: &generator))
            ]
            let (isBid, hints) = ([true, false, nil].randomElement(using: &generator) ?? nil, Self.hints(&generator))
            let plain = try Self.row(words, isBid: isBid, hints: hints)
            let odd = try Self.row(words.map { $0.map { Self.written($0, &generator) } }, isBid: isBid, hints: hints)
            #expect(plain.state == odd.state && plain.billing == odd.billing, "\(words)")
            #expect(plain.intendedStatus == odd.intendedStatus && plain.curState == odd.curState)
            let shown = words.map { $0 ?? "null" }.joined(separator: "/")
            #expect(plain.statusWords == shown)
            #expect(plain.description.contains(shown) == (plain.state == .unknown), "\(plain)")
        }
    }

    @Test("of one that is wanted and being prepared say starting, interruptible or not, unless it was on before: all of them")
    func pulling() throws {
        for actual in Self.coming {
            for current in ["stopped", "loading", nil, "running"] {
                for isBid in [true, false, nil] {
                    let fresh = try Self.row([actual, "running", current], isBid: isBid, hints: .none)
                    #expect(fresh.state == .starting && fresh.billing == .storage, "\(fresh.statusWords)")
                    let lost = try Self.row([actual, "running", current], isBid: isBid, hints: .init(isOutbid: true))
                    #expect(lost.state == (isBid == true && current == "stopped" ? .outbid : .starting), "\(lost.statusWords)")
                }
            }
        }
    }

    @Test("of one that was stopped before it ran say stopped, and its storage bills")
    func neverRan() throws {
        for actual in [nil, "created", "loading"] {
            for isBid in [true, false, nil] {
                let row = try Self.row([actual, "stopped", "stopped"], isBid: isBid, hints: .none)
                #expect(row.state == .stopped && row.billing == .storage, "\(row.statusWords)")
            }
        }
    }

    @Test("of one that is to stop and has its hardware still say stopping, whatever its container does: all of them")
    func stopping() throws {
        for actual in Self.coming + ["running", "exited", "stopped"] {
            for isBid in [true, false, nil] {
                let row = try Self.row([actual, "stopped", "running"], isBid: isBid, hints: .none)
                let isBeingMade = ["-", "created", "creating", "pulling", "loading"].contains(actual ?? "-")
                #expect(row.state == .stopping && row.billing == (isBeingMade ? .storage : .gpu), "\(row.statusWords)")
            }
        }
    }

    @Test("that have control characters are shown without them")
    func control() throws {
        let row = try Self.row([#"\u001b[31mred"#, "running", "running"], isBid: nil, hints: .none)
        #expect(row.state == .unknown && row.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(row)")
    }
}

@Suite("Rows that are odd")
struct OddRowTests {
    private static let badIDs = [
        "0", "-1", "\"7\"", "\"abc\"", "null", "1.5", "123456789012345678901234567890", "-99999999999999999999999", "1e300", "[1]", "{}",
        "true"
    ]

    private func list(_ rows: [String], total: Int?) async throws -> FleetSnapshot {
        let counted = total.map { ",\"total_instances\":\($0)" } ?? ""
        let body = #"{"success":true,"instances":[\#(rows.joined(separator: ","))]\#(counted),"next_token":null}"#
        let script = Script { _, _ in HTTPResponse(status: 200, body: Array(body.utf8)) }
        return try await makeClient(script, clock: VirtualClock(mode: .jumping)).list()
    }

    @Test("leave the others as they are, are counted and named, and the reading is not complete: 300 fleets")
    func unreadable() async throws {
        var generator = SeededGenerator(seed: 72)
        for _ in 0..<300 {
            let good = (1...Int.random(in: 1...6, using: &generator)).map { #"{"id":\#($0),"label":"good"}"# }
            let bad = (0..<Int.random(in: 0...3, using: &generator)).compactMap { _ in Self.badIDs.randomElement(using: &generator) }
            var rows =
                good + bad.map { #"{"id":\#($0),"label":"bad one"}"# } + (Bool.random(using: &generator) ? [#"{"label":"none"}"#, "7"] : [])
            rows.shuffle(using: &generator)
            let missing = rows.count - good.count
            let snapshot = try await list(rows, total: Bool.random(using: &generator) ? rows.count : nil)
            #expect(snapshot.instances.map(\.id.rawValue) == good.indices.map { Int64($0 + 1) }, "\(rows)")
            #expect(snapshot.unreadable.count == missing && snapshot.isComplete == (missing == 0), "\(rows)")
            #expect(snapshot.isAuthoritative == (missing == 0))
            if bad.count == missing { #expect(snapshot.unreadable.allSatisfy { $0.contains("bad one") }) }
        }
    }

    @Test("that name an instance once more leave the others as they are, and count where the service counts them: 300 fleets")
    func twins() async throws {
        var generator = SeededGenerator(seed: 74)
        for _ in 0..<300 {
            let good = (1...Int.random(in: 1...6, using: &generator)).map { #"{"id":\#($0),"label":"good"}"# }
            let states = [
                #""actual_status":"running","intended_status":"running","cur_state":"running""#, #""label":"good""#, #""label":"twin""#
            ]
            let twins = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                #"{"id":\#(Int.random(in: good.indices, using: &generator) + 1),\#(states.randomElement(using: &generator) ?? "")}"#
            }
            let bad = (0..<Int.random(in: 0...1, using: &generator)).map { _ in #"{"id":0}"# }
            let rows = (good + twins + bad).shuffled(using: &generator)
            let counts: [Int?] = [rows.count, rows.count - twins.count, nil]
            let total = counts.randomElement(using: &generator) ?? nil
            let snapshot = try await list(rows, total: total)
            #expect(snapshot.instances.map(\.id.rawValue) == good.indices.map { Int64($0 + 1) }, "\(rows)")
            let isCounted = total == rows.count
            #expect(snapshot.unreadable.count == bad.count + (isCounted ? twins.count : 0), "\(rows) of \(total ?? -1)")
            #expect(snapshot.isComplete == snapshot.unreadable.isEmpty && snapshot.lacksOnlyUnreadable != snapshot.isComplete)
        }
    }

    @Test("that name an instance of an earlier page, and stay so, count as well; a list that lacks more is not whole")
    func twinsAcrossPages() async throws {
        for (total, lacksOnlyTwins) in [(4, true), (5, false), (2, false)] {
            let script = Script { request, _ in
                let isFirst = !request.url.contains("token")
                let rows = isFirst ? #"{"id":1},{"id":2}"# : #"{"id":2},{"id":3}"#
                let next = isFirst ? "\"t\"" : "null"
                return HTTPResponse(
                    status: 200,
                    body: Array(#"{"success":true,"instances":[\#(rows)],"total_instances":\#(total),"next_token":\#(next)}"#.utf8))
            }
            let snapshot = try await makeClient(script, clock: VirtualClock(mode: .jumping)).list()
            #expect(snapshot.instances.map(\.id) == [1, 2, 3] && !snapshot.isComplete)
            #expect(snapshot.lacksOnlyUnreadable == lacksOnlyTwins && snapshot.unreadable.count == (lacksOnlyTwins ? 1 : 0), "\(total)")
        }
    }

    @Test("that are all there is are no empty fleet")
    func nothingElse() async {
        for id in Self.badIDs {
            await #expect(throws: VastError.self, "\(id)") { try await list([#"{"id":\#(id)}"#], total: 1) }
        }
    }

    @Test("have no age and no end where milliseconds stand for seconds, and none from the future: 1,000 numbers")
    func times() throws {
        var generator = SeededGenerator(seed: 73)
        let now = 1_795_000_000.0
        for _ in 0..<1_000 {
            let start = Double.random(in: 1.2e9...now, using: &generator).rounded()
            let end = Double.random(in: now...2.2e9, using: &generator).rounded()
            func row(_ start: Double, _ end: Double) throws -> Instance {
                let text = "{\"id\":1,\"start_date\":\(Int64(start)),\"end_date\":\(Int64(end))}"
                return try #require(Instance(row: try JSONDocument(parsing: text).root, observedAt: Date(timeIntervalSince1970: now)))
            }
            #expect(try row(start, end).age() == .seconds(now - start) && row(start, end).endsIn() == .seconds(end - now))
            #expect(try row(start * 1_000, end * 1_000).age() == nil && row(start * 1_000, end * 1_000).endsIn() == nil)
            #expect(try row(start * 1e6, end * 1e6).age() == nil && row(start * 1e6, end * 1e6).endsIn() == nil)
            #expect(try row(end + 90_000, end).age() == nil)
            let soon = now + Double.random(in: 0...86_000, using: &generator).rounded()
            #expect(try row(soon, end).age() == .zero && row(soon, end).age(at: .distantPast) == .zero)
        }
    }

    @Test("have no utilisation where it is a text, or below zero", arguments: ["\"nan\"", "\"NaN\"", "\"12\"", "-1", "null", "[]"])
    func utilization(value: String) throws {
        let row = try JSONDocument(parsing: #"{"id":1,"gpu_util":\#(value)}"#).root
        #expect(try #require(Instance(row: row, observedAt: .now)).gpuUtilization == nil)
    }
}

@Suite("Numbers that can be none")
struct ImpossibleNumberTests {
    @Test(
        "are not known",
        arguments: ["true", "[]", "{}", "\"12\"", "1e19", "-1", "1e308", "102", "null"])
    func none(value: String) throws {
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        let text =
            #"{"id":1,"gpu_util":\#(value),"num_gpus":\#(value == "102" ? "-3" : value),"end_date":\#(value == "102" ? "1e10" : value),"gpu_temp":\#(value == "102" ? "1e4" : value)}"#
        let row = try #require(Instance(row: try JSONDocument(parsing: text).root, observedAt: now))
        #expect(row.gpuUtilization == nil && row.gpuCount == nil && row.endsIn() == nil && row.endDate == nil, "\(text)")
        if value != "-1" { #expect(row.gpuTemperature == nil) }
    }

    @Test("an end of zero is none", arguments: ["0", "-0", "-0.0"])
    func zero(value: String) throws {
        let row = try JSONDocument(parsing: #"{"id":1,"end_date":\#(value)}"#).root
        #expect(try #require(Instance(row: row, observedAt: .now)).endsIn() == nil)
    }
}
