/// What becomes of a local minute that a change of the clock leaves out or shows twice. Jobs whose hour is exactly `*`
/// follow real hours instead.
package struct DSTRule: Equatable, Sendable {
    /// For minutes that do not exist.
    package enum Gap: String, CaseIterable, Sendable {
        /// They fire once, at the first instant after the gap.
        case next
        /// They do not fire.
        case skip
    }

    /// For minutes that exist twice.
    package enum Overlap: String, CaseIterable, Sendable {
        case first, last, both
    }

    /// What minutes do that the clock leaves out.
    package var gap: Gap
    /// On which pass minutes fire that the clock shows twice.
    package var overlap: Overlap

    /// By default as the calendar rules have it: after a gap once, in an overlap on the first pass.
    package init(gap: Gap = .next, overlap: Overlap = .first) {
        self.gap = gap
        self.overlap = overlap
    }
}
