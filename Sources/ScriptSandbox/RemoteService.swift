import Dispatch
package import FleetClock
package import FleetRules
package import FleetSafety
package import Logging
import Synchronization
package import VastAPI
package import VastJSON

/// The service as a restricted script has it: every call goes over the line to the process that holds the key.
package final class RemoteService: FleetChain {
    /// The most calls that may be under way at a time.
    package static let mostCalls = 256

    private struct State {
        var lastID: Int64 = 0
        var waiting: [Int64: @Sendable (Result<JSON, any Error>) -> Void] = [:]
        var isEnded = false
    }

    /// What this process knows of its changes; the one that counts is on the other side.
    package let ledger = ChangeLedger()
    private let line: Channel
    private let clock: any FleetClock
    private let state = Mutex(State())

    /// - Parameter clock: the script's.
    package init(_ line: Channel, clock: any FleetClock = SystemClock()) { (self.line, self.clock) = (line, clock) }

    // MARK: what comes

    /// Takes frames until the line ends; blocks. Every call under way then fails.
    ///
    /// - Parameter order: told what the parent wants, with the frame.
    package func receive(_ order: (ChannelOrder, JSON) -> Void) {
        while let bytes = try? line.receive(longest: Channel.longestToScript), let frame = try? JSONDocument(parsing: bytes).root {
            if let word = frame["order"]?.string.flatMap(ChannelOrder.init(rawValue:)) {
                order(word, frame)
            } else if let id = frame["id"]?.int64 {
                let answer = state.withLock { $0.waiting.removeValue(forKey: id) }
                answer?(Self.result(frame))
            }
        }
        let waiting = state.withLock { state in
            state.isEnded = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for answer in waiting { answer(.failure(Self.ended)) }
    }

    private static let ended = VastError(.cancelled, "the process that holds the key is gone")

    private static func result(_ frame: JSON) -> Result<JSON, any Error> {
        do {
            if let error = frame["error"] { return .failure(try VastError(channel: error)) }
            return .success(try frame.required("ok") { $0 })
        } catch {
            return .failure(VastError(.server, "the answer of the other process is not understood: \(error)"))
        }
    }

    // MARK: what goes

    private func call(_ call: ChannelCall, _ write: (inout ChannelFrame) throws -> Void = { _ in }) async throws -> JSON {
        var frame = ChannelFrame()
        frame.put("call", call.rawValue)
        try write(&frame)
        let id = try newID()
        frame.put("id", id)
        let bytes = frame.bytes
        try ChannelRequest.check(bytes)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                begin(id, bytes) { continuation.resume(with: $0) }
            }
        } onCancel: {
            tell(.cancel) { $0.put("id", id) }
        }
    }

    private func newID() throws -> Int64 {
        try state.withLock { state in
            guard !state.isEnded else { throw Self.ended }
            guard state.waiting.count < Self.mostCalls else {
                throw VastError(.conflict, "a restricted script may have \(Self.mostCalls) calls of vast under way at a time")
            }
            state.lastID += 1
            return state.lastID
        }
    }

    private func begin(_ id: Int64, _ bytes: [UInt8], _ answer: @escaping @Sendable (Result<JSON, any Error>) -> Void) {
        let isEnded = state.withLock { state in
            if !state.isEnded { state.waiting[id] = answer }
            return state.isEnded
        }
        if isEnded { return answer(.failure(Self.ended)) }
        do {
            try line.send(bytes)
        } catch {
            let answer = state.withLock { $0.waiting.removeValue(forKey: id) }
            answer?(.failure(Self.ended))
        }
    }

    /// Sends what nobody answers.
    func tell(_ call: ChannelCall, _ write: (inout ChannelFrame) -> Void) {
        var frame = ChannelFrame()
        frame.put("call", call.rawValue)
        write(&frame)
        let bytes = frame.bytes
        if bytes.count <= Channel.longestFromScript { try? line.send(bytes) }
    }

    // MARK: the service

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let snapshot = try FleetSnapshot(channel: try await call(.list) { try query.write(to: &$0) })
        ledger.note(snapshot)
        return snapshot
    }

    package func show(_ id: InstanceID) async throws -> Instance? {
        let answer = try await call(.show) { $0.put("instance", id.rawValue) }
        return try FleetSnapshot(channel: answer).instances.first
    }

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        let outcomes: ChangeOutcomes
        do {
            outcomes = try ChangeOutcomes(channel: try await call(.change) { try order.write(to: &$0) }, of: order)
        } catch {
            outcomes = ChangeOutcomes(
                order.ids, endedBy: error as? VastError ?? VastError(error is CancellationError ? .cancelled : .server, "\(error)"))
        }
        ledger.record(order, outcomes, at: clock.unixTime)
        return outcomes
    }

    package func user() async throws -> User {
        guard let user = User(json: try await call(.user)) else { throw VastError(.server, "the account is not understood") }
        return user
    }

    package func request(_ order: RequestOrder) async throws -> JSON? {
        throw VastError(.invalidArgument, "vast.request is not available in a restricted script")
    }

    /// Sends limits of the script's own, and waits for what to warn of; blocks this thread.
    ///
    /// - Throws: ``VastError``.
    package func limit(_ limits: GuardLimits) throws -> [String] {
        var frame = ChannelFrame()
        frame.put("call", ChannelCall.guard.rawValue)
        limits.write(to: &frame)
        let id = try newID()
        frame.put("id", id)
        let (box, bytes) = (OutcomeBox(), frame.bytes)
        try ChannelRequest.check(bytes)
        begin(id, bytes) { box.set($0) }
        return try box.wait().elements.compactMap(\.string)
    }

    // MARK: how the script fares

    /// Tells whether the script stays alive for its jobs.
    package func tellServing(_ isServing: Bool) { tell(.serving) { $0.put("is_serving", isServing) } }

    /// Tells how the script ended; the last frame.
    package func tellEnd(_ end: RestrictedEnd) { tell(.end) { end.write(to: &$0) } }

    /// A logger whose lines the other process writes.
    package func logger(level: Logger.Level) -> Logger {
        Logger(label: "vast-lua") { [self] _ in ChannelLogHandler(service: self, logLevel: level) }
    }
}

/// Where one thread leaves an answer for another that blocks.
private final class OutcomeBox: Sendable {
    private let outcome = Mutex<Result<JSON, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    func set(_ result: Result<JSON, any Error>) {
        outcome.withLock { $0 = result }
        isDone.signal()
    }

    func wait() throws -> JSON {
        isDone.wait()
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}

private struct ChannelLogHandler: LogHandler {
    let service: RemoteService
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        service.tell(.log) { frame in
            frame.put("level", event.level.rawValue)
            frame.put("message", "\(event.message)")
            frame.object("fields") { frame in for (name, value) in fields { frame.put(name, "\(value)") } }
        }
    }
}
