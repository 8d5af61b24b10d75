#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// The zones of the system's zone files, each read once.
///
/// Names are IANA names. They are looked for in the folder that `TZDIR` names, then in `/usr/share/zoneinfo`. One that IANA
/// keeps for old configurations, and whose file is not there, is read from the file of today's name.
package final class ZoneCatalog: Sendable {
    let environment: [String: String]
    /// Where zone files are, in the order in which they are asked.
    package let folders: [String]
    private let known = Mutex<[String: Zone]>([:])
    private let listed = Mutex<Set<String>?>(nil)

    /// - Parameters:
    ///   - environment: the process's variables; `TZDIR` and `TZ` count.
    ///   - system: where the system has its zone files.
    package init(environment: [String: String] = [:], system: String = "/usr/share/zoneinfo") {
        self.environment = environment
        folders = [environment["TZDIR"]].compactMap { $0?.isEmpty == false ? $0 : nil } + [system]
    }

    /// A zone by its IANA name, such as `Europe/Berlin`.
    ///
    /// - Throws: ``CalendarError`` when there is no such zone, with what was probably meant; when the name is only an
    ///   abbreviation, which several places use; or when its file is malformed.
    package func zone(_ name: String) throws(CalendarError) -> Zone {
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard name != Self.unset else {
            throw CalendarError("'\(name)' stands for a machine whose zone was never set; write a zone's name, such as Europe/Berlin")
        }
        if let hint = ZoneAbbreviations.suggestions(for: name) {
            throw CalendarError("'\(name)' is an abbreviation that several places use; write the zone's name, such as \(hint)")
        }
        return try load(name)
    }

    /// As ``zone(_:)``, for names from the machine's own configuration: abbreviations that are files are allowed there.
    func load(_ name: String) throws(CalendarError) -> Zone {
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard Self.isName(name) else { throw unknown(name) }
        guard let bytes = file(name) ?? LegacyZones.current(name).flatMap(file) else {
            if ["UTC", "Etc/UTC", "GMT", "Etc/GMT"].contains(name) { return Zone(name: name, table: Zone.utc.table) }
            throw unknown(name)
        }
        do throws(CalendarError) {
            let zone = Zone(name: name, table: try ZoneFile.read(bytes))
            known.withLock { $0[name] = zone }
            return zone
        } catch {
            throw CalendarError("zone '\(name)': \(error.message)")
        }
    }

    private func file(_ name: String) -> [UInt8]? {
        folders.lazy.compactMap { ZoneFolder.contents("\($0)/\(name)") }.first(where: ZoneFile.isZoneFile)
    }

    /// The names of all zones, sorted, old ones too.
    package func names() -> [String] {
        let files = fileNames()
        return files.union(LegacyZones.names.filter { LegacyZones.current($0).map(files.contains) ?? false }).sorted()
    }

    /// Listed once: each file is opened for it, and labels of a whole fleet may name a zone that does not exist.
    private func fileNames() -> Set<String> {
        if let names = listed.withLock(\.self) { return names }
        let names = Set(folders.flatMap { ZoneFolder.names(in: $0) }.filter { Self.isName($0) && $0 != Self.unset })
        if !names.isEmpty { listed.withLock { $0 = names } }
        return names
    }

    /// What tzdata calls no zone at all.
    private static let unset = "Factory"

    /// Whether a text could be a zone's name: it never leaves the folder, and is none of the copies beside the zones.
    static func isName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let first = parts.first, name.utf8.count <= 255 else { return false }
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isPartOfName) }) else { return false }
        return !["posix", "right", "posixrules", "localtime", "leapseconds"].contains { first.elementsEqual($0.utf8) }
    }

    /// Dots are left out, so that no name can mean a folder above.
    private static func isPartOfName(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    private func unknown(_ name: String) -> CalendarError {
        let names = names()
        guard !names.isEmpty else {
            return CalendarError("unknown zone '\(name)': there are no zone files in \(folders.joined(separator: " or ")) (package tzdata)")
        }
        if let hint = Self.hintForOffset(name) { return CalendarError("unknown zone '\(name)', \(hint)") }
        let place = names.map { (name: $0, place: $0.split(separator: "/").last.map(String.init) ?? $0) }
        let spelled = name.split(separator: " ").joined(separator: "_")
        let city = place.first { $0.place.lowercased() == spelled.lowercased() }?.name
        guard let best = city ?? NameSuggestion.closest(to: spelled, among: names) else {
            return CalendarError("unknown zone '\(name)'; write an IANA name such as 'Europe/Berlin' or 'UTC'")
        }
        // An old name is one to understand, not to recommend.
        let current = LegacyZones.current(best).flatMap { isRenamed(best, to: $0) ? $0 : nil }
        return CalendarError("unknown zone '\(name)', did you mean '\(current ?? best)'?")
    }

    /// Whether the system has lost an old name, and knows today's.
    private func isRenamed(_ name: String, to current: String) -> Bool { file(name) == nil && file(current) != nil }

    /// `UTC+2` and `+02:00` are no zones; those of fixed offset count westwards.
    private static func hintForOffset(_ name: String) -> String? {
        let upper = name.uppercased()
        let rest = upper.hasPrefix("UTC") || upper.hasPrefix("GMT") ? upper.dropFirst(3) : upper[...]
        guard let sign = rest.first, sign == "+" || sign == "-",
            let hours = Int(rest.dropFirst().prefix { $0.isASCII && $0.isNumber }), hours <= 14
        else { return nil }
        return "offsets are no zones, but 'Etc/GMT\(sign == "+" ? "-" : "+")\(hours)' is always \(sign)\(hours) hours from UTC"
    }
}
