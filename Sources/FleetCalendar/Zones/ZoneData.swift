#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Which release of the time zone database zone files come from.
package struct ZoneData: Sendable, Equatable {
    /// Where they are.
    package let folder: String
    /// `2025b`; nil: nothing in the folder tells it.
    package let version: String?
    /// The last day, in Unix seconds, on which the release can have been made; nil: not known.
    package let latest: Double?

    private static let year = 365.25 * 86_400

    /// Whether laws are a year further than the data.
    package func isOld(at now: Double) -> Bool { latest.map { now - $0 > Self.year } ?? false }

    /// What a folder tells: the first line of `tzdata.zi` (`# version 2025b`), or the file `+VERSION` of other systems.
    ///
    /// - Returns: nil when there are no zone files in it.
    init?(folder: String) {
        self.folder = folder
        let source = "\(folder)/tzdata.zi"
        let first = ZoneFolder.contents(source).flatMap(Self.firstLine).flatMap(Self.version)
        let other = ZoneFolder.contents("\(folder)/+VERSION").flatMap(Self.firstLine).flatMap { $0.isEmpty ? nil : $0 }
        version = (first ?? other).map { String($0.prefix(40)) }
        latest = version.flatMap { Self.latest(of: $0, writtenAt: Self.timeOfWriting(source)) }
        let usual = ["UTC", "Etc/UTC", "Europe/London", "America/New_York"]
        let hasFiles = usual.contains { ZoneFolder.contents("\(folder)/\($0)").map(ZoneFile.isZoneFile) ?? false }
        if version == nil, !hasFiles, ZoneFolder.names(in: folder).isEmpty { return nil }
    }

    private static func firstLine(_ bytes: [UInt8]) -> String? {
        String(validating: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }

    private static func version(_ line: String) -> String? {
        let mark = "# version "
        guard line.hasPrefix(mark), line.utf8.count > mark.utf8.count else { return nil }
        return String(line.dropFirst(mark.count))
    }

    private static func timeOfWriting(_ path: String) -> Double? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Double(status.st_mtim.tv_sec)
    }

    /// A release is named for its year, and no file of it was written before.
    static func latest(of version: String, writtenAt time: Double?) -> Double? {
        let digits = version.prefix(4)
        guard let year = Int(digits), (1990...9_999).contains(year) else { return nil }
        let name = String(version.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) })
        if let date = releases[name] { return Double(CivilDate(year: year, month: date.month, day: date.day).dayNumber) * 86_400 }
        let begin = Double(CivilDate(year: year, month: 1, day: 1).dayNumber) * 86_400
        let end = Double(CivilDate(year: year + 1, month: 1, day: 1).dayNumber) * 86_400
        // Some systems give all files one time, long before.
        return min(end, time.flatMap { $0 >= begin ? $0 : nil } ?? end)
    }

    /// When releases were made, as the database's own list of news says; of other ones the year is known.
    private static let releases: [String: (month: Int, day: Int)] = [
        "2023a": (3, 22), "2023b": (3, 23), "2023c": (3, 28), "2023d": (12, 21), "2024a": (2, 1), "2024b": (9, 4), "2025a": (1, 15),
        "2025b": (3, 22), "2025c": (12, 10)
    ]
}

extension ZoneCatalog {
    /// Which release the zone files come from that are asked first; nil when there are none.
    package var data: ZoneData? { folders.lazy.compactMap { ZoneData(folder: $0) }.first }
}
