extension FixedWidthInteger {
    /// An integer from a number that comes from elsewhere, without its fraction. Where `Int(_:)` traps, this gives the
    /// nearest integer there is.
    ///
    /// - Parameter number: any number; what is not a number (NaN) becomes zero.
    public init(clampingNumber number: Double) {
        guard !number.isNaN else {
            self = 0
            return
        }
        self = Self(exactly: number.rounded(.towardZero)) ?? (number < 0 ? .min : .max)
    }
}
