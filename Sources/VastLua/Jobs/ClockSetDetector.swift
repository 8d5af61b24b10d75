import FleetClock
import LuaEngine

/// Timers run on the uptime, calendars on the wall clock: once a minute this looks whether somebody has set the clock,
/// and sets the timers of calendar jobs anew.
final class ClockSetDetector {
    private static let interval = Duration.seconds(60)
    /// More than a clock that is slewed moves in an interval.
    private static let tolerance = 0.05

    private unowned let board: JobBoard
    private var timer: LuaTimer?
    private var offset = 0.0

    init(_ board: JobBoard) {
        self.board = board
    }

    private var clock: any FleetClock { board.host.clock }
    private var currentOffset: Double { clock.unixTime - clock.uptime.seconds }

    func start() {
        // The two agree for ever on a clock that nobody can set.
        guard timer == nil, clock is SystemClock else { return }
        offset = currentOffset
        schedule()
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }

    private func schedule() {
        timer = board.host.schedule(atUptime: clock.uptime + Self.interval) { [weak self] in self?.look() }
    }

    private func look() {
        schedule()
        let offset = currentOffset
        guard abs(offset - self.offset) > Self.tolerance else { return }
        self.offset = offset
        for job in board.jobs where job.trigger.followsWallClock { board.arm(job) }
    }
}
