/// Abbreviations of zones, and the zones that may be meant. Some are files of the tz database too, for old systems;
/// they are refused like the others, because their readers expect different things of them.
enum ZoneAbbreviations {
    /// Names of zones, quoted, when a text is an abbreviation; `UTC` and `GMT` are clear and are none.
    static func suggestions(for text: String) -> String? {
        zones[text.uppercased()].map { $0.map { "'\($0)'" }.joined(separator: " or ") }
    }

    private static let zones: [String: [String]] = {
        var zones: [String: [String]] = [:]
        for (abbreviations, names) in table {
            for abbreviation in abbreviations { zones[abbreviation] = names }
        }
        return zones
    }()

    private static let table: [(abbreviations: [String], names: [String])] = [
        (["PST", "PDT", "PT"], ["America/Los_Angeles", "Asia/Manila"]),
        (["MST", "MDT", "MT"], ["America/Denver", "America/Phoenix"]),
        (["CST"], ["America/Chicago", "Asia/Shanghai", "America/Havana"]),
        (["CDT", "CT"], ["America/Chicago", "America/Havana"]),
        (["EST", "EDT", "ET"], ["America/New_York", "America/Panama", "Australia/Sydney"]),
        (["AST", "ADT", "AT"], ["America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"]),
        (["NST", "NDT"], ["America/St_Johns"]),
        (["AKST", "AKDT"], ["America/Anchorage"]),
        (["HST", "HDT"], ["Pacific/Honolulu"]),
        (["SST"], ["Pacific/Pago_Pago", "Asia/Singapore"]),
        (["BRT", "BRST"], ["America/Sao_Paulo"]),
        (["ART"], ["America/Argentina/Buenos_Aires"]),
        (["CLT", "CLST"], ["America/Santiago"]),
        (["WET", "WEST"], ["Europe/Lisbon", "Atlantic/Canary"]),
        (["CET", "CEST", "MET", "MEST", "MEZ", "MESZ"], ["Europe/Berlin", "Europe/Paris"]),
        (["EET", "EEST"], ["Europe/Helsinki", "Europe/Athens", "Africa/Cairo"]),
        (["MSK", "MSD"], ["Europe/Moscow"]),
        (["BST"], ["Europe/London", "Asia/Dhaka"]),
        (["IST"], ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        (["IDT"], ["Asia/Jerusalem"]),
        (["TRT"], ["Europe/Istanbul"]),
        (["GST"], ["Asia/Dubai"]),
        (["PKT"], ["Asia/Karachi"]),
        (["NPT"], ["Asia/Kathmandu"]),
        (["ICT"], ["Asia/Bangkok"]),
        (["WIB", "WITA", "WIT"], ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
        (["PHT"], ["Asia/Manila"]),
        (["HKT"], ["Asia/Hong_Kong"]),
        (["SGT"], ["Asia/Singapore"]),
        (["KST"], ["Asia/Seoul"]),
        (["JST"], ["Asia/Tokyo"]),
        (["AWST"], ["Australia/Perth"]),
        (["ACST", "ACDT"], ["Australia/Adelaide", "Australia/Darwin"]),
        (["AEST", "AEDT", "AET"], ["Australia/Sydney", "Australia/Brisbane"]),
        (["NZST", "NZDT", "NZT"], ["Pacific/Auckland"]),
        (["WAT"], ["Africa/Lagos"]),
        (["CAT"], ["Africa/Maputo"]),
        (["EAT"], ["Africa/Nairobi"]),
        (["SAST"], ["Africa/Johannesburg"])
    ]
}
