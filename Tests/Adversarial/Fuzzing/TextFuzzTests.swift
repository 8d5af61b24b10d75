import FleetCalendar
import FleetClock
import FleetRules
import Foundation
import Testing

/// Lengths, labels and patterns of labels.
@Suite("Fuzzed texts of people", .serialized) struct TextFuzzTests {
    @Test("a length is as long in any letters, is written as it is read, and is between nothing and a thousand years")
    func lengths() async throws {
        let fuzzer = Fuzzer(
            "lengths", count: 4_000,
            tokens: [
                "1", "90", "1.5", "999", "w", "d", "h", "m", "s", "min", " hours", "weeks", "day ", "M", "mo", "y", "ms", " ", "-", ".",
                "e3"
            ])
        try await fuzzer.run { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let length: Duration
            do { length = try DurationFormat.parse(text) } catch {
                return (error as? DurationFormat.ParseError)?.text == text ? nil : "another text"
            }
            guard length >= .zero, length.seconds <= DurationFormat.longest else { return "it is \(length)" }
            guard let spaced = try? DurationFormat.parse(" \(text) "), spaced == length else { return "blanks around it count" }
            if let strict = try? DurationFormat.parse(text, bareNumber: .refused), strict != length { return "strictly it is \(strict)" }
            return Self.problem(ofWritten: length)
        }
    }

    /// Two units are written, so that a part may be lost, but never twice.
    private static func problem(ofWritten length: Duration) -> String? {
        let written = DurationFormat.format(length)
        guard DurationFormat.format(.zero - length) == (length.seconds > 0 ? "-\(written)" : written) else {
            return "negative it is not the same"
        }
        if length.seconds < 1 { return length == .zero ? nil : Self.problem(ofShort: written) }
        guard let read = try? DurationFormat.parse(written) else { return "\(written) is not read" }
        guard DurationFormat.format(read) == written else { return "\(written) is written as \(DurationFormat.format(read))" }
        let error = (length.seconds - read.seconds) / length.seconds
        return abs(error) < 0.05 || length.seconds < 20 ? nil : "\(length) is written as \(written)"
    }

    private static func problem(ofShort written: String) -> String? {
        let number = written.hasSuffix("ms") ? Int(written.dropLast(2)) : nil
        return written == "1s" || number.map { (0...999).contains($0) } == true ? nil : "less than a second is written as \(written)"
    }

    // MARK: labels

    private static let zones = ZoneCatalog()

    private static func directives(_ label: String) -> LabelDirectives { LabelDirectives(label, zone: .utc, zones: zones) }

    private static func text(_ directives: LabelDirectives) -> String {
        "\(directives.isKept) \(directives.isFrozen) \(String(describing: directives.keptUntil)) \(String(describing: directives.lease)) "
            + "\(String(describing: directives.leaseUntil)) \(directives.hours?.text ?? "-") \(directives.problems)"
    }

    @Test("a label is read the same with words outside of its brackets; what freezes keeps off; an edit says what was asked for, once")
    func labels() async throws {
        let fuzzer = Fuzzer(
            "labels", count: 200,
            tokens: [
                "[", "]", "[keep]", "[freeze]", "keep", "keep-until=2026-12-01T18:00", "lease=8h", "lease-until=", "lease", "=", " ", ", ",
                "; ",
                "off=22:00", "on=08:00", "days=mon-fri", "tz=Europe/Berlin", "tz=pt", "off=(M-F,19);on=(M-F,7)", "1h", "2 days", "kep",
                "freze",
                "owner=anna", "v2", "(", ")", "[[", "]]", "2999-01-01"
            ])
        try await fuzzer.run(longest: 400) { bytes in
            let label = String(decoding: bytes, as: UTF8.self)
            let read = Self.directives(label)
            guard Self.text(read) == Self.text(Self.directives(label)) else { return "it is read in two ways" }
            if read.problems.contains(where: { $0.message.isEmpty }) { return "a problem without words" }
            if FreezeLabel.isPresent(in: label), read.objection(now: 1e11) == nil { return "it is frozen, and policies go on" }
            if !label.utf8.contains(UInt8(ascii: "[")), Self.text(read) != Self.text(Self.directives("")) {
                return "it asks without brackets"
            }
            guard Self.text(Self.directives("gpu box " + label)) == Self.text(read) else {
                return "a word before it changes what it asks for"
            }
            return try Self.problem(ofEdited: label)
        }
    }

    private static func problem(ofEdited label: String) throws -> String? {
        let edit = { (value: String?, label: String) in
            try? LabelEdit.setting("lease", to: value, in: label, zone: .utc, zones: zones)
        }
        guard let with = edit("2h", label) else { return nil }
        guard directives(with).lease == .seconds(7_200), LabelEdit.words("lease", in: with) == ["lease=2h"] else {
            return "edited it is \(with)"
        }
        guard edit("2h", with) == with else { return "edited again it is \(edit("2h", with) ?? "refused")" }
        if FreezeLabel.isPresent(in: label), !FreezeLabel.isPresent(in: with) { return "an edit took the freeze away" }
        guard let without = edit(nil, with) else { return nil }
        return LabelEdit.words("lease", in: without).isEmpty ? nil : "the lease is still there: \(without)"
    }

    // MARK: patterns of labels

    @Test("a pattern of labels matches what a search without shortcuts finds")
    func globs() async throws {
        let fuzzer = Fuzzer(
            "globs", count: 4_000, tokens: ["*", "?", "!", "\\", "\\*", "a", "b", "ab", "A", " ", "\n", "[keep]", "é", "ß", "*a*b*"])
        try await fuzzer.run(longest: 80) { bytes in
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            let (pattern, label) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "ab")
            let glob = LabelGlob(pattern)
            let expected = Self.matches(pattern, label)
            guard glob.matches(label) == expected else { return "'\(pattern)' for '\(label)' is not \(expected)" }
            return LabelGlob(" ! \(pattern)").pattern == " ! \(pattern)" && LabelGlob("* ").matches(label)
                ? nil : "'*' does not match '\(label)'"
        }
    }

    /// Row by row, over all prefixes of both.
    private static func matches(_ pattern: String, _ label: String) -> Bool {
        var body = trimmed(pattern)
        let isNegated = body.hasPrefix("!")
        if isNegated { body = trimmed(String(body.dropFirst())) }
        let text = Array(trimmed(label).lowercased())
        var reached = [true] + text.map { _ in false }
        var rest = Array(body.lowercased())[...]
        while let character = rest.popFirst() {
            var wanted: Character? = character
            if character == "*" {
                for place in reached.indices.dropFirst() where reached[place - 1] { reached[place] = true }
                continue
            }
            if character == "?" { wanted = nil }
            if character == "\\", let next = rest.first, "*?!\\".contains(next) { wanted = rest.popFirst() }
            for place in text.indices.reversed() { reached[place + 1] = reached[place] && (wanted == nil || wanted == text[place]) }
            reached[0] = false
        }
        return (reached.last ?? false) != isNegated
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
