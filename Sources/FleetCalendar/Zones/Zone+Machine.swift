extension Zone {
    /// The zone that the machine is set to: what `TZ` says, else `/etc/localtime`, else UTC. See
    /// ``ZoneCatalog/machineZone(root:)``.
    ///
    /// - Throws: ``CalendarError`` when `TZ` means no zone, or the file behind it is malformed.
    package static func machine(environment: [String: String]) throws(CalendarError) -> Zone {
        try ZoneCatalog(environment: environment).machineZone()
    }
}

extension ZoneCatalog {
    /// The zone that the machine is set to.
    ///
    /// `TZ` may be a name, a path below a folder of zone files, or a rule such as `CET-1CEST,M3.5.0,M10.5.0/3`; empty,
    /// it is UTC. Without it, `/etc/localtime` counts, which is named by what it links to or by `/etc/timezone`.
    ///
    /// - Parameter root: what the folder `etc` is in, for tests.
    /// - Throws: ``CalendarError`` when `TZ` means no zone, or the file behind it is malformed.
    package func machineZone(root: String = "") throws(CalendarError) -> Zone {
        guard let variable = environment["TZ"] else { return try systemZone(root) }
        let text = variable.hasPrefix(":") ? String(variable.dropFirst()) : variable
        if text.isEmpty { return .utc }
        if text.hasPrefix("/") { return try zone(atPath: text) }
        if Self.isName(text), let zone = try? load(text) { return zone }
        if let rule = PosixRule(text) {
            return Zone(name: text, table: ZoneTable(initial: rule.standard, changes: [], rule: rule))
        }
        do throws(CalendarError) { return try load(text) } catch { throw CalendarError("TZ: \(error.message)") }
    }

    private func systemZone(_ root: String) throws(CalendarError) -> Zone {
        let path = "\(root)/etc/localtime"
        if let target = ZoneFolder.target(path), let name = Self.name(ofPath: target), let zone = try? load(name) { return zone }
        guard let bytes = ZoneFolder.contents(path), ZoneFile.isZoneFile(bytes) else { return .utc }
        if let name = timezoneFile(root), let zone = try? load(name),
            folders.contains(where: { ZoneFolder.contents("\($0)/\(name)") == bytes })
        {
            return zone
        }
        return Zone(name: "localtime", table: try ZoneFile.read(bytes))
    }

    /// The first line of `/etc/timezone`.
    private func timezoneFile(_ root: String) -> String? {
        guard let bytes = ZoneFolder.contents("\(root)/etc/timezone") else { return nil }
        let name = String(decoding: bytes.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
        return Self.isName(name) ? name : nil
    }

    private func zone(atPath path: String) throws(CalendarError) -> Zone {
        if let target = ZoneFolder.target(path), let name = Self.name(ofPath: target), let zone = try? load(name) { return zone }
        if let name = Self.name(ofPath: path), let zone = try? load(name) { return zone }
        guard let bytes = ZoneFolder.contents(path) else { throw CalendarError("TZ: '\(path)' cannot be read") }
        do throws(CalendarError) {
            return Zone(name: path, table: try ZoneFile.read(bytes))
        } catch {
            throw CalendarError("TZ: \(error.message)")
        }
    }

    /// What follows `zoneinfo/` in a path, when it is a zone's name.
    private static func name(ofPath path: String) -> String? {
        let parts = path.split(separator: "/")
        guard let folder = parts.lastIndex(of: "zoneinfo") else { return nil }
        let name = parts[(folder + 1)...].joined(separator: "/")
        return isName(name) ? name : nil
    }
}
