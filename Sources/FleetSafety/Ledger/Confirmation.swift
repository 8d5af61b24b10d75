package import FleetClock
package import VastAPI

/// Reads the fleet after the work is done, again and again, until it shows every change, or time is up.
package struct Confirmation: Sendable {
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(15)
    /// How long a page of the list takes when nothing is known: the documented pace.
    private static let pageTime = Duration.seconds(1)
    private static let pageSize = 25
    /// A whole reading that takes longer is made for the changed instances alone.
    private static let shortReading = Duration.seconds(5)
    /// How long a withdrawal that has failed before may be tried again, when there is less time.
    private static let leastForWithdrawals = Duration.seconds(10)
    /// How many ids one request may ask for.
    private static let largestQuery = 300

    private let chain: any FleetChain
    private let clock: any FleetClock
    private let tell: @Sendable (VastError) -> Void

    /// - Parameter tell: is given what goes wrong with a reading.
    package init(_ chain: any FleetChain, clock: any FleetClock, tell: @escaping @Sendable (VastError) -> Void) {
        self.chain = chain
        self.clock = clock
        self.tell = tell
    }

    /// - Parameters:
    ///   - deadline: when to be back, on the clock's uptime. A reading that cannot end until then is not begun.
    ///   - fleetSize: how many instances there are; nil when that is not known.
    ///   - isInterrupted: whether a signal or a limit ends the run: withdrawals then have all of its grace.
    package func run(until deadline: Duration, fleetSize: Int?, isInterrupted: Bool = false) async {
        let limit = isInterrupted ? nil : max(deadline, clock.uptime + Self.leastForWithdrawals)
        await WithdrawalLimit.$deadline.withValue(limit) { await confirm(until: deadline, fleetSize: fleetSize) }
    }

    private func confirm(until deadline: Duration, fleetSize: Int?) async {
        let whole = Self.readingTime(of: fleetSize ?? 1)
        var pause = Self.firstPause
        while !chain.ledger.unconfirmed.isEmpty {
            let ids = chain.ledger.unconfirmed
            let isWhole = ids.count > Self.largestQuery || whole <= Self.shortReading && fits(whole, until: deadline)
            let length = isWhole ? whole : Self.readingTime(of: ids.count)
            guard await read(isWhole ? .all : .ids(ids), takes: length, until: deadline) else { return }
            guard !chain.ledger.unconfirmed.isEmpty, clock.uptime < deadline else { break }
            do { try await clock.sleep(untilUptime: min(clock.uptime + pause, deadline)) } catch { return }
            pause = min(pause * 1.5, Self.longestPause)
        }
        // Those that a filtered list does not show may be gone, which the whole fleet tells, with what it bills now.
        if whole > Self.shortReading || !chain.ledger.hasBillAfterwards { _ = await read(.all, takes: whole, until: deadline) }
    }

    private static func readingTime(of count: Int) -> Duration { pageTime * max(1, (count + pageSize - 1) / pageSize) }

    /// The first page is not spaced from anything.
    private func fits(_ length: Duration, until deadline: Duration) -> Bool { clock.uptime + length - Self.pageTime < deadline }

    /// - Returns: whether it makes sense to go on.
    private func read(_ query: ListQuery, takes length: Duration, until deadline: Duration) async -> Bool {
        guard fits(length, until: deadline) else { return false }
        let reading = Task { [chain] in _ = try await chain.list(query) }
        let alarm = clock.alarm(atUptime: deadline) { reading.cancel() }
        defer { alarm.cancel() }
        do {
            try await withTaskCancellationHandler {
                try await reading.value
            } onCancel: {
                reading.cancel()
            }
            return true
        } catch {
            let error = VastError(refusing: error)
            if error.kind != .cancelled { tell(error) }
            return !error.endsList && clock.uptime < deadline
        }
    }
}
