package import FleetClock
package import FleetRules
package import FleetSafety
package import Logging
import Synchronization
package import VastAPI
import VastJSON

/// The other end of a ``RemoteService``, in the process that holds the key: answers a restricted script from the chain of
/// guard, journal and service. It believes nothing that the script's process says.
package final class ServiceHost: Sendable {
    /// What it answers with.
    package struct Settings: Sendable {
        /// Makes the first link of the chain, when it is first needed.
        package var service: @Sendable () throws -> any FleetChain
        /// Takes the script's own limits, and returns what to warn of.
        package var limit: @Sendable (GuardLimits) throws -> [String]
        /// Takes the log lines of the script.
        package var logger: Logger
        /// The clock of the process that holds the key.
        package var clock: any FleetClock
        /// Told whether the script stays alive for its jobs.
        package var onServing: @Sendable (Bool) -> Void = { _ in }
        /// Told of every reading of the fleet.
        package var onReading: @Sendable (FleetSnapshot) -> Void = { _ in }

        /// - Parameters:
        ///   - service: makes the first link of the chain, when it is first needed.
        ///   - limit: takes the script's own limits, and returns what to warn of.
        package init(
            service: @escaping @Sendable () throws -> any FleetChain, limit: @escaping @Sendable (GuardLimits) throws -> [String],
            logger: Logger, clock: any FleetClock
        ) {
            self.service = service
            self.limit = limit
            self.logger = logger
            self.clock = clock
        }
    }

    private struct State {
        var calls: [Int64: Task<Void, Never>] = [:]
        var end: RestrictedEnd?
    }

    private let line: Channel
    private let settings: Settings
    private let state = Mutex(State())
    private let gate = AnswerGate(width: largeAnswers)

    /// Reads nothing yet.
    ///
    /// - Parameter line: the channel to the script's process.
    package init(_ line: Channel, _ settings: Settings) {
        self.line = line
        self.settings = settings
    }

    /// How the script said that it ended; nil when it did not.
    package var end: RestrictedEnd? { state.withLock { $0.end } }

    /// Takes frames until the line ends; blocks. Calls under way are cancelled then.
    ///
    /// - Throws: ``ChannelError`` for a frame that no binding sends; the script's process must be ended then.
    package func serve() throws(ChannelError) {
        defer { for call in state.withLock({ Array($0.calls.values) }) { call.cancel() } }
        while let bytes = try line.receive(longest: Channel.longestFromScript) { try take(bytes) }
    }

    /// Waits until every call has ended: what is in flight is journaled.
    package func drain() async {
        while let call = state.withLock({ $0.calls.values.first }) { await call.value }
    }

    /// Tells the script's process to do something.
    package func order(_ order: ChannelOrder, reason: String? = nil) {
        var frame = ChannelFrame()
        frame.put("order", order.rawValue)
        frame.put("reason", reason)
        try? line.send(frame.bytes)
    }

    // MARK: frames

    private func take(_ bytes: [UInt8]) throws(ChannelError) {
        let frame = try ChannelRequest.frame(bytes)
        switch try ChannelRequest(frame) {
        case .list(let query): try answer(frame, isLarge: true) { [self] in try await list(query) }
        case .show(let id): try answer(frame) { [self] in try await show(id) }
        case .change(let order): try answer(frame) { [self] in try await change(order) }
        case .user: try answer(frame) { [self] in try await user() }
        case .guard(let limits): try answer(frame) { [self] in try warnings(limits) }
        case .cancel(let id): state.withLock { $0.calls[id] }?.cancel()
        case .log(let level, let frame): log(level, frame)
        case .serving(let isServing): settings.onServing(isServing)
        case .end(let end): state.withLock { $0.end = end }
        }
    }

    /// Writes the value of an answer.
    private typealias Answer = @Sendable (inout ChannelFrame) throws -> Void

    /// How many answers with many rows are in memory at a time.
    private static let largeAnswers = 2

    private func answer(
        _ frame: JSON, isLarge: Bool = false, _ body: @escaping @Sendable () async throws -> Answer
    ) throws(ChannelError) {
        let id = try frame.required("id") { $0.int64 }
        let isFree = state.withLock { state in
            guard id > 0, state.calls[id] == nil, state.calls.count < RemoteService.mostCalls else { return false }
            state.calls[id] = Task { [self] in
                guard isLarge else { return await reply(id, body) }
                do {
                    try await gate.pass { await reply(id, body) }
                } catch {
                    await reply(id) { throw error }
                }
            }
            return true
        }
        guard isFree else { throw .malformed("too many calls at a time, or two of one number") }
    }

    private func forget(_ id: Int64) { state.withLock { $0.calls[id] = nil } }

    private func reply(_ id: Int64, _ body: @Sendable () async throws -> Answer) async {
        var frame = ChannelFrame()
        frame.put("id", id)
        do {
            try (try await body())(&frame)
        } catch {
            frame = ChannelFrame()
            frame.put("id", id)
            let error = error as? VastError ?? VastError(error is CancellationError ? .cancelled : .server, "\(error)")
            frame.object("error") { error.write(to: &$0) }
        }
        if frame.writer.bytes.count >= Channel.longestToScript {
            frame = ChannelFrame()
            frame.put("id", id)
            frame.object("error") { VastError(.server, "the answer is larger than a restricted script may get").write(to: &$0) }
        }
        // Before the answer is sent: whoever gets it may call again at once.
        forget(id)
        try? line.send(frame.bytes)
    }

    private func log(_ level: Logger.Level, _ frame: JSON) {
        var fields: Logger.Metadata = [:]
        for (name, value) in frame["fields"]?.members.map({ ($0.name, $0.value) }) ?? [] {
            fields[ScriptText.line(name, longest: 100)] = .string(ScriptText.lines(value.string ?? "", longest: 10_000))
        }
        settings.logger.log(level: level, "\(ScriptText.lines(frame["message"]?.string ?? "", longest: 10_000))", metadata: fields)
    }

    // MARK: calls

    private func list(_ query: ListQuery) async throws -> Answer {
        let snapshot = try await settings.service().list(query)
        settings.onReading(snapshot)
        return { frame in try frame.object("ok") { try snapshot.write(to: &$0) } }
    }

    private func show(_ id: InstanceID) async throws -> Answer {
        let instance = try await settings.service().show(id)
        let snapshot = FleetSnapshot(
            instances: instance.map { [$0] } ?? [], observedAt: instance?.observedAt ?? settings.clock.now, isComplete: false,
            isFiltered: true)
        return { frame in try frame.object("ok") { try snapshot.write(to: &$0) } }
    }

    private func user() async throws -> Answer {
        let user = try await settings.service().user()
        return { frame in
            frame.object("ok") { frame in
                frame.put("id", user.id)
                frame.put("email", user.email)
                frame.put("credit", user.credit)
            }
        }
    }

    private func warnings(_ limits: GuardLimits) throws -> Answer {
        let warnings = try settings.limit(limits)
        return { frame in frame.array("ok", warnings) { $0.string($1) } }
    }

    private func change(_ order: ChangeOrder) async throws -> Answer {
        let outcomes = try await settings.service().change(order)
        return { outcomes.write(to: &$0, as: "ok") }
    }
}
