import FleetCalendar
import FleetClock
import FleetRules
import Foundation
import Testing

/// Random labels; `VAST_LUA_SEEDS` says how many.
@Suite("Laws of labels") struct LabelLawTests {
    private let zones = ZoneCatalog()
    private let now = 1_795_435_200.0
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 600)

    private func wishes(_ label: String) -> LabelDirectives { LabelDirectives(label, zone: .utc, zones: zones) }

    @Test("brackets of others protect nothing, ask for nothing and are not reported; their words are tags")
    func foreign() {
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let label = dice.foreignLabel()
            let wishes = wishes(label)
            #expect(wishes.objection(now: now) == nil && wishes.problems.isEmpty, "\(seed): \(label): \(wishes.problems)")
            #expect(wishes.lease == nil && wishes.leaseUntil == nil && wishes.hours == nil && wishes.keptUntil == nil, "\(seed): \(label)")
            #expect(!wishes.isKept && !wishes.isFrozen && !FreezeLabel.isPresent(in: label), "\(seed): \(label)")
        }
    }

    @Test("keep, keep-until and freeze, and one slip from them, protect without end in any company; a slip is reported")
    func slips() {
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let wanted = dice.pick(["keep", "keep-until", "freeze"])
            let word = dice.slip(wanted)
            let value = dice.pick(["", "", "=", "=1", "=2020-01-01", "=yes"])
            let label = dice.inCompany(word + value)
            let wishes = wishes(label)
            #expect(wishes.objection(now: 1e11) != nil && !wishes.problems.isEmpty, "\(seed): \(label)")
            #expect(FreezeLabel.isPresent(in: label) == (wanted == "freeze"), "\(seed): \(label)")
        }
    }

    @Test(
        "one wish in two ways of writing it is one wish",
        arguments: [
            "[lease=8h][lease=480m]", "[lease=1d lease=24h]", "[lease=2 days][lease=48h]",
            "[lease-until=2026-12-01][lease-until=2026-12-02T00:00]",
            "[lease=8h lease=8h]"
        ])
    func equalWishes(label: String) {
        let wishes = wishes(label)
        #expect(wishes.problems.isEmpty && wishes.leaseEnd(runSince: now) != nil, "\(wishes.problems)")
    }

    @Test(
        "nothing is said of a wish that is not understood, and what else is understood is",
        arguments: [
            "[off=22:00 tz=Foo/Bar]", "[off=20:00 tz=europe/nowhere]", "[off=20:00][on=08:00]", "[off=22:00 off=23:00]",
            "[lease=8h lease=9h]",
            "[lease=8h][lease=9h]", "[lease=8h or 9h]", "[lease=8h][lease-until=soon]", "[lease-until=2026-12-01 tz=Foo/Bar]",
            "[off=25:00]",
            "[off=22:00 days=someday]", "[keep-until=2026-12-01 tz=Foo/Bar]"
        ])
    func unclear(label: String) {
        let isLease = label.contains("lease")
        for more in ["", isLease ? " [off=22:00]" : " [lease=8h]"] {
            let wishes = wishes(label + more)
            #expect(!wishes.problems.isEmpty && wishes.objection(now: now) != nil, "\(label)")
            if isLease { #expect(wishes.leaseEnd(runSince: now) == nil && wishes.lease == nil && wishes.leaseUntil == nil, "\(label)") }
            if !isLease || label.contains("tz") { #expect(wishes.hours == nil && wishes.only == nil || label.contains("keep"), "\(label)") }
            if !more.isEmpty, !label.contains("tz") { #expect(isLease ? wishes.hours != nil : wishes.lease != nil, "\(label)") }
            #expect(wishes.keptUntil == nil)
        }
    }

    @Test("a lease is as long as it says, in any company, or it is not understood; it is never shorter")
    func leases() {
        var understood = 0
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let (text, seconds) = dice.length()
            let tail = dice.pick([
                "", "", "", " v2", " lr=3e-4", ", owner=anna", " or more", " 2", " and 3 days", " to 9 days", " +1d", " m", ", 4 hours"
            ])
            let label = dice.inCompany(dice.pick(["lease=", "lease = ", "lease =", "lease= ", "LEASE="]) + text + tail, tags: false)
            let wishes = wishes(label)
            if let lease = wishes.lease, wishes.problems.isEmpty {
                understood += 1
                #expect(lease.seconds >= seconds * 0.999_999 && lease >= .seconds(900), "\(seed): \(label): \(lease)")
                let extended = [" and", " to", " +", " 2", " m", " or"].contains { tail.hasPrefix($0) }
                #expect(!extended, "\(seed): \(label) is read as \(lease)")
            } else {
                #expect(wishes.objection(now: now) != nil, "\(seed): \(label) is silently no lease")
                #expect(!tail.isEmpty || seconds < 900, "\(seed): \(label): \(wishes.problems)")
            }
        }
        #expect(understood > Self.seeds.count / 4)
    }

    @Test("a keep or a freeze among nested brackets of others protects, at any depth")
    func nested() {
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let word = dice.pick(["keep", "freeze", "keep-until=2999-01-01"])
            let label = dice.nested(dice.inCompany(word), depth: Int(seed % 4))
            let wishes = wishes(label)
            #expect(wishes.objection(now: now) != nil, "\(seed): \(label)")
            #expect(FreezeLabel.isPresent(in: label) == (word == "freeze"), "\(seed): \(label)")
            let lease = dice.nested("[lease=8h]", depth: Int(seed % 4))
            #expect(self.wishes(lease).lease == .seconds(28_800) || self.wishes(lease).objection(now: now) != nil, "\(seed): \(lease)")
        }
    }

    @Test("a lease or a date with a number, a length, a date or a zone behind it is not understood, and is reported")
    func surplus() {
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let length = dice.length().0
            let word = dice.pick([
                "lease=1h", "lease = 1 h", "lease-until=2020-01-01", "keep-until=2020-01-01T18:00", "keep-until=2020-01-01 18:00"
            ])
            let isLength = word.hasPrefix("lease ") || word.hasPrefix("lease=")
            let more =
                isLength ? "\(length) \(length)" : dice.pick([length, "2027-01-01", "UTC-8", "Asia/Tokyo", "PST", "+2", "2027/01/01"])
            let between = dice.pick([
                " ", " -> ", " → ", " => ", ", ", " ~", " (", " then ", " extended: ", " + ", " [", " now ", "; renewed "
            ])
            let end = between == " (" ? ")" : between == " [" ? "]" : ""
            // An abbreviation is a zone directly behind a time only.
            guard more != "PST" || [" ", " (", ", ", " ["].contains(between) else { continue }
            let label = dice.inCompany(word + between + more + end, tags: false)
            let wishes = wishes(label)
            #expect(!wishes.problems.isEmpty && wishes.objection(now: 1e11) != nil, "\(seed): \(label)")
        }
    }

    @Test("whatever is set is what is read, once, in labels that say it several times")
    func repeated() throws {
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let word = { (dice: inout LabelDice) in
                dice.inCompany("lease=" + dice.pick(["8h", "9h", "1d 12hous", "8 Stunden", "soon"]), tags: false)
            }
            let label = word(&dice) + " b " + word(&dice)
            let set = try LabelEdit.setting("lease", to: "2h", in: label, zone: .utc, zones: zones)
            #expect(
                wishes(set).lease == .seconds(7_200) && wishes(set).problems.isEmpty, "\(seed): \(label) -> \(set): \(wishes(set).problems)"
            )
            let without = try LabelEdit.setting("lease", to: nil, in: label, zone: .utc, zones: zones)
            #expect(LabelEdit.words("lease", in: without).isEmpty && wishes(without).objection(now: now) == nil, "\(seed): \(without)")
        }
    }

    @Test("whatever is given as a length is refused, or is between nothing and a thousand years; labels made of the same pieces are read")
    func anything() {
        let pieces = [
            "1", "9", "0", ".", "-", "+", "e", "999", "h", "d", "w", "m", "s", "min", "hours", " ", ",", "M", "y", "NaN", "inf", "½", "٣",
            "\u{200B}",
            "9999999999999999999999", "[", "]", "lease=", "lease-until=", "keep-until=", "off=", "tz=", "days=", "=", "(", ")", ":", "keep",
            "2026-12-01"
        ]
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let text = (0..<Int(seed % 12)).map { _ in dice.pick(pieces) }.joined()
            for bareNumber in [DurationFormat.BareNumber.seconds, .refused] {
                guard let length = try? DurationFormat.parse(text, bareNumber: bareNumber) else { continue }
                #expect(length >= .zero && length.seconds <= DurationFormat.longest, "\(seed): \(text)")
            }
            let wishes = wishes("[\(text)]")
            _ = (wishes.objection(now: now), wishes.leaseEnd(runSince: now), wishes.hours?.nextEdge(after: Int64(now)))
            #expect(wishes.lease.map { $0 >= .seconds(900) } ?? true)
            for key in ["lease", "keep"] { _ = try? LabelEdit.setting(key, to: nil, in: "[\(text)]", zone: .utc, zones: zones) }
        }
    }

    @Test("an edit of a wish leaves the brackets of others byte for byte, and taking it away gives the label back")
    func edits() throws {
        for seed in Self.seeds {
            var dice = LabelDice(seed: seed)
            let label = dice.foreignLabel()
            let (key, value) = dice.pick([("lease", "8h"), ("keep", ""), ("off", "22:00"), ("keep-until", "2026-12-01"), ("freeze", "")])
            let with = try LabelEdit.setting(key, to: value, in: label, zone: .utc, zones: zones)
            #expect(with.hasPrefix(label) && LabelEdit.word(key, in: with) == (value.isEmpty ? key : "\(key)=\(value)"), "\(seed): \(with)")
            let changed = try LabelEdit.setting("lease", to: "9h", in: with, zone: .utc, zones: zones)
            #expect(changed.hasPrefix(label) && wishes(changed).lease == .seconds(32_400), "\(seed): \(changed)")
            #expect(LabelTags.all(in: changed) == LabelTags.all(in: label))
            let back = try LabelEdit.setting(key, to: nil, in: with, zone: .utc, zones: zones)
            #expect(back == label, "\(seed): \(with)")
        }
    }
}

