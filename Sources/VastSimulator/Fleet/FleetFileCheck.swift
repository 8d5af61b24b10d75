import FleetCalendar
import VastJSON

/// Finds typing errors in a fleet file of our own form, before anything is made of it: a member that is silently ignored makes
/// a test of policies that proves nothing.
struct FleetFileCheck {
    private static let intended = ["running", "stopped", "frozen"]
    private static let states =
        intended + ["created", "loading", "exited", "rebooting", "recycling", "unknown", "offline", "unloaded"]
    private static let rowNames = Set(InstanceSpecification.shape.names).union(FleetFileRow.names)

    // MARK: the whole file

    /// - Throws: ``FleetFile/Invalid`` with the place, the value and what is allowed or, where that can be guessed, what was meant.
    static func check(_ root: JSONValue) throws(FleetFile.Invalid) {
        guard root[FleetFilePart.fleet]?.wholeNumber == 1 else { throw wrong("", "\"fleet\" must be 1, the only form there is") }
        try check(root, FleetFilePart.self, at: "")
        if let given = root[FleetFilePart.account], given != .null { try check(given, FleetFileAccount.self, at: "account") }
        let rows = root[FleetFilePart.instances]?.elements ?? []
        for (number, row) in rows.enumerated() { try checkRow(row, at: "instance \(number + 1)") }
        try checkMachines(root[FleetFilePart.machines]?.elements ?? [])
        try checkRoom(for: rows, on: root[FleetFilePart.machines]?.elements ?? [])
        let bids = rows.filter { $0[FleetFileRow.isBid]?.truth == true }
        try checkEvents(root[FleetFilePart.events]?.elements ?? [], of: ids(rows), ids(bids))
    }

    /// What is not of our form, such as a page of the API, may have members that nobody knows, but none that only our form has.
    static func checkForeign(_ root: JSONValue) throws(FleetFile.Invalid) {
        if case .object(let members) = root { try checkForeign(members) }
        for (number, row) in (root.elements ?? root[FleetFilePart.instances]?.elements ?? []).enumerated() {
            guard row[FleetFileRow.simulator] != nil else { continue }
            throw wrong("instance \(number + 1)", "\"simulator\" counts only in a file that says \"fleet\": 1")
        }
    }

    private static func checkForeign(_ members: JSONObject) throws(FleetFile.Invalid) {
        let ours: [FleetFilePart] = [.account, .machines, .events]
        for (name, _) in members {
            if NameSuggestion.closest(to: name, among: [FleetFilePart.fleet.rawValue]) != nil {
                throw wrong("", "unknown member '\(name)', did you mean 'fleet'?")
            }
            if ours.contains(where: { $0.rawValue == name }) {
                throw wrong("", "\"\(name)\" counts only in a file that says \"fleet\": 1")
            }
        }
    }

    // MARK: its parts

    private static func checkRow(_ json: JSONValue, at place: String) throws(FleetFile.Invalid) {
        guard case .object(let members) = json else { throw wrong(place, "an object with a whole number \"id\" is wanted") }
        try checkTypes(members, FleetFileRow.self, at: place)
        for (name, _) in members where !rowNames.contains(name) {
            if FleetFileExtra(rawValue: name) != nil { throw wrong(place, "\"\(name)\" has its place in \"simulator\"") }
            let free = (rowNames.union(FleetFileExtra.names)).filter { members[$0] == nil }.sorted()
            guard let meant = NameSuggestion.closest(to: name, among: free) else { continue }
            throw wrong(place, "unknown member '\(name)', did you mean '\(meant)'?")
        }
        try checkWords(members, at: place)
        guard let extras = members[FleetFileRow.simulator], extras != .null else { return }
        try check(extras, FleetFileExtra.self, at: "\(place), simulator")
        guard extras[FleetFileExtra.floor].map({ $0 != .null }) == true, members[FleetFileRow.isBid]?.truth != true else { return }
        throw wrong("\(place), simulator", "\"floor\" counts for interruptible instances, and this one has no \"is_bid\": true")
    }

    /// The words of the API are an open set: only what looks like one of them, and what a user cannot have asked for, is refused.
    private static func checkWords(_ row: JSONObject, at place: String) throws(FleetFile.Invalid) {
        for member in [FleetFileRow.intended, .actual, .current, .next] {
            let known = member == .intended ? intended : states
            guard let word = row[member]?.text, !known.contains(word) else { continue }
            let meant = NameSuggestion.closest(to: word, among: known)
            guard meant != nil || member == .intended else { continue }
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(known.joined(separator: ", "))"
            throw wrong(place, "\(member.rawValue) is no '\(shown(.string(word), quoted: false))'\(help)")
        }
    }

