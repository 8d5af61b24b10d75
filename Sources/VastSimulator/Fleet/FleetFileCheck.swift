import FleetCalendar
import VastJSON

/// Finds typing errors in a fleet file of our own form, before anything is made of it: a member that is silently ignored makes
/// a test of policies that proves nothing.
struct FleetFileCheck {
    /// What a member has to be.
    private enum Wanted: String {
        case list = "a list"
        case object = "an object"
        case text = "a text"
        case truth = "true or false"
        case whole = "a whole number"
        case count = "a whole number, not below 0"
        case someGPUs = "a whole number, at least 1"
        case number = "a number"
        case seconds = "a number of seconds, not below 0"

        func fits(_ value: JSONValue) -> Bool {
            switch self {
            case .list: value.elements != nil
            case .object: if case .object = value { true } else { false }
            case .text: value.text != nil
            case .truth: value.truth != nil
            case .whole: value.wholeNumber != nil
            case .count: value.wholeNumber.map { $0 >= 0 } ?? false
            case .someGPUs: value.wholeNumber.map { $0 >= 1 } ?? false
            case .number: value.number != nil
            case .seconds: value.number.map { $0 >= 0 } ?? false
            }
        }
    }

    private static let file: [String: Wanted] = [
        "fleet": .whole, "account": .object, "machines": .list, "instances": .list, "events": .list
    ]
    private static let account: [String: Wanted] = ["id": .whole, "email": .text, "credit": .number]
    private static let machine: [String: Wanted] = ["id": .whole, "gpus": .someGPUs, "taken": .count, "taken_after": .seconds]
    private static let event: [String: Wanted] = ["after": .seconds, "id": .whole, "event": .text]
    private static let simulator: [String: Wanted] = ["workload": .text, "busy_for": .seconds, "floor": .number]
    /// Of a row only what the simulation goes by; any other member of the API passes as it is.
    private static let row: [String: Wanted] = [
        "id": .whole, "label": .text, "gpu_name": .text, "num_gpus": .someGPUs, "is_bid": .truth, "machine_id": .whole,
        "disk_space": .number, "actual_status": .text, "intended_status": .text, "cur_state": .text, "next_state": .text,
        "status_msg": .text, "gpu_util": .number, "gpu_temp": .number, "dph_base": .number, "dph_total": .number,
        "start_date": .number, "end_date": .number, "simulator": .object
    ]
    private static let intended = ["running", "stopped", "frozen"]
    private static let states =
        intended + ["created", "loading", "exited", "rebooting", "recycling", "unknown", "offline", "unloaded"]
    private static let rowNames = Set(InstanceSpecification.shape.names).union(row.keys)

    // MARK: the whole file

    /// - Throws: ``FleetFile/Invalid`` with the place and, where that can be guessed, what was meant.
    static func check(_ root: JSONValue) throws(FleetFile.Invalid) {
        guard root["fleet"]?.wholeNumber == 1 else { throw wrong("", "\"fleet\" must be 1, the only form there is") }
        try check(root, file, needed: [], at: "")
        if let given = root["account"], given != .null { try check(given, account, needed: [], at: "account") }
        for (number, row) in (root["instances"]?.elements ?? []).enumerated() { try checkRow(row, at: "instance \(number + 1)") }
        try checkMachines(root["machines"]?.elements ?? [])
        try checkEvents(root["events"]?.elements ?? [], of: Set((root["instances"]?.elements ?? []).compactMap { $0["id"]?.wholeNumber }))
    }

    /// What is not of our form, such as a page of the API, may have members that nobody knows, but none that only our form has.
    static func checkForeign(_ root: JSONValue) throws(FleetFile.Invalid) {
        guard case .object(let members) = root else { return }
        for (name, _) in members {
            if NameSuggestion.closest(to: name, among: ["fleet"]) != nil {
                throw wrong("", "unknown member '\(name)', did you mean 'fleet'?")
            }
            if ["account", "machines", "events"].contains(name) {
                throw wrong("", "\"\(name)\" counts only in a file that says \"fleet\": 1")
            }
        }
    }

