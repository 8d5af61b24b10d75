import FleetCalendar
import FleetClock
import FleetRules
import FleetStore
import LuaEngine
import VastAPI
import VastJSON
import VastLua

/// `$XDG_CONFIG_HOME/vast-lua/config.json`: ceilings of the guard, the zone, and whose key it may be.
///
/// Read strictly: a misspelt name in a file that is there for safety must not mean "no limit".
struct ConfigFile {
    /// What holds over every script.
    var ceilings = GuardLimits.none
    /// The zone of dates and calendars that name none.
    var zone: Zone?
    /// The only account that may be used: an id or an email.
    var account: String?

    /// Where `vast.notify` goes.
    var notices: NoticeTarget?
    /// What is fetched after each run, with `/fail` behind it when the run failed.
    var heartbeat: Heartbeat?
    /// How long is kept what nobody needs any more.
    var retention = RetentionPeriods()

    /// Far more bytes than all that it can say.
    private static let limit = 1 << 18

    private static let names = ["guard", "timezone", "account", "notify", "heartbeat", "retention"]
    private static let guardNames = GuardLimit.allCases.map(\.rawValue) + GuardPermission.allCases.map(\.rawValue) + ["protect"]

    /// Where the file is looked for.
    static func path(_ environment: ProcessEnvironment) -> String {
        "\(environment["XDG_CONFIG_HOME"] ?? "\(environment.home)/.config")/vast-lua/config.json"
    }

    /// Reads the file; without one, nothing is set.
    ///
    /// - Throws: ``UsageError`` when it cannot be read or understood.
    static func read(_ environment: ProcessEnvironment, zones: ZoneCatalog) throws(UsageError) -> ConfigFile {
        let path = path(environment)
        // Limits that hold in one directory and not in the next are none.
        guard path.hasPrefix("/") else {
            let name = environment["XDG_CONFIG_HOME"] == nil ? "HOME" : "XDG_CONFIG_HOME"
            throw UsageError(
                "\(name) is \"\(PrintableText.safe(environment[name] ?? ""))\", which is not an absolute path; set it to one, or unset it")
        }
        guard let bytes = try FileBytes.readIfPresent(path, for: "the config file", limit: limit) else { return ConfigFile() }
        do {
            return try ConfigFile(try JSONDocument(parsing: JSONComments.blanked(bytes)).root, zones: zones)
        } catch {
            throw UsageError("the config file \(path) is not understood: \(PrintableText.safe("\(error)", limit: 500))")
        }
    }

    /// The same, with the zones of this machine.
    static func read(_ environment: ProcessEnvironment) throws(UsageError) -> ConfigFile {
        try read(environment, zones: ZoneCatalog(environment: environment.values))
    }

    init() {}

    /// Everything that holds over a script, with names for people.
    func ceilings(under options: GuardOptions) -> [(name: String, limits: GuardLimits)] {
        [("config file", ceilings), (GuardRefusal.commandLine, options.limits)]
    }

    private init(_ root: JSON, zones: ZoneCatalog) throws {
        guard root.kind == .object else { throw UsageError("it is no JSON object") }
        if let name = root.firstDuplicateMember { throw UsageError("it has \(name) twice, and only one can hold") }
        for (name, value) in root.members {
            switch name {
            case "guard": ceilings = try Self.limits(value)
            case "timezone": zone = try zones.zone(try Self.text(value, name))
            case "account":
                guard let named = value.integral.map(String.init) ?? value.string else {
                    throw UsageError("account is a text or a whole number: an email or an id")
                }
                account = named
            case "notify":
                let fields = try Self.texts(value, name, ["url", "kind"])
                notices = try fields["url"].map { try NoticeTarget(url: $0, kind: fields["kind"]) }
            case "heartbeat": heartbeat = try Self.texts(value, name, ["url"])["url"].map { try Heartbeat(url: $0) }
            case "retention": retention = try Self.retention(Self.texts(value, name, ["journal", "readings"]))
            default: throw UsageError(LuaSuggestion.unknown("field", name, among: Self.names))
            }
        }
    }

