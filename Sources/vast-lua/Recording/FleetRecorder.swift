import FleetClock
import FleetRecording
import FleetSafety
import Synchronization
import VastAPI
import VastJSON

/// Reads the fleet again and again, and writes what it reads into a recording.
final class FleetRecorder: Sendable {
    private let service: GuardMiddleware
    private let writer: Mutex<RecordingWriter>
    private let clock: any FleetClock
    private let every: Duration
    private let length: Duration?

    /// - Parameters:
    ///   - every: how far apart the readings are.
    ///   - length: after what time it ends by itself; nil: never.
    init(service: GuardMiddleware, writer: sending RecordingWriter, clock: any FleetClock, every: Duration, length: Duration?) {
        (self.service, self.clock, self.every, self.length) = (service, clock, every, length)
        self.writer = Mutex(writer)
    }

    /// What was written so far.
    var progress: RecordingProgress { writer.withLock { RecordingProgress($0) } }

    /// Records until the time is over or a signal ends it, and blocks until then.
    ///
    /// - Throws: ``RecordingError``; ``VastError`` of the first reading, and of later ones that no later try can mend.
    func run(_ watcher: RunTerminationThread) throws -> ExitCode {
        let task = Task { try await record() }
        watcher.attach(cancel: { task.cancel() })
        if watcher.cause != nil { task.cancel() }
        do {
            try watcher.whileRunning { try blocking { try await task.value } }
        } catch {
            guard let cause = watcher.cause, Self.isCancellation(error) else { throw error }
            return cause
        }
        return watcher.cause ?? .done
    }

    private static func isCancellation(_ error: any Error) -> Bool {
        error is CancellationError || (error as? VastError)?.kind == .cancelled
    }

    private func record() async throws {
        let start = clock.uptime
        var due = start
        while true {
            try await recordOne()
            // What has taken longer leaves readings out, and is not made up for.
            repeat { due += every } while due < clock.uptime
            if let length, due - start > length { return }
            try await clock.sleep(untilUptime: due)
        }
    }

    /// One reading; one that fails is a gap, unless it is the first.
    private func recordOne() async throws {
        do {
            let snapshot = try await service.list(.all)
            try writer.withLock { writer in
                let reading = RecordedReading(snapshot)
                guard writer.lastTime.map({ $0 < reading.time }) ?? true else {
                    return StandardError().say("the clock shows an earlier time than at the last reading; this one is left out")
                }
                try writer.write(reading)
            }
        } catch let error as VastError where progress.count > 0 && Self.mayPass(error) {
            StandardError().say("a reading is missing: \(error.text)")
        }
    }

    private static func mayPass(_ error: VastError) -> Bool {
        switch error.kind {
        case .network, .server, .rateLimited, .timeout: true
        default: false
        }
    }
}

/// How much of a recording has been written, and up to when.
struct RecordingProgress {
    let count: Int
    let lastTime: Double?

    init(_ writer: RecordingWriter) { (count, lastTime) = (writer.count, writer.lastTime) }
}

extension RecordedReading {
    /// What a reading of the service says.
    init(_ snapshot: FleetSnapshot) {
        self.init(
            time: snapshot.observedAt.timeIntervalSince1970, isComplete: snapshot.isAuthoritative,
            rows: snapshot.instances.compactMap { RecordedFields.scrubbed($0.row) })
    }
}
