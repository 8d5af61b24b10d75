internal import FleetCalendar

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Reads the dates of HTTP headers, such as `Mon, 23 Nov 2026 20:30:00 GMT` (RFC 9110, section 5.6.7, preferred form).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The instant, nil when `text` is no such date.
    static func parse(_ text: String) -> Date? {
        let parts = text.split(whereSeparator: { ", :".contains($0) })
        guard parts.count == 8, parts[7] == "GMT",
            let day = Int(parts[1]), (1...31).contains(day), let month = months.firstIndex(of: String(parts[2])).map({ $0 + 1 }),
            let year = Int(parts[3]), (1970...9999).contains(year),
            day <= CivilDate.length(ofMonth: month, in: year),
            let hour = Int(parts[4]), (0...23).contains(hour), let minute = Int(parts[5]), (0...59).contains(minute),
            let second = Int(parts[6]), (0...60).contains(second)
        else { return nil }
        return instant(year: year, month: month, day: day, seconds: (hour * 60 + minute) * 60 + second)
    }

    /// The instant of a date in UTC and so many seconds of its day.
    static func instant(year: Int, month: Int, day: Int, seconds: Int) -> Date {
        Date(timeIntervalSince1970: Double(CivilDate(year: year, month: month, day: day).dayNumber * 86_400 + seconds))
    }
}
