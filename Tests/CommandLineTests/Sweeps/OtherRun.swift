import FleetClock
import FleetStore
import Foundation
@testable import VastAPI

/// A run of this process that has written down a change and goes on.
final class OtherRun {
    private let journal: Journal
    private let intent: ChangeIntent

    /// - Parameters:
    ///   - change: what it is about to send.
    ///   - vast: where the state is.
    init(_ change: Change, _ vast: VastLua, account: String) async throws {
        let clock = SystemClock()
        journal = Journal(
            StateDatabase(directory: vast.folder.path), run: RunInfo(id: "0ther0", script: "/other.lua", started: clock.unixTime),
            account: account, clock: clock)
        intent = ChangeIntent(number: 1, change: change, request: "PUT /api/v0/instances/", attempt: 1, note: CallNote(call: 1))
        try await journal.willSend(intent)
    }

    /// The service has accepted the change, and the run ends.
    func finish() async throws {
        await journal.didFinish(intent, .accepted)
        try journal.end(exitCode: 0)
    }
}
