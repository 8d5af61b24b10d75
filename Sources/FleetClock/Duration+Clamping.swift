extension Duration {
    /// The longest length that ``init(clampingSeconds:)`` gives, either way: 31,700 years. Sums and multiples of such
    /// lengths stay far below the 9.2e18 seconds at which `Duration` traps.
    public static let longestClamped = Duration.seconds(1_000_000_000_000)

    /// A length from a number of seconds that comes from elsewhere: a row of the service, a file, a script. Where
    /// `Duration.seconds` traps, this gives the longest length.
    ///
    /// - Parameter seconds: any number; what is not a number (NaN) is no length and becomes zero.
    public init(clampingSeconds seconds: Double) {
        let longest = Self.longestClamped.seconds
        self = seconds.isNaN ? .zero : .seconds(min(max(seconds, -longest), longest))
    }
}
