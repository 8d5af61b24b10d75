import VastJSON

/// What a list can use again: the ids of the last selection while no instance has changed, and rows as text while
/// neither the row nor the reporting interval has.
struct PageCache: Sendable {
    struct Selection: Sendable {
        let key: String
        let revision: UInt64
        let ids: [Int64]
        let labelCounts: JSONValue
    }

    var selection: Selection?
    private var rows: [Int64: (revision: UInt64, step: Int64, bytes: [UInt8])] = [:]

    /// The whole row as JSON text.
    mutating func row(_ instance: SimulatedInstance, in world: World, staleUtilisation: Bool) -> [UInt8] {
        if let kept = rows[instance.id], kept.revision == instance.revision, kept.step == world.step { return kept.bytes }
        let bytes = world.row(instance, columns: nil, staleUtilisation: staleUtilisation)
        rows[instance.id] = (instance.revision, world.step, bytes)
        if rows.count > 2 * world.ids.count + 100 { rows = rows.filter { world.instances[$0.key] != nil } }
        return bytes
    }
}

extension World {
    /// A row as JSON text.
    ///
    /// - Parameters:
    ///   - columns: the names wanted, of which unknown ones are null; nil for all.
    ///   - left: a name to leave out.
    func row(
        _ instance: SimulatedInstance, columns: [String]?, without left: String? = nil, staleUtilisation: Bool = false
    ) -> [UInt8] {
        let reading = reading(of: instance, stale: staleUtilisation)
        var writer = JSONWriter(capacity: columns == nil ? 3072 : 256)
        writer.beginObject()
        if let columns {
            for name in columns {
                writer.name(name)
                Self.write(value(of: name, of: instance, reading: reading), to: &writer)
            }
        } else {
            let shape = instance.row.shape
            for position in shape.names.indices where shape.names[position] != left {
                writer.name(shape.names[position])
                let live = shape.live[position].map { self.value(of: $0, of: instance, reading: reading) }
                Self.write(live ?? instance.row.values[position], to: &writer)
            }
        }
        writer.endObject()
        return writer.bytes
    }

    /// One member of a row; null when rows have none of that name.
    func value(of name: String, of instance: SimulatedInstance, reading: Reading?) -> JSONValue {
        if let field = LiveField(rawValue: name) { return value(of: field, of: instance, reading: reading) }
        return instance.row[name] ?? .null
    }

    /// What an instance reports now; nil when nothing runs.
    func reading(of instance: SimulatedInstance, stale: Bool = false) -> Reading? {
        guard instance.status.actual == "running" || stale && instance.hasBooted else { return nil }
        let noise = Noise(seed: seed, instance: instance.id)
        return instance.workload.reading(at: now, step: stale && instance.status.actual != "running" ? 0 : step, noise: noise)
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        // Numbers that are not finite cannot come out of a fleet file, nor out of the sums here.
        if (try? value.write(to: &writer)) == nil { writer.null() }
    }
}
