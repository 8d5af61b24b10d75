import FleetClock
import FleetRules
import LuaEngine
import VastAPI

extension FleetModule {
    /// `vast.observe(length [, {every = "1m", query…}])`
    func observe(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let length = try call.argument(1).length("\(call.name): length")
        let options = try optionalTable(call, 2)
        let query = try Query(options, function: call.name, ignoring: ["every"])
        let every = try options.withField("every") { try $0.isNil ? nil : $0.length("every") } ?? .seconds(60)
        guard every > .zero else { throw VastError.invalidArgument("\(call.name): every is longer than 0") }
        return try Observation(runtime, query, length: length, every: every).step(call)
    }

    /// `vast.wait(target, "running" [, {timeout = "10m"}])`
    func wait(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let targets = try Targets(call, 1, runtime: runtime)
        let word = try call.string(2, "state")
        guard let state = InstanceState(rawValue: word) else {
            throw call.wrong(
                2, "state", LuaSuggestion.unknown("state", word, among: InstanceState.allCases.map(\.rawValue)))
        }
        var timeout = Duration.seconds(600)
        try call.options(3, "options") { _, value in timeout = try value.length("timeout") }
        guard !targets.ids.isEmpty else {
            runtime.write([], from: targets.origin, call.results)
            return .values
        }
        return try StateWait(
            runtime, targets.subject, timeout: timeout, wanted: "\(state)", { $0?.state == state },
            obstacle: { [self] in obstacle(to: state, $0) }
        ) {
            [self] call, rows in
            if targets.isSingle { runtime.write(rows[0], call.results) } else { runtime.write(rows, from: targets.origin, call.results) }
            return .values
        }.step(call)
    }

    /// Why an instance will not come to have a state; nil when it may.
    func obstacle(to state: InstanceState, _ row: Instance) -> String? {
        let started = runtime.ledger.changes(of: row.id).filter { $0.isAccepted && $0.verb.rules.boots }.map(\.time).max()
        return WaitObstacle.find(row, wanted: state, sinceStart: started.map { abs(row.observedAt.timeIntervalSince1970 - $0) })
    }
}

/// Reads the whole fleet at fixed times and keeps the samples; a reading that fails leaves a hole, which makes
/// idleness unknown, and is not the end.
private final class Observation {
    private let runtime: Runtime
    private let query: Query
    private let every: Duration
    private let start: Duration
    private let end: Duration
    private var due: Duration
    private var failure: (any Error)?
    private var rows: [Instance] = []

    init(_ runtime: Runtime, _ query: Query, length: Duration, every: Duration) {
        self.runtime = runtime
        self.query = query
        self.every = every
        start = runtime.host.clock.uptime
        end = start + length
        due = start
    }

    func step(_ call: borrowing LuaCall) throws -> LuaOutcome {
        return call.wait(
            for: try runtime.fleet.reading(query.listQuery),
            thenResult: { [self] call, result in
                try take(result)
                let now = call.host.clock.uptime
                guard due < end else { return try finish(call) }
                // A slow reading moves the next one to the next multiple, so that readings stay at fixed times.
                repeat { due += every } while due <= now && due < end
                due = min(due, end)
                return call.sleep(untilUptime: due) { [self] call in try step(call) }
            })
    }

    private func take(_ result: Result<FleetSnapshot, any Error>) throws {
        switch result {
        case .success(let snapshot):
            failure = nil
            rows = runtime.fleet.note(snapshot)
            try query.check(rows)
        case .failure(let error as VastError) where [.network, .server, .timeout, .rateLimited].contains(error.kind):
            failure = error
            runtime.logger.warning("a reading failed; what was not seen is unknown", metadata: ["error": "\(error)"])
        case .failure(let error): throw error
        }
    }

    private func finish(_ call: borrowing LuaCall) throws -> LuaOutcome {
        if let failure { throw failure }
        return try runtime.fleet.returnList(call, rows.filter(query.matchesValues), query)
    }
}

/// Reads some instances again and again until all of them are as wanted.
final class StateWait {
    private let runtime: Runtime
    private let subject: CallSubject
    private let deadline: Duration
    private let timeout: Duration
    private let wanted: String
    private let isReached: (Instance?) -> Bool
    private let obstacle: (Instance) -> String?
    private let effect: VastError.Effect
    private let body: FleetModule.Rows
    private var pause = Duration.seconds(2)

    /// - Parameters:
    ///   - wanted: what is waited for, for messages.
    ///   - effect: what an error says of a change that is waited for.
    ///   - isReached: asked about every row; nil means that the instance is gone.
    ///   - obstacle: why the instance of a row will not become what is waited for, in words; nil: it may.
    init(
        _ runtime: Runtime, _ subject: CallSubject, timeout: Duration, wanted: String, effect: VastError.Effect = .none,
        _ isReached: @escaping (Instance?) -> Bool, obstacle: @escaping (Instance) -> String? = { _ in nil },
        then body: @escaping FleetModule.Rows
    ) {
        self.runtime = runtime
        self.subject = subject
        self.timeout = timeout
        self.wanted = wanted
        self.effect = effect
        (self.isReached, self.obstacle) = (isReached, obstacle)
        self.body = body
        deadline = runtime.host.clock.uptime + timeout
    }

    func step(_ call: borrowing LuaCall) throws -> LuaOutcome {
        try runtime.fleet.read(call, subject.ids, about: subject) { [self] call, rows in
            let ids = subject.ids
            let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
            let open = ids.filter { !isReached(byID[$0]) }
            if open.isEmpty { return try body(call, ids.compactMap { byID[$0] }) }
            if let gone = open.first(where: { byID[$0] == nil }) {
                throw VastError(.notFound, "instance \(gone) is gone", instance: gone)
            }
            if let (row, why) = open.lazy.compactMap({ [self] id in byID[id].flatMap { row in obstacle(row).map { (row, $0) } } }).first {
                throw VastError(
                    .conflict, "instance \(InstanceFacts(row).name) will not be \(wanted): \(why)", instance: row.id, effect: effect)
            }
            let now = call.host.clock.uptime
            guard now < deadline else { throw timedOut(open, byID) }
            defer { pause = min(pause * 1.5, .seconds(15)) }
            return call.sleep(untilUptime: min(now + pause, deadline)) { [self] call in try step(call) }
        }
    }

    private func timedOut(_ open: [InstanceID], _ rows: [InstanceID: Instance]) -> VastError {
        let states = open.prefix(3).map { id in
            "\(id) is \(rows[id].map { $0.describedState + WaitObstacle.message($0) } ?? "gone")"
        }.joined(separator: ", ")
        var error = VastError(
            .timeout,
            "not \(wanted) after \(DurationFormat.format(timeout)): \(states)"
                + (open.count > 3 ? " and \(open.count - 3) more" : ""),
            code: VastError.unconfirmedCode, instance: open.count == 1 ? open[0] : nil, effect: effect)
        guard open.count > 1 else { return error }
        let results = open.map { ($0, Result<Void, VastError>.failure(error.about($0))) }
        error.results = Dictionary(uniqueKeysWithValues: results)
        return error
    }
}
