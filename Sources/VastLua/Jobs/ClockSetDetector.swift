import FleetClock
import FleetRules
import LuaEngine

/// Timers run on the uptime, calendars on the wall clock: every few seconds this looks whether somebody has set the clock,
/// and plans the calendar jobs anew.
final class ClockSetDetector {
    private static let interval = Duration.seconds(10)
    /// More than a clock that is slewed moves in an interval, in seconds.
    private static let tolerance = 0.05
    /// What is worth a word, in seconds.
    private static let notable = 2.0

    /// Owns this.
    private weak var board: JobBoard?
    private let clock: any FleetClock
    private var timer: LuaTimer?
    private var offset = 0.0

    init(_ board: JobBoard) {
        self.board = board
        clock = board.clock
    }

    private var currentOffset: Double { clock.unixTime - clock.uptime.seconds }

    func start() {
        // The two agree for ever on a clock that nobody can set.
        guard timer == nil, clock.mayBeSet else { return }
        offset = currentOffset
        schedule()
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }

    private func schedule() {
        timer = board?.host.schedule(atUptime: clock.uptime + Self.interval) { [weak self] in self?.look() }
    }

    private func look() {
        guard let board else { return }
        schedule()
        let jump = currentOffset - offset
        guard abs(jump) > Self.tolerance else { return }
        offset += jump
        if abs(jump) >= Self.notable {
            let length = DurationFormat.format(Duration(clampingSeconds: abs(jump).rounded()))
            board.logger.warning("the clock was set \(jump < 0 ? "back" : "forward") by \(length); calendar jobs are planned anew")
        }
        for job in board.jobs where job.trigger.followsWallClock { board.replan(job, isSetBack: jump < 0) }
    }
}
