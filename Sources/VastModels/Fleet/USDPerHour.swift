/// What something costs: US dollars in one hour.
public struct USDPerHour: RawRepresentable, Hashable, Comparable, Sendable, AdditiveArithmetic {
    /// In dollars an hour; nothing is rounded.
    public let rawValue: Double

    /// - Parameter rawValue: in dollars an hour.
    public init(rawValue: Double) { self.rawValue = rawValue }

    /// - Parameter rawValue: in dollars an hour.
    public init(_ rawValue: Double) { self.rawValue = rawValue }

    /// Costs nothing; what is not known is nil instead.
    public static let zero = USDPerHour(0)

    /// With the four decimals that the service keeps of a bid (Vast API contract, part 2, section C).
    public var roundedAsBid: USDPerHour { USDPerHour(rawValue.rounded(to: 10_000)) }

    public static func < (left: USDPerHour, right: USDPerHour) -> Bool { left.rawValue < right.rawValue }

    /// The sum, without rounding.
    public static func + (left: USDPerHour, right: USDPerHour) -> USDPerHour {
        USDPerHour(left.rawValue + right.rawValue)
    }

    /// The difference, which may be below zero.
    public static func - (left: USDPerHour, right: USDPerHour) -> USDPerHour {
        USDPerHour(left.rawValue - right.rawValue)
    }
}

extension Double {
    /// With nine decimals: without what adding binary fractions leaves behind them.
    var withoutNoise: Double { rounded(to: 1e9) }

    /// In parts of a whole. What is too large to have such parts stays as it is.
    fileprivate func rounded(to parts: Double) -> Double {
        let scaled = self * parts
        return scaled.isFinite ? scaled.rounded() / parts : self
    }
}

extension USDPerHour: CustomStringConvertible {
    /// With two decimals, such as `$0.70/h`.
    public var description: String { "\(Dollars.text(rawValue))/h" }
}
