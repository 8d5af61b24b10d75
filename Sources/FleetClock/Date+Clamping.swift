#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Date {
    /// The Unix seconds that ``init(clampingUnixSeconds:)`` lets through: the years 1 to 9999 in UTC, as all calendars
    /// here know them.
    public static let clampedUnixSeconds: ClosedRange<Double> = -62_135_596_800...253_402_300_799

    /// A date from Unix seconds that come from elsewhere. Differences of such dates are lengths that `Duration` takes,
    /// and each can be written with a year of four digits.
    ///
    /// - Parameter seconds: any number; what is not a number (NaN) becomes 1970.
    public init(clampingUnixSeconds seconds: Double) {
        let range = Self.clampedUnixSeconds
        self.init(timeIntervalSince1970: seconds.isNaN ? 0 : min(max(seconds, range.lowerBound), range.upperBound))
    }
}