/// What people write into labels.
private struct LabelDice {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int.random(in: 0..<elements.count, using: &generator)] }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    private static let names = [
        "lr", "bs", "seed", "wd", "epochs", "owner", "team", "job", "ckpt", "dtype", "rank", "world_size", "beta1", "warmup", "temp",
        "model",
        "ep", "kl", "grad_clip", "n-gpu", "run.id", "LR", "keep_prob", "keep-alive", "freeze_layers", "offset", "once", "timezone",
        "release",
        "leaseholder", "day", "step", "k", "sleep", "deep"
    ]
    private static let words = [
        "deep", "wip", "v2", "on", "off", "days", "hold", "off-policy", "on-policy", "tz", "sleep", "3-5", "exp-12", "lease", "lease-until",
        "DO",
        "bf16", "7b", "0:10", ":-1", "i", "3", "a|b", "https://x.io/a?b=c", "2026-12-01", "日本", "🚂", "sweep/3", "(x)", "beta", "on:", "#1",
        "help"
    ]

    private mutating func value() -> String {
        switch number(0...6) {
        case 0: "\(number(1...9))e-\(number(1...6))"
        case 1: "\(number(0...9))/\(number(8...64))"
        case 2: "\(number(0...4096))"
        case 3: "0.\(number(1...999))"
        case 4: "(0.9,0.99)"
        case 5: "[\(number(0...9)),2"
        default: pick(["anna", "bf16", "llama-3", "keep", "off", "8h", "22:00", "a=b", "none", ""])
        }
    }

    private mutating func foreignWord() -> String {
        // A list in brackets would close the bracket that it is in.
        number(0...1) == 0 ? pick(Self.words) : "\(pick(Self.names))=\(value())".replacingOccurrences(of: "[", with: "")
    }

    private mutating func foreignBracket() -> String {
        let separator = pick([" ", "  ", ", ", ",", "; "])
        return "[" + (0..<number(0...4)).map { _ in foreignWord() }.joined(separator: separator) + "]"
    }

    mutating func foreignLabel() -> String {
        let parts = (0..<number(0...3)).map { _ in
            pick(["train-7b", "arr", "x", "größe", "keep", "lease=8h", "off=22:00 "]) + pick([" ", ""]) + foreignBracket()
        }
        return parts.joined(separator: pick([" ", ""]))
    }

    /// In a bracket with words of others around it.
    mutating func inCompany(_ word: String, tags: Bool = true) -> String {
        let before = (0..<number(0...2)).map { _ in foreignWord() }
        // A value that is missing would take what follows.
        let first = before.map { $0.hasSuffix("=") ? $0 + "1" : $0 }
        let after = tags && !word.hasSuffix("=") ? (0..<number(0...2)).map { _ in foreignWord() } : []
        let foreign = foreignBracket()
        return pick(["", "a ", foreign]) + "[" + (first + [word] + after).joined(separator: pick([" ", ", ", "; "])) + "]"
            + pick(["", " b", foreign])
    }

    /// Within brackets of others, one in another.
    mutating func nested(_ label: String, depth: Int) -> String {
        (0..<depth).reduce(label) { inner, _ in
            let first = pick(["", "a ", "lr=[1,2] ", "x, ", "[1,[2]] ", "v2; "])
            return "[\(first)\(inner)\(pick(["", " b", " x=[1, 2]", " [v2]", ", c"]))]"
        }
    }

    /// A word with a letter too many, too few, another one, or two that have changed places.
    mutating func slip(_ word: String) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        while true {
            var characters = Array(word)
            let place = number(0...characters.count - 1)
            switch number(0...3) {
            case 0: characters.insert(pick(letters), at: number(0...characters.count))
            case 1: characters.remove(at: place)
            case 2: characters[place] = pick(letters)
            default: if place > 0 { characters.swapAt(place, place - 1) }
            }
            let result = String(characters)
            // `deep` is a word of its own.
            if result != word, result != "deep" { return number(0...2) == 0 ? result.uppercased() : result }
        }
    }

    /// A length as people write it, and its seconds.
    mutating func length() -> (String, Double) {
        let units: [([String], Double)] = [
            (["w", "week", "weeks", "wk"], 604_800), (["d", "day", "days", "D", "Days"], 86_400),
            (["h", "hour", "hours", "hr", "H"], 3_600),
            (["m", "min", "minutes"], 60)
        ]
        let first = number(0...3)
        var (text, seconds) = ("", 0.0)
        for place in first..<min(4, first + number(1...2)) {
            let (names, size) = units[place]
            let count = number(1...48)
            let half = number(0...4) == 0
            text += (text.isEmpty ? "" : pick(["", " "])) + "\(count)\(half ? ".5" : "")" + pick(["", " "]) + pick(names)
            seconds += (Double(count) + (half ? 0.5 : 0)) * size
        }
        return (text, seconds)
    }
}
