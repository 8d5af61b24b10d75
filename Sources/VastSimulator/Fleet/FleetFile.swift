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
        let isOurs = root[FleetFilePart.fleet] != nil
        if isOurs { try FleetFileCheck.check(root) } else { try FleetFileCheck.checkForeign(root) }
        guard let rows = (root.elements ?? root[FleetFilePart.instances]?.elements) else {
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
        if let account = root[FleetFilePart.account] { fleet.account = Self.account(account) }
        for machine in root[FleetFilePart.machines]?.elements ?? [] { Self.add(machine, to: &fleet) }
        for (number, event) in (root[FleetFilePart.events]?.elements ?? []).enumerated() {
            fleet.events.append(try Self.plan(event, number: number + 1))
        }
        return fleet
    }

    private mutating func instance(_ row: JSONValue, number: Int, complete: Bool) throws(Invalid) -> SimulatedInstance {
        guard case .object(var members) = row, let id = members[FleetFileRow.id]?.wholeNumber else {
            throw Invalid(description: "fleet file, instance \(number): an object with a whole number \"id\" is wanted")
        }
        members[FleetFileRow.id] = .integer(id)
        members["extra_env"] = members["extra_env"].map(Self.pairs)
        let extras = complete ? members[FleetFileRow.simulator] : nil
        if complete {
            members[FleetFileRow.simulator] = nil
            members = completed(members, id: id)
        }
        let names = members.map(\.name)
        let shape = shapes[names] ?? RowShape(names)
        shapes[names] = shape
        let template = RowTemplate(shape: shape, values: members.map(\.value))
        let workload = try workload(extras, template, number: number)
        let floor = extras?[FleetFileExtra.floor]?.number
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
        var specification = InstanceSpecification(id: id, label: given[FleetFileRow.label]?.text)
        specification.gpu = given[FleetFileRow.gpuName]?.text ?? specification.gpu
        specification.gpus = given[FleetFileRow.gpus]?.wholeNumber.map { Int($0) } ?? specification.gpus
        specification.isBid = given[FleetFileRow.isBid]?.truth ?? false
        specification.machine = given[FleetFileRow.machine]?.wholeNumber
        // What the row says is passed on as it is; a size that is none, such as -1 for "not measured", is no measure for the rest.
        specification.disk = given[FleetFileRow.disk]?.number.flatMap { (0...1e9).contains($0) ? $0 : nil } ?? specification.disk
        var all = JSONObject(specification.row(at: now, noise: Noise(seed: seed, instance: id)))
        let isStopped = given[FleetFileRow.intended]?.text == "stopped" || given[FleetFileRow.current]?.text == "stopped"
        all[FleetFileRow.actual] = isStopped ? "exited" : "running"
        all[FleetFileRow.message] = .string("success, running \(InstanceSpecification.image)/ssh")
        for (name, value) in given { all[name] = value }
        return all
    }

    private func status(of row: RowTemplate) -> Status {
        // Without the column, as with select_cols, an instance counts as on.
        let actual = row.shape.position(of: FleetFileRow.actual.rawValue) == nil ? "running" : row.text(FleetFileRow.actual.rawValue)
        let isOn = actual.map { !["exited", "stopped", "created"].contains($0) } ?? true
        let current = row.text(FleetFileRow.current.rawValue) ?? row.text(FleetFileRow.intended.rawValue) ?? (isOn ? "running" : "stopped")
        return Status(
            actual: actual, intended: row.text(FleetFileRow.intended.rawValue) ?? current, current: current,
            next: row.text(FleetFileRow.next.rawValue) ?? row.text(FleetFileRow.intended.rawValue) ?? current,
            message: row.text(FleetFileRow.message.rawValue))
    }

    private func workload(_ extras: JSONValue?, _ row: RowTemplate, number: Int) throws(Invalid) -> Workload {
        guard let extras else { return Workload(Self.guess(row)) }
        let name = extras[FleetFileExtra.workload]?.text ?? Workload.Kind.training.rawValue
        guard let kind = Workload.Kind(rawValue: name) else {
            let kinds = Workload.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            let meant = NameSuggestion.closest(to: name, among: Workload.Kind.allCases.map(\.rawValue))
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(kinds)"
            throw Invalid(description: "fleet file, instance \(number): no workload \(FleetFileCheck.shown(.string(name)))\(help)")
        }
        let length = extras[FleetFileExtra.busyFor]?.number
        return Workload(kind, until: length.map { Date(clampingUnixSeconds: now.timeIntervalSince1970 + $0) })
    }

    /// What a saved row was busy with, as far as one reading can tell.
    private static func guess(_ row: RowTemplate) -> Workload.Kind {
        guard row.text(FleetFileRow.actual.rawValue) == "running" || row.text(FleetFileRow.actual.rawValue) == nil else { return .training }
        guard let gpu = row.number(FleetFileRow.utilization.rawValue) else { return .silent }
        if gpu >= 10 { return .training }
        return (row.number(FleetFileRow.temperature.rawValue) ?? 0) > 55 ? .falseZeros : .idle
    }

    private static func account(_ json: JSONValue) -> Account {
        var account = Account()
        account.id = json[FleetFileAccount.id]?.wholeNumber ?? account.id
        account.email = json[FleetFileAccount.email]?.text ?? account.email
        account.credit = json[FleetFileAccount.credit]?.number ?? account.credit
        return account
    }

    private static func add(_ json: JSONValue, to fleet: inout Fleet) {
        guard let id = json[FleetFileMachine.id]?.wholeNumber, let gpus = json[FleetFileMachine.gpus]?.wholeNumber else { return }
        fleet.machines[id] = Machine(
            gpus: Int(gpus), takenByOthers: Int(json[FleetFileMachine.taken]?.wholeNumber ?? 0),
            takenAfter: json[FleetFileMachine.takenAfter]?.number.map { Duration(clampingSeconds: $0) })
    }

    private static func plan(_ json: JSONValue, number: Int) throws(Invalid) -> Fleet.Plan {
        guard let id = json[FleetFileEvent.id]?.wholeNumber, let event = json[FleetFileEvent.event]?.text.flatMap(WorldEvent.init(_:))
        else {
            let name = json[FleetFileEvent.event]?.text ?? ""
            let meant = NameSuggestion.closest(to: String(name.prefix { $0 != ":" }), among: WorldEvent.words).flatMap {
                name.hasPrefix($0) ? nil : $0
            }
            let help = meant.map { ", did you mean '\($0)'?" } ?? "; there are \(WorldEvent.names)"
            throw Invalid(description: "fleet file, event \(number): no event \(FleetFileCheck.shown(.string(name)))\(help)")
        }
        return Fleet.Plan(after: Duration(clampingSeconds: json[FleetFileEvent.after]?.number ?? 0).seconds, instance: id, event: event)
    }
}
