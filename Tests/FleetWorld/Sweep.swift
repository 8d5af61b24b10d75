#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import FleetClock

/// Tries a law on many seeds: first those that have failed before, then 1, 2, 3 and so on.
///
/// `VAST_LUA_SEEDS` says how many new ones, `VAST_LUA_SECONDS` for how many seconds of real time instead, and
/// `VAST_LUA_FIRST_SEED` where they begin.
package struct Sweep: Sendable {
    /// Why a law does not hold for a seed.
    package struct Failure: Sendable {
        package let seed: UInt64
        package let text: String
    }

    package struct Result: Sendable {
        /// How many seeds were tried, and how many of them had failed before.
        package var tried = 0, kept = 0
        package var failures: [Failure] = []
        /// Seconds of real time.
        package var length = 0.0
    }

    private let name: String
    private let count: Int
    private let kept: [UInt64]
    private let environment: [String: String]

    /// After so many failures no more are looked for.
    private static let mostFailures = 5

    /// - Parameters:
    ///   - name: the law's, also of the file with its seeds.
    ///   - count: how many new seeds when the environment does not say.
    ///   - folder: where `NAME.txt` lies, with one seed a line and remarks after `#`; nil: nowhere.
    package init(
        _ name: String, count: Int, seeds folder: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        (self.name, self.count, self.environment) = (name, count, environment)
        let text = folder.flatMap { try? String(contentsOfFile: "\($0)/\(name).txt", encoding: .utf8) } ?? ""
        kept = Self.seeds(in: text)
    }

    /// The seeds of a file.
    package static func seeds(in text: String) -> [UInt64] {
        text.split(separator: "\n").compactMap { line in
            UInt64(line.prefix { $0 != "#" }.filter { !$0.isWhitespace })
        }
    }

    /// Tries the law, and prints counts and failures.
    ///
    /// - Parameter law: why it does not hold; nil: it does. What it throws is a failure too.
    package func run(_ law: (UInt64) async throws -> String?) async -> Result {
        let (clock, first) = (SystemClock(), number("VAST_LUA_FIRST_SEED") ?? 1)
        let began = clock.uptime
        let seconds = number("VAST_LUA_SECONDS").map { Double($0) }
        let wanted = number("VAST_LUA_SEEDS") ?? UInt64(count)
        var result = Result()
        for seed in kept {
            result.kept += 1
            await attempt(seed, law, &result)
        }
        var next = first
        while result.failures.count < Self.mostFailures {
            if let seconds { if (clock.uptime - began).seconds >= seconds { break } } else if next - first >= wanted { break }
            await attempt(next, law, &result)
            next += 1
        }
        result.length = (clock.uptime - began).seconds
        print(
            "law \(name): \(result.tried) seeds (\(result.kept) of them kept), \(result.failures.count) failures, \(Int(result.length * 10)) tenths of a second"
        )
        return result
    }

    private func attempt(_ seed: UInt64, _ law: (UInt64) async throws -> String?, _ result: inout Result) async {
        result.tried += 1
        let text: String?
        do { text = try await law(seed) } catch { text = "thrown: \(error)" }
        guard let text else { return }
        result.failures.append(Failure(seed: seed, text: text))
        print("law \(name) fails for seed \(seed): \(text)")
    }

    private func number(_ variable: String) -> UInt64? { environment[variable].flatMap { UInt64($0) } }
}
