import FleetRules
import FleetWorld
import VastAPI

/// What the requests of a run have really done at the service, as changes of verbs.
struct Carried {
    struct Entry: Hashable {
        let verb: VastAPI.Change.Verb?
        let id: InstanceID
    }

    struct Change {
        let entry: Entry
        let exchange: Int
        /// What it set, or its exchange: what tells calls apart that set something else.
        let call: String
    }

    /// Each change that was carried out, with the exchange that did it; starts that were queued and their withdrawals are
    /// not in it.
    private(set) var changes: [Change] = []
    /// Instances that an exchange has changed without naming them.
    private(set) var unnamed: [String] = []

    init(_ changes: [WorldChange], _ world: TestWorld) {
        let records = world.transport.records
        var seen: Set<[Int64]> = []
        for change in changes where seen.insert([Int64(change.exchange), change.instance]).inserted {
            guard let asked = records[change.exchange - 1].change else { continue }
            let id = InstanceID(change.instance)
            if !asked.instances.contains(id), asked.verb != .other { unnamed.append("\(change) by \(asked)") }
            let all = changes.filter { $0.exchange == change.exchange && $0.instance == change.instance }
            let isQueue = all.contains { $0.what.hasPrefix("queued") }
            guard !isQueue else { continue }
            let call = "\(id) \(asked.payload?.text ?? "#\(change.exchange)")"
            self.changes.append(Change(entry: Entry(verb: asked.verb, id: id), exchange: change.exchange, call: call))
        }
    }

    /// How many of each there were.
    var counts: [Entry: Int] { changes.reduce(into: [:]) { $0[$1.entry, default: 0] += 1 } }

    func count(_ verb: VastAPI.Change.Verb) -> Int { changes.count { $0.entry.verb == verb } }

    /// The instances that were interrupted.
    var interrupted: Set<InstanceID> { Set(changes.filter { $0.entry.verb?.mayInterrupt ?? true }.map(\.entry.id)) }

    static func counts(_ entries: [GuardEntry]) -> [Entry: Int] {
        entries.reduce(into: [:]) { $0[Entry(verb: $1.verb, id: $1.id), default: 0] += 1 }
    }

    /// The entries of which a usage has fewer than were carried out.
    func missing(in usage: [GuardEntry]) -> [String] {
        let counted = Self.counts(usage)
        return counts.filter { $0.key.verb != .other && counted[$0.key, default: 0] < $0.value }
            .map { "\($0.key.verb?.rawValue ?? "?") \($0.key.id): \($0.value) carried out, \(counted[$0.key, default: 0]) counted" }
            .sorted()
    }
}
