/// What something costs: US dollars in one hour.
public struct USDPerHour: RawRepresentable, Hashable, Comparable, Sendable, AdditiveArithmetic {
    public let rawValue: Double

    public init(rawValue: Double) { self.rawValue = rawValue }

    public init(_ rawValue: Double) { self.rawValue = rawValue }

    public static let zero = USDPerHour(0)

    public static func < (left: USDPerHour, right: USDPerHour) -> Bool { left.rawValue < right.rawValue }

    public static func + (left: USDPerHour, right: USDPerHour) -> USDPerHour {
        USDPerHour(left.rawValue + right.rawValue)
    }

    public static func - (left: USDPerHour, right: USDPerHour) -> USDPerHour {
        USDPerHour(left.rawValue - right.rawValue)
    }
}

extension USDPerHour: CustomStringConvertible {
    /// With two decimals, such as `$0.70/h`.
    public var description: String { "\(Dollars.text(rawValue))/h" }
}