    private static func checkMachines(_ machines: [JSONValue]) throws(FleetFile.Invalid) {
        var seen: Set<Int64> = []
        for (number, json) in machines.enumerated() {
            let place = "machine \(number + 1)"
            try check(json, FleetFileMachine.self, at: place)
            if let id = json[FleetFileMachine.id]?.wholeNumber, !seen.insert(id).inserted { throw wrong(place, "id \(id) is there twice") }
            guard let gpus = json[FleetFileMachine.gpus]?.wholeNumber, let taken = json[FleetFileMachine.taken]?.wholeNumber, taken > gpus
            else { continue }
            throw wrong(place, "\"taken\" is \(taken), and the machine has \(gpus) GPUs")
        }
    }

    private static func ids(_ rows: [JSONValue]) -> Set<Int64> { Set(rows.compactMap { $0[FleetFileRow.id]?.wholeNumber }) }

    /// An instance has no more GPUs than its machine.
    private static func checkRoom(for rows: [JSONValue], on machines: [JSONValue]) throws(FleetFile.Invalid) {
        for (number, row) in rows.enumerated() {
            guard let machine = machines.first(where: { $0[FleetFileMachine.id] == row[FleetFileRow.machine] }),
                let most = machine[FleetFileMachine.gpus]?.wholeNumber, let gpus = row[FleetFileRow.gpus]?.wholeNumber, gpus > most
            else { continue }
            throw wrong("instance \(number + 1)", "\"num_gpus\" is \(gpus), and its machine has \(most) GPUs")
        }
    }

    /// - Parameter bids: the interruptible ones of the instances.
    private static func checkEvents(
        _ events: [JSONValue], of instances: Set<Int64>, _ bids: Set<Int64>
    ) throws(FleetFile.Invalid) {
        for (number, json) in events.enumerated() {
            let place = "event \(number + 1)"
            try check(json, FleetFileEvent.self, at: place)
            guard let id = json[FleetFileEvent.id]?.wholeNumber else { continue }
            guard instances.contains(id) else { throw wrong(place, "there is no instance \(id) in the file") }
            guard let name = json[FleetFileEvent.event]?.text, WorldEvent(name)?.needsBid == true, !bids.contains(id) else { continue }
            throw wrong(place, "\(shown(.string(name))) happens to interruptible instances, and instance \(id) has no \"is_bid\": true")
        }
    }

    // MARK: one object

    private static func check<Member: FleetFileMember>(
        _ json: JSONValue, _ type: Member.Type, at place: String
    ) throws(FleetFile.Invalid) {
        guard case .object(let members) = json else { throw wrong(place, "an object is wanted, not \(shown(json))") }
        for (name, _) in members where Member(rawValue: name) == nil {
            let meant = NameSuggestion.closest(to: name, among: type.names)
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(type.names.joined(separator: ", "))"
            throw wrong(place, "unknown member '\(shown(.string(name), quoted: false))'\(help)")
        }
        try checkTypes(members, type, at: place)
    }

    private static func checkTypes<Member: FleetFileMember>(
        _ members: JSONObject, _ type: Member.Type, at place: String
    ) throws(FleetFile.Invalid) {
        for member in type.allCases {
            guard let value = members[member], value != .null else {
                guard member.isNeeded else { continue }
                throw wrong(place, "\"\(member.rawValue)\" is missing, \(member.wanted.words)")
            }
            if member.wanted.fits(value) { continue }
            throw wrong(place, "\"\(member.rawValue)\" must be \(member.wanted.words), not \(shown(value))")
        }
    }

    /// The longest value that a message shows whole.
    private static let longestValue = 60

    /// A value as it stands in the file, on one line.
    ///
    /// - Parameter quoted: whether a text has its quotation marks.
    static func shown(_ value: JSONValue, quoted: Bool = true) -> String {
        let text = (try? value.serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "?"
        let inner = !quoted && text.hasPrefix("\"") ? text.dropFirst().dropLast() : text[...]
        let whole = inner.unicodeScalars.map { $0.properties.generalCategory == .format || $0.value < 0xA0 && $0.value > 0x7E ? "?" : $0 }
        return String(String.UnicodeScalarView(whole.prefix(longestValue))) + (whole.count > longestValue ? "…" : "")
    }

    private static func wrong(_ place: String, _ what: String) -> FleetFile.Invalid {
        FleetFile.Invalid(description: "fleet file\(place.isEmpty ? "" : ", \(place)"): \(what)")
    }
}
