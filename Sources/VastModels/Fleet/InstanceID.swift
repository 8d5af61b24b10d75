/// The number that names an instance (Vast calls it the contract id).
public struct InstanceID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number as the service writes it.
    public let rawValue: Int64

    /// Every number is an id, whether there is such an instance or not.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Every number is an id, whether there is such an instance or not.
    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    public static func < (left: InstanceID, right: InstanceID) -> Bool { left.rawValue < right.rawValue }
}

extension InstanceID: ExpressibleByIntegerLiteral {
    /// An id as it is written in source code.
    public init(integerLiteral value: Int64) { self.init(rawValue: value) }
}

extension InstanceID: CustomStringConvertible {
    public var description: String { String(rawValue) }
}