    // MARK: its parts

    private static func checkRow(_ json: JSONValue, at place: String) throws(FleetFile.Invalid) {
        guard case .object(let members) = json else { throw wrong(place, "an object with a whole number \"id\" is wanted") }
        try checkTypes(members, row, needed: ["id"], at: place)
        for (name, _) in members where !rowNames.contains(name) {
            if simulator[name] != nil { throw wrong(place, "\"\(name)\" has its place in \"simulator\"") }
            let free = (rowNames.union(simulator.keys)).filter { members[$0] == nil }.sorted()
            guard let meant = NameSuggestion.closest(to: name, among: free) else { continue }
            throw wrong(place, "unknown member '\(name)', did you mean '\(meant)'?")
        }
        try checkWords(members, at: place)
        guard let extras = members["simulator"], extras != .null else { return }
        try check(extras, simulator, needed: [], at: "\(place), simulator")
    }

    /// The words of the API are an open set: only what looks like one of them, and what a user cannot have asked for, is refused.
    private static func checkWords(_ row: JSONObject, at place: String) throws(FleetFile.Invalid) {
        for name in ["intended_status", "actual_status", "cur_state", "next_state"] {
            guard let word = row[name]?.text, !states.contains(word) || name == "intended_status" && !intended.contains(word) else {
                continue
            }
            let known = name == "intended_status" ? intended : states
            let meant = NameSuggestion.closest(to: word, among: known)
            guard meant != nil || name == "intended_status" else { continue }
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(known.joined(separator: ", "))"
            throw wrong(place, "\(name) is no '\(word)'\(help)")
        }
    }

    private static func checkMachines(_ machines: [JSONValue]) throws(FleetFile.Invalid) {
        var seen: Set<Int64> = []
        for (number, json) in machines.enumerated() {
            let place = "machine \(number + 1)"
            try check(json, machine, needed: ["id", "gpus"], at: place)
            if let id = json["id"]?.wholeNumber, !seen.insert(id).inserted { throw wrong(place, "id \(id) is there twice") }
        }
    }

    private static func checkEvents(_ events: [JSONValue], of instances: Set<Int64>) throws(FleetFile.Invalid) {
        for (number, json) in events.enumerated() {
            let place = "event \(number + 1)"
            try check(json, event, needed: ["after", "id", "event"], at: place)
            if let id = json["id"]?.wholeNumber, !instances.contains(id) { throw wrong(place, "there is no instance \(id) in the file") }
        }
    }

    // MARK: one object

    private static func check(
        _ json: JSONValue, _ known: [String: Wanted], needed: [String], at place: String
    ) throws(FleetFile.Invalid) {
        guard case .object(let members) = json else { throw wrong(place, "an object is wanted") }
        let names = known.keys.sorted()
        for (name, _) in members where known[name] == nil {
            let meant = NameSuggestion.closest(to: name, among: names)
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(names.joined(separator: ", "))"
            throw wrong(place, "unknown member '\(name)'\(help)")
        }
        try checkTypes(members, known, needed: needed, at: place)
    }

    private static func checkTypes(
        _ members: JSONObject, _ known: [String: Wanted], needed: [String], at place: String
    ) throws(FleetFile.Invalid) {
        for name in needed where (members[name] ?? .null) == .null {
            throw wrong(place, "\"\(name)\" is missing, \(known[name]?.rawValue ?? "")")
        }
        for (name, value) in members where value != .null {
            guard let wanted = known[name], !wanted.fits(value) else { continue }
            throw wrong(place, "\"\(name)\" must be \(wanted.rawValue)")
        }
    }

    private static func wrong(_ place: String, _ what: String) -> FleetFile.Invalid {
        FleetFile.Invalid(description: "fleet file\(place.isEmpty ? "" : ", \(place)"): \(what)")
    }
}
