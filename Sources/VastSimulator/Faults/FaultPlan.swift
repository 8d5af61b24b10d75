import VastJSON

/// What goes wrong, and when: rules that are tried in their order, of which the first that fits strikes.
///
/// As a file it is a JSON object with `rules`, or the array of them alone. A rule is an object with
/// - `name`: for the counts; by default its number.
/// - `method`, `route`, `path`: what it fits: a method in capitals, a route's short name such as `list` or `bulk`, a
///   path with `*` for any text. What is not given fits everything.
/// - `nth` (a number or a list of them), `from`, `to`, `every`: which of the fitting requests it strikes, counted from 1.
/// - `times`: how often it strikes at most. `chance`: how likely it strikes, from 0 to 1, drawn by the seed.
/// - `fault`: a kind as text, or an object with `kind` and what the kind takes; see ``Fault``.
package struct FaultPlan: Sendable, Equatable {
    /// In the order in which they are tried.
    package var rules: [FaultRule]

    /// Without rules nothing goes wrong.
    package init(_ rules: [FaultRule] = []) { self.rules = rules }

    /// Why a file is no plan of faults.
    package struct Invalid: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter json: the text of a file.
    /// - Throws: ``Invalid`` with the place and what is wrong there.
    package init(json: [UInt8]) throws(Invalid) {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: json)
        } catch {
            throw Invalid(description: "the faults are not JSON: \(error)")
        }
        guard let list = (document.root["rules"] ?? document.root).value.elements else {
            throw Invalid(description: "the faults must be a list of rules, or an object with \"rules\"")
        }
        var rules: [FaultRule] = []
        for (number, rule) in list.enumerated() { rules.append(try FaultRule(rule, number: number + 1)) }
        self.rules = rules
    }
}

/// One thing that goes wrong, and for which requests.
package struct FaultRule: Sendable, Equatable {
    /// For the counts of what was struck, and for the log.
    package var name: String
    /// In capitals; nil fits every method.
    package var method: String?
    /// The short name of a route, such as `list`; nil fits every route.
    package var route: String?
    /// A path with `*` for any text; nil fits every path.
    package var path: String?
    /// Which of the fitting requests are struck, counted from 1; nil for all.
    package var nth: Set<Int>?
    /// The first of the fitting requests that is struck, counted from 1; nil: from the beginning.
    package var from: Int?
    /// The last one that is struck, counted from 1; nil: without end.
    package var to: Int?
    /// Strikes those whose number it divides; nil, and what is not above 0: all of them.
    package var every: Int?
    /// How often it strikes at most; nil: without end.
    package var times: Int?
    /// How likely it strikes, from 0 to 1, drawn by the seed; nil: always.
    package var chance: Double?
    /// What goes wrong.
    package var fault: Fault

    /// - Parameters:
    ///   - name: for the counts.
    ///   - nth: counted from 1; nil for all.
    ///   - times: how often it strikes at most; nil: without end.
    package init(
        _ name: String, method: String? = nil, route: String? = nil, nth: Set<Int>? = nil, times: Int? = nil, _ fault: Fault
    ) {
        self.name = name
        self.method = method
        self.route = route
        self.nth = nth
        self.times = times
        self.fault = fault
    }

    private static let members: Set<String> = [
        "name", "method", "route", "path", "nth", "from", "to", "every", "times", "chance", "fault"
    ]

    fileprivate init(_ json: JSONValue, number: Int) throws(FaultPlan.Invalid) {
        guard case .object(let object) = json else { throw .init(description: "fault rule \(number) is not an object") }
        if let stranger = object.map(\.name).first(where: { !Self.members.contains($0) }) {
            throw .init(description: "fault rule \(number) has an unknown member \"\(stranger)\"")
        }
        guard let fault = json["fault"] else { throw .init(description: "fault rule \(number) has no \"fault\"") }
        name = json["name"]?.text ?? "\(number)"
        method = json["method"]?.text
        route = json["route"]?.text
        path = json["path"]?.text
        let positions = json["nth"]?.elements ?? json["nth"].map { [$0] }
        nth = positions.map { Set($0.compactMap(\.wholeNumber).map(Int.init)) }
        from = json["from"]?.wholeNumber.map(Int.init)
        to = json["to"]?.wholeNumber.map(Int.init)
        every = json["every"]?.wholeNumber.map(Int.init)
        times = json["times"]?.wholeNumber.map(Int.init)
        chance = json["chance"]?.number
        self.fault = try Fault(fault, rule: number)
    }

    /// Whether a request is one of those that the rule counts.
    func fits(_ method: String, _ route: String, _ path: String) -> Bool {
        (self.method.map { $0 == method } ?? true) && (self.route.map { $0 == route } ?? true)
            && (self.path.map { Self.matches($0, path) } ?? true)
    }

    /// Whether the rule strikes the fitting request of that number, counted from 1.
    func strikes(_ number: Int) -> Bool {
        if let nth, !nth.contains(number) { return false }
        if let from, number < from { return false }
        if let to, number > to { return false }
        if let every, every > 0, number % every != 0 { return false }
        return true
    }

    private static func matches(_ pattern: String, _ path: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, path.hasPrefix(first) else { return false }
        guard parts.count > 1 else { return path == pattern }
        var rest = path.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(parts.last ?? "")
    }
}

/// Counts requests and says which rule strikes; the same requests are always struck in the same way.
struct FaultInjector: Sendable {
    private let plan: FaultPlan
    private let seed: UInt64
    private var fitted: [Int]
    private var struck: [Int]
    /// Whether older states must be kept for stale answers.
    let needsHistory: Bool

    init(_ plan: FaultPlan, seed: UInt64) {
        self.plan = plan
        self.seed = seed
        fitted = Array(repeating: 0, count: plan.rules.count)
        struck = fitted
        needsHistory = plan.rules.contains { if case .stale = $0.fault { true } else { false } }
    }

    /// How often each rule has struck, by name.
    var counts: [String: Int] {
        Dictionary(zip(plan.rules.map(\.name), struck), uniquingKeysWith: +)
    }

    mutating func rule(for method: String, _ route: String, _ path: String) -> FaultRule? {
        var chosen: Int?
        for (position, rule) in plan.rules.enumerated() where rule.fits(method, route, path) {
            fitted[position] += 1
            guard chosen == nil, rule.strikes(fitted[position]), struck[position] < rule.times ?? .max else { continue }
            if let chance = rule.chance {
                let dice = Noise(seed: seed, instance: Int64(position)).unit(Int64(fitted[position]), 77)
                guard dice < chance else { continue }
            }
            chosen = position
        }
        guard let chosen else { return nil }
        struck[chosen] += 1
        return plan.rules[chosen]
    }
}
