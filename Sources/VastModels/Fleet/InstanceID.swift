/// The number that names an instance (Vast calls it the contract id).
public struct InstanceID: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: Int64

    public init(rawValue: Int64) { self.rawValue = rawValue }

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    public static func < (left: InstanceID, right: InstanceID) -> Bool { left.rawValue < right.rawValue }
}

extension InstanceID: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) { self.init(rawValue: value) }
}

extension InstanceID: CustomStringConvertible {
    public var description: String { String(rawValue) }
}
