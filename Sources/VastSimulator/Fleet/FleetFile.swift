#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
import FleetCalendar
import FleetClock
import VastJSON

/// Reads a fleet from JSON text, in one of three forms:
/// - what `vastai show instances --raw` has printed: an array of rows;
/// - a page of the API, or any other object with `instances`;
/// - our own, an object with `"fleet": 1`, in which a row needs nothing but an `id`, and which may also have
///   `account` (`id`, `email`, `credit`), `machines` (each with `id`, `gpus`, `taken`: how many GPUs others have, and
///   `taken_after`: seconds after which somebody takes what we release) and `events` (each with `after` in seconds,
///   `id` and `event`, see ``WorldEvent/init(_:)``). A row of ours may have `simulator`, an object with `workload`, one of
///   ``Workload/Kind``, `busy_for`: the seconds after which the work is done, and `floor`: the price to beat of an
///   interruptible one in dollars an hour.
///
/// Members of rows that we do not know pass through untouched; in our own form what looks like a typing error is refused, see
/// ``FleetFileCheck``.
package struct FleetFile {
    /// Why a file is no fleet.
    package struct Invalid: Error, CustomStringConvertible {
        package let description: String
    }

    private let now: Date
    private let seed: UInt64
    private var shapes: [[String]: RowShape] = [:]

    /// - Parameters:
    ///   - json: the text of the file.
    ///   - now: the virtual time of the beginning.
    /// - Throws: ``Invalid`` with the row or member that is wrong.
    package static func fleet(_ json: [UInt8], at now: Date, seed: UInt64 = 1) throws(Invalid) -> Fleet {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: json)
        } catch {
            throw Invalid(description: "the fleet file is not JSON: \(error)")
        }
        if let place = document.root.firstDuplicateMember { throw Invalid(description: "fleet file: \(place) is there twice") }
        var file = FleetFile(now: now, seed: seed)
        return try file.fleet(document.root.value)
    }

    private init(now: Date, seed: UInt64) {
        self.now = now
        self.seed = seed
    }

    private mutating func fleet(_ root: JSONValue) throws(Invalid) -> Fleet {
        let isOurs = root["fleet"] != nil
        if isOurs { try FleetFileCheck.check(root) } else { try FleetFileCheck.checkForeign(root) }
        guard let rows = (root.elements ?? root["instances"]?.elements) else {
            throw Invalid(description: "the fleet file must be an array of instances, or an object with \"instances\"")
        }
        var fleet = Fleet()
        var seen: Set<Int64> = []
        for (number, row) in rows.enumerated() {
            let instance = try instance(row, number: number + 1, complete: isOurs)
            guard seen.insert(instance.id).inserted else {
                throw Invalid(description: "fleet file, instance \(number + 1): id \(instance.id) is there twice")
            }
            fleet.instances.append(instance)
        }
        guard isOurs else { return fleet }
        if let account = root["account"] { fleet.account = Self.account(account) }
        for machine in root["machines"]?.elements ?? [] { try Self.add(machine, to: &fleet) }
        for (number, event) in (root["events"]?.elements ?? []).enumerated() {
            fleet.events.append(try Self.plan(event, number: number + 1))
        }
        return fleet
    }

    private mutating func instance(_ row: JSONValue, number: Int, complete: Bool) throws(Invalid) -> SimulatedInstance {
        guard case .object(var members) = row, let id = members["id"]?.wholeNumber else {
            throw Invalid(description: "fleet file, instance \(number): an object with a whole number \"id\" is wanted")
        }
        members["id"] = .integer(id)
        members["extra_env"] = members["extra_env"].map(Self.pairs)
        let extras = complete ? members["simulator"] : nil
        if complete {
            members["simulator"] = nil
            members = completed(members, id: id)
        }
        let names = members.map(\.name)
        let shape = shapes[names] ?? RowShape(names)
        shapes[names] = shape
        let template = RowTemplate(shape: shape, values: members.map(\.value))
        let workload = try workload(extras, template, number: number)
        let floor = try Self.floor(extras, number: number)
        let status = status(of: template)
        guard
            let instance = SimulatedInstance(
                row: template, status: status, workload: workload, created: now, seed: seed, floor: floor)
        else { throw Invalid(description: "fleet file, instance \(number): no id") }
        return instance
    }

    /// The official client shows the pairs as an object; the API sends pairs.
    private static func pairs(_ value: JSONValue) -> JSONValue {
        guard case .object(let object) = value else { return value }
        return .array(object.map { .array([.string($0.name), $0.value]) })
    }

    private func completed(_ given: JSONObject, id: Int64) -> JSONObject {
        var specification = InstanceSpecification(id: id, label: given["label"]?.text)
        specification.gpu = given["gpu_name"]?.text ?? specification.gpu
        specification.gpus = Int(min(max(1, given["num_gpus"]?.wholeNumber ?? 1), 1_000))
        specification.isBid = given["is_bid"]?.truth ?? false
        specification.machine = given["machine_id"]?.wholeNumber
        specification.disk = given["disk_space"]?.number ?? specification.disk
        var all = JSONObject(specification.row(at: now, noise: Noise(seed: seed, instance: id)))
        let isStopped = given["intended_status"]?.text == "stopped" || given["cur_state"]?.text == "stopped"
        all["actual_status"] = isStopped ? "exited" : "running"
        all["status_msg"] = .string("success, running \(InstanceSpecification.image)/ssh")
        for (name, value) in given { all[name] = value }
        return all
    }

    private func status(of row: RowTemplate) -> Status {
        // Without the column, as with select_cols, an instance counts as on.
        let actual = row.shape.position(of: "actual_status") == nil ? "running" : row.text("actual_status")
        let isOn = actual.map { !["exited", "stopped", "created"].contains($0) } ?? true
        let current = row.text("cur_state") ?? row.text("intended_status") ?? (isOn ? "running" : "stopped")
        return Status(
            actual: actual, intended: row.text("intended_status") ?? current, current: current,
            next: row.text("next_state") ?? row.text("intended_status") ?? current, message: row.text("status_msg"))
    }

    private func workload(_ extras: JSONValue?, _ row: RowTemplate, number: Int) throws(Invalid) -> Workload {
        guard let extras else { return Workload(Self.guess(row)) }
        let name = extras["workload"]?.text ?? Workload.Kind.training.rawValue
        guard let kind = Workload.Kind(rawValue: name) else {
            let kinds = Workload.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            let meant = NameSuggestion.closest(to: name, among: Workload.Kind.allCases.map(\.rawValue))
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(kinds)"
            throw Invalid(description: "fleet file, instance \(number): no workload \"\(name)\"\(help)")
        }
        return Workload(kind, until: extras["busy_for"]?.number.map { Date(clampingUnixSeconds: now.timeIntervalSince1970 + $0) })
    }

    private static func floor(_ extras: JSONValue?, number: Int) throws(Invalid) -> Double? {
        guard let given = extras?["floor"], given != .null else { return nil }
        guard let price = given.number else {
            throw Invalid(description: "fleet file, instance \(number): \"floor\" must be a number of dollars an hour")
        }
        return price
    }

    /// What a saved row was busy with, as far as one reading can tell.
    private static func guess(_ row: RowTemplate) -> Workload.Kind {
        guard row.text("actual_status") == "running" || row.text("actual_status") == nil else { return .training }
        guard let gpu = row.number("gpu_util") else { return .silent }
        if gpu >= 10 { return .training }
        return (row.number("gpu_temp") ?? 0) > 55 ? .falseZeros : .idle
    }

    private static func account(_ json: JSONValue) -> Account {
        var account = Account()
        account.id = json["id"]?.wholeNumber ?? account.id
        account.email = json["email"]?.text ?? account.email
        account.credit = json["credit"]?.number.map { min(max($0, -1e12), 1e12) } ?? account.credit
        return account
    }

    private static func add(_ json: JSONValue, to fleet: inout Fleet) throws(Invalid) {
        guard let id = json["id"]?.wholeNumber, let gpus = json["gpus"]?.wholeNumber else {
            throw Invalid(description: "fleet file: a machine needs \"id\" and \"gpus\"")
        }
        fleet.machines[id] = Machine(
            gpus: Self.count(gpus), takenByOthers: Self.count(json["taken"]?.wholeNumber ?? 0),
            takenAfter: json["taken_after"]?.number.map { Duration(clampingSeconds: $0) })
    }

    /// More GPUs than any machine has are no number to reckon with.
    private static func count(_ number: Int64) -> Int { Int(min(max(0, number), 1_000_000)) }

    private static func plan(_ json: JSONValue, number: Int) throws(Invalid) -> Fleet.Plan {
        guard let id = json["id"]?.wholeNumber, let event = json["event"]?.text.flatMap(WorldEvent.init(_:)) else {
            let name = json["event"]?.text ?? ""
            let meant = NameSuggestion.closest(to: String(name.prefix { $0 != ":" }), among: WorldEvent.words).flatMap {
                name.hasPrefix($0) ? nil : $0
            }
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(WorldEvent.names)"
            throw Invalid(description: "fleet file, event \(number): no event \"\(name)\"\(help)")
        }
        return Fleet.Plan(after: Duration(clampingSeconds: json["after"]?.number ?? 0).seconds, instance: id, event: event)
    }
}
