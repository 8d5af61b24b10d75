import FleetClock
import Glibc

/// Says on a terminal, every few seconds, how far a backtest has come.
final class BacktestProgress {
    private static let pause = Duration.seconds(3)

    private let isShown = isatty(STDERR_FILENO) == 1
    private let clock = SystemClock()
    private let begun: Duration
    private var next: Duration

    init() {
        begun = clock.uptime
        next = begun + Self.pause
    }

    /// - Parameter part: how much is done, from 0 to 1.
    func show(_ part: Double) {
        let now = clock.uptime
        guard isShown, now >= next, part > 0 else { return }
        next = now + Self.pause
        let left = (now - begun).seconds * (1 - part) / part
        StandardError.write("\(Int(part * 100)) %, about \(Int(left.rounded(.up))) s left")
    }
}
