import VastAPI

/// What a number has to be, where not every number will do.
package struct NumberForm: Sendable, Equatable {
    private let noun: String
    private let least: Double
    /// Whether the least itself is too little.
    private let isOpen: Bool
    private let most: Double
    private let isWhole: Bool

    private init(
        _ noun: String = "number", from least: Double, isOpen: Bool = false, to most: Double = .infinity, isWhole: Bool = false
    ) {
        (self.noun, self.least, self.isOpen, self.most, self.isWhole) = (noun, least, isOpen, most, isWhole)
    }

    /// A number of at least so much.
    static func from(_ least: Double, to most: Double = .infinity) -> NumberForm { NumberForm(from: least, to: most) }
    static let positive = NumberForm(from: 0, isOpen: true)
    static let fraction = from(0, to: 1)
    /// The id of an instance.
    static let id = NumberForm("id", from: 1, isWhole: true)
    /// Unix seconds.
    static let instantOfWall = NumberForm("instant", from: -1e12, to: 1e12)
    static let instant = NumberForm("instant", from: -1e15, to: 1e15)

    /// Seconds, as lengths of time are read.
    static func length(from least: Double = 0) -> NumberForm { NumberForm("length of time", from: least, to: longest) }
    static let positiveLength = NumberForm("length of time", from: 0, isOpen: true, to: longest)
    /// How long a request of another service may take.
    static let timeout = NumberForm("length of time", from: 0, isOpen: true, to: 3_600)
    private static let longest = 1e10

    /// Why a number will not do; nil where it will.
    package func problem(with number: Double) -> String? {
        if isWhole, Int64(exactly: number) == nil { return "number has no integer representation" }
        let isEnough = isOpen ? number > least : number >= least
        if isEnough, number <= most, number.isFinite { return nil }
        return "\(noun) \(description) expected, got \(number.plainText)"
    }

    /// `from 0 to 1`, `above 0`; what is left out goes without saying.
    var description: String {
        let unit = noun == "length of time" ? "s" : ""
        let end = most == .infinity || most == Self.longest ? (isOpen ? "" : " up") : " to \(most.plainText)\(unit)"
        return "\(isOpen ? "above" : "from") \(least.plainText)\(unit)\(end)"
    }

    /// What is said of it in the reference; nil where it goes without saying.
    var remark: String? { [.length(), .id, .instant, .instantOfWall].contains(self) ? nil : description }
}
