extension CustodianSchedule {
    /// A zone as the off-hours form names it: one of its own aliases, or an IANA name in any case.
    ///
    /// - Throws: ``CalendarError`` when there is no such zone.
    static func zone(_ name: String, _ zones: ZoneCatalog) throws(CalendarError) -> Zone {
        let wanted = name.lowercased()
        do throws(CalendarError) {
            if let alias = aliases[wanted] { return try zones.zone(alias) }
            if ZoneAbbreviations.suggestions(for: name) == nil,
                let name = zones.names().first(where: { $0.lowercased() == wanted })
            {
                return try zones.zone(name)
            }
            return try zones.zone(name)
        } catch {
            throw CalendarError(field: "tz", error.message)
        }
    }

    /// Cloud Custodian's own table, of which some entries surprise: `ist` is Dublin, `it` India, `ast` Phoenix.
    private static let aliases: [String: String] = [
        "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles",
        "ast": "America/Phoenix", "at": "America/Phoenix",
        "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
        "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
        "mst": "America/Denver", "mdt": "America/Denver", "mt": "America/Denver",
        "gmt": "Etc/GMT", "gt": "Etc/GMT", "utc": "Etc/UTC",
        "bst": "Europe/London", "ist": "Europe/Dublin", "cet": "Europe/Berlin",
        "it": "Asia/Kolkata", "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "sgt": "Asia/Singapore",
        "aet": "Australia/Sydney", "brt": "America/Sao_Paulo", "nzst": "Pacific/Auckland"
    ]
}