    private static func limits(_ json: JSON) throws -> GuardLimits {
        guard json.kind == .object else { throw UsageError("guard is an object") }
        var limits = GuardLimits.none
        for (name, value) in json.members {
            if let limit = GuardLimit(rawValue: name) {
                guard let number = value.double else { throw UsageError("guard.\(name) is a number") }
                limits.numbers[limit] = number
            } else if let permission = GuardPermission(rawValue: name) {
                guard let flag = value.bool else { throw UsageError("guard.\(name) is true or false") }
                limits.permissions[permission] = flag
            } else if name == "protect" {
                limits.protect = try protection(value)
            } else {
                throw UsageError(LuaSuggestion.unknown("field of guard", name, among: guardNames))
            }
        }
        try limits.check()
        return limits
    }

    private static func retention(_ fields: [String: String]) throws -> RetentionPeriods {
        let lengths = try fields.map { name, text in
            let length = try DurationFormat.parse(text)
            guard length >= RetentionPeriods.least else {
                throw UsageError("retention.\(name) is at least \(DurationFormat.format(RetentionPeriods.least)), not '\(text)'")
            }
            return (name, length)
        }
        let (known, usual) = (Dictionary(uniqueKeysWithValues: lengths), RetentionPeriods())
        return RetentionPeriods(journal: known["journal"] ?? usual.journal, readings: known["readings"] ?? usual.readings)
    }

    private static func protection(_ json: JSON) throws -> Protection {
        guard json.kind == .object else { throw UsageError("guard.protect is an object with label and id") }
        var protection = Protection.none
        for (name, value) in json.members {
            let elements = value.kind == .array ? Array(value.elements) : [value]
            switch name {
            case "label": protection.labels = try elements.map { LabelGlob(try text($0, "guard.protect.label")) }
            case "id":
                for element in elements {
                    guard let id = element.integral, id > 0 else {
                        throw UsageError("guard.protect.id is an id, from 1 up, or a list of ids")
                    }
                    protection.ids.insert(InstanceID(id))
                }
            default: throw UsageError(LuaSuggestion.unknown("field of guard.protect", name, among: ["label", "id"]))
            }
        }
        return protection
    }

    private static func texts(_ json: JSON, _ name: String, _ known: [String]) throws -> [String: String] {
        guard json.kind == .object else { throw UsageError("\(name) is an object with \(known.joined(separator: " and "))") }
        return try Dictionary(
            json.members.map { field, value in
                guard known.contains(field) else { throw UsageError(LuaSuggestion.unknown("field of \(name)", field, among: known)) }
                return (field, try text(value, "\(name).\(field)"))
            }
        ) { $1 }
    }

    private static func text(_ json: JSON, _ name: String) throws -> String {
        guard let text = json.string else { throw UsageError("\(name) is a text") }
        return text
    }
}

/// Comments in JSON: `//` to the end of the line, and `/* … */`.
enum JSONComments {
    /// The bytes with every comment turned into spaces, so that places in messages stay right.
    static func blanked(_ bytes: [UInt8]) -> [UInt8] {
        var (result, index, isText) = (bytes, 0, false)
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if isText {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isText = false }
                index += 1
            } else if byte == UInt8(ascii: "\"") {
                isText = true
                index += 1
            } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "/") || next == UInt8(ascii: "*") {
                index = blank(&result, from: index, isLine: next == UInt8(ascii: "/"))
            } else {
                index += 1
            }
        }
        return result
    }

    private static func blank(_ bytes: inout [UInt8], from start: Int, isLine: Bool) -> Int {
        var index = start + (isLine ? 0 : 2)
        while index < bytes.count {
            if isLine, bytes[index] == UInt8(ascii: "\n") { break }
            if !isLine, bytes[index - 1] == UInt8(ascii: "*"), bytes[index] == UInt8(ascii: "/"), index > start + 2 {
                index += 1
                break
            }
            index += 1
        }
        for position in start..<index where bytes[position] != UInt8(ascii: "\n") { bytes[position] = UInt8(ascii: " ") }
        return index
    }
}
