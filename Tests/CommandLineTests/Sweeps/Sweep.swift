import Foundation

/// How far the sweeps of this suite go.
enum Sweep {
    /// Whether every moment is tried; otherwise as many as fit into the time that all tests may take.
    static let isWhole = ProcessInfo.processInfo.environment["VAST_LUA_SWEEP"] == "all"

    /// The moments of a run with so many requests: all of them and one more, or an even choice of at most `most`, with both
    /// ends.
    static func moments(upTo count: Int, most: Int) -> [Int] {
        let all = Array(1...count + 1)
        guard !isWhole, all.count > most, most > 1 else { return all }
        return (0..<most).map { all[$0 * (all.count - 1) / (most - 1)] }
    }

    /// How many programs run at once: they mostly wait.
    private static let width = 8

    /// Does `body` for each element, several at once.
    static func each<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            var (results, waiting) = ([Result](), elements.makeIterator())
            for element in waiting.prefix(width) { group.addTask { try await body(element) } }
            while let result = try await group.next() {
                results.append(result)
                if let element = waiting.next() { group.addTask { try await body(element) } }
            }
            return results
        }
    }

    /// States what a sweep has compared.
    static func tell(_ text: String) { print("sweep: \(text)") }
}

extension IndexingIterator {
    /// Takes the next elements.
    fileprivate mutating func prefix(_ count: Int) -> [Element] {
        var taken: [Element] = []
        while taken.count < count, let element = next() { taken.append(element) }
        return taken
    }
}
