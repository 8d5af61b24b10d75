import VastSimulator

/// What one request has really changed about one instance.
package struct WorldChange: Sendable, Equatable, CustomStringConvertible {
    /// Virtual time since the beginning.
    package let time: Duration
    /// The number of the exchange.
    package let exchange: Int
    package let instance: Int64
    /// Such as `intended running -> stopped`.
    package let what: String

    package var description: String { "\(time.seconds) #\(exchange) \(instance) \(what)" }

    /// The bid before and afterwards, when that is what differs.
    package var bid: (from: Double, to: Double)? {
        let words = what.split(separator: " ")
        guard words.count == 4, words[0] == "bid", let from = Double(words[1]), let to = Double(words[3]) else { return nil }
        return (from, to)
    }

    /// What differs, by id in ascending order.
    static func between(_ before: World, _ after: World, time: Duration, exchange: Int) -> [WorldChange] {
        guard before.revision != after.revision else { return [] }
        let ids = Set(before.ids).union(after.ids).sorted()
        return ids.flatMap { id in
            differences(before.instances[id], after.instances[id]).map {
                WorldChange(time: time, exchange: exchange, instance: id, what: $0)
            }
        }
    }

    private static func differences(_ old: SimulatedInstance?, _ new: SimulatedInstance?) -> [String] {
        guard let new else { return old == nil ? [] : ["destroyed"] }
        guard let old else { return ["created"] }
        let pairs: [(name: String, old: String, new: String)] = [
            ("intended", old.status.intended, new.status.intended),
            ("current", old.status.current, new.status.current),
            ("actual", old.status.actual ?? "nil", new.status.actual ?? "nil"),
            ("label", old.label ?? "nil", new.label ?? "nil"),
            ("queued", "\(old.isQueued)", "\(new.isQueued)"),
            ("bid", old.bid.map { "\($0)" } ?? "nil", new.bid.map { "\($0)" } ?? "nil")
        ]
        return pairs.filter { $0.old != $0.new }.map { "\($0.name) \($0.old) -> \($0.new)" }
    }
}
