import FleetCalendar

/// What may be more of a length or of a date behind it: then the whole is not understood, and never read as less.
///
/// In doubt it is: an instance that is left alone and reported costs money, one that is stopped too early costs work.
enum LabelRest {
    /// The words whose values are lengths or dates.
    static let keys: Set = ["lease", "lease-until", "keep-until"]

    /// Whether a piece behind a value may be meant as part of it.
    ///
    /// - Parameter isNext: whether it stands directly behind the value.
    static func mayContinue(_ key: String, _ piece: Substring, isNext: Bool) -> Bool {
        let parts = piece.split { !($0.isLetter || $0.isNumber || $0 == ".") }.map { $0.lowercased() }
        guard let first = parts.first else { return false }
        // `12hous`, `1/2`, `~2d`, `2027-01-01`, and `x2`; not `7b`.
        if isNumberFirst(first), !isSize(first) { return true }
        if first.first == "x", first.count > 1, first.dropFirst().allSatisfy({ $0.isNumber || $0 == "." }) { return true }
        if parts.contains(where: { more.contains($0) || isLength($0) }) { return true }
        if parts.count == 1, DurationFormat.mayBePart(first) { return true }
        return key != "lease" && (parts.contains(where: isOfDate) || isZone(piece, parts) || isNext && isAbbreviation(piece))
    }

    private static func isNumberFirst(_ part: String) -> Bool { part.drop { $0 == "." }.first?.isNumber == true }

    /// A number and its unit, such as `2d`.
    private static func isLength(_ part: String) -> Bool {
        isNumberFirst(part) && (try? DurationFormat.parse(part, bareNumber: .refused)) != nil
    }

    /// Sizes of models and machines: `7b`, `80gb`, `8xh100`.
    private static func isSize(_ part: String) -> Bool {
        let unit = part.drop { $0.isNumber || $0 == "." }
        if unit.first == "x" { return unit.dropFirst().first?.isLetter == true && unit.contains(where: \.isNumber) }
        return sizes.contains(String(unit))
    }

    private static let sizes: Set = ["b", "k", "bit", "bits", "gb", "gib", "gpu", "gpus"]

    private static let more: Set = [
        "or", "plus", "more", "longer", "extra", "max", "about", "half", "double", "twice", "extended", "extend", "renewed", "renew",
        "prolonged", "forever", "indefinitely", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"
    ]

    private static func isOfDate(_ part: String) -> Bool {
        zones.contains(part) || ofDate.contains(part) || part.count >= 3 && names.contains { $0.hasPrefix(part) }
    }

    private static let names = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may",
        "june", "july", "august", "september", "october", "november", "december"
    ]
    private static let ofDate: Set = [
        "am", "pm", "a.m.", "p.m.", "uhr", "noon", "midnight", "midday", "morning", "evening", "night", "tomorrow", "today", "later", "eod",
        "next", "local", "time"
    ]
    private static let zones: Set = [
        "utc", "gmt", "z", "zulu", "wet", "west", "cet", "cest", "mez", "mesz", "eet", "eest", "msk", "bst", "ist", "jst", "kst", "sgt",
        "hkt", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "akst", "akdt", "hst", "et", "ct", "mt", "pt", "aest", "aedt",
        "acst", "awst", "nzst", "nzdt", "brt", "sast", "pacific", "eastern", "central", "mountain"
    ]
    private static let areas: Set = [
        "africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "brazil", "canada", "chile", "etc", "europe",
        "indian", "mexico", "us"
    ]

    /// `America/Los_Angeles`.
    private static func isZone(_ piece: Substring, _ parts: [String]) -> Bool {
        parts.count > 1 && areas.contains(parts[0]) && (piece.contains("/") || piece.contains("\\"))
    }

    /// `PST` or `Berlin`, as zones are written directly behind a time; a name of somebody may look the same.
    private static func isAbbreviation(_ piece: Substring) -> Bool {
        let word = piece.drop { !$0.isLetter }.prefix(while: \.isLetter)
        let isWhole = !piece.contains { $0.isNumber || $0 == "-" || $0 == "_" }
        return isWhole && word.count >= 2 && word.first?.isUppercase == true
            && (word.count <= 5 && word.allSatisfy(\.isUppercase) || word.dropFirst().allSatisfy(\.isLowercase))
    }
}

extension LabelBracket {
    /// Throws where a length or a date stands further behind a wish that has one, and belongs to nobody: `lease=1d owner=anna 12h`.
    func checkNothingMore(after wish: Word) throws {
        guard LabelRest.keys.contains(wish.key), let place = words.firstIndex(where: { $0.range == wish.range }) else { return }
        for index in words.indices[(place + 1)...] where words[index].isTag && words[index].value == nil {
            let name = words[index].name
            let before = words[index - 1].isTag && words[index - 1].value == nil ? words[index - 1].name + " " : ""
            guard [name, before + name].contains(where: LabelBracket.isLengthOrDate) else { continue }
            throw Problem(description: "'\(name)' stands apart from it and may belong to it")
        }
    }

    private static func isLengthOrDate(_ text: String) -> Bool {
        if (try? DurationFormat.parse(text, bareNumber: .refused)) != nil { return true }
        return (try? WallTime(text.count == 10 ? text + " 00:00" : text)) != nil
    }
}
