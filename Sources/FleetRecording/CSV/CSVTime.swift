internal import FleetCalendar

/// A time in a CSV: ISO 8601, with parts of seconds if wanted, or Unix seconds or milliseconds, told apart by their size.
struct CSVTime {
    /// From here on a number is one of milliseconds, before the seconds end: both are from 1970 to 2286.
    private static let milliseconds = 1e11..<1e13

    /// In Unix seconds.
    let seconds: Double

    /// - Parameter zone: what a time without an offset means.
    /// - Throws: ``CSVValues/Wrong``.
    init(_ bytes: ArraySlice<UInt8>, zone: Zone) throws(CSVValues.Wrong) {
        if let number = CSVNumber.value(bytes) {
            if ReadingLine.times.contains(number) {
                seconds = number
            } else if Self.milliseconds.contains(number) {
                seconds = number / 1_000
            } else {
                throw CSVValues.Wrong("time", bytes, "Unix time in seconds or milliseconds, or 2026-11-23T18:00:00Z")
            }
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let (whole, fraction) = try Self.split(text, bytes)
        do {
            seconds = Double(try WallTime(whole).instant(in: zone)) + fraction
        } catch {
            throw CSVValues.Wrong("time", bytes, "a time such as 2026-11-23T18:00:00Z, or Unix time; \(error)")
        }
        guard ReadingLine.times.contains(seconds) else { throw CSVValues.Wrong("time", bytes, "a time from 1970 to 2286") }
    }

    /// The time without the part of a second, and that part.
    private static func split(_ text: String, _ bytes: ArraySlice<UInt8>) throws(CSVValues.Wrong) -> (whole: String, fraction: Double) {
        guard let mark = text.firstIndex(where: { $0 == "." || $0 == "," }) else { return (text, 0) }
        let digits = text[text.index(after: mark)...].prefix { ("0"..."9").contains($0) }
        guard text[..<mark].count(where: { $0 == ":" }) == 2, !digits.isEmpty, let fraction = Double("0.\(digits)") else {
            throw CSVValues.Wrong("time", bytes, "a time such as 2026-11-23T18:00:00.250Z")
        }
        return (String(text[..<mark] + text[digits.endIndex...]), fraction)
    }
}

/// A number as CSV has them: decimal digits, a point, an exponent.
enum CSVNumber {
    /// nil for everything else, also for numbers that are not finite.
    static func value(_ bytes: ArraySlice<UInt8>) -> Double? {
        guard bytes.count <= 40, bytes.contains(where: { (0x30...0x39).contains($0) }),
            bytes.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
            let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite
        else { return nil }
        return value
    }
}
