import FleetClock
import VastAPI
import VastJSON

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Instance {
    /// Writes the row without its secret fields, as it is shown.
    func writeRow(to writer: inout JSONWriter) throws {
        writer.beginObject()
        for (name, value) in row.members where !Self.secretFields.contains(name) {
            writer.name(name)
            try (overlay?[name] ?? value).visit(&writer)
        }
        for (name, value) in overlay?.members.map({ ($0.name, $0.value) }) ?? [] where row[name] == nil && !Self.secretFields.contains(name)
        {
            writer.name(name)
            try value.visit(&writer)
        }
        writer.endObject()
    }
}

extension FleetSnapshot {
    func write(to frame: inout ChannelFrame) throws {
        frame.put("observed_at", observedAt.timeIntervalSince1970)
        frame.put("total", total.map(Int64.init))
        frame.put("is_complete", isComplete)
        frame.put("is_filtered", isFiltered)
        frame.array("unreadable", unreadable) { $0.string($1) }
        frame.object("labels") { frame in for (label, count) in labelCounts { frame.put(label, Int64(count)) } }
        frame.array("outbid", instances.filter(\.hints.isOutbid)) { $0.integer($1.id.rawValue) }
        try frame.array("rows", instances) { writer, instance in try instance.writeRow(to: &writer) }
    }

    init(channel json: JSON) throws(ChannelError) {
        let observedAt = Date(clampingUnixSeconds: try json.required("observed_at") { $0.double })
        let outbid = Set(try json.optional("outbid") { $0.list(most: .max) { $0.instanceID } } ?? [])
        let rows = try json.required("rows") { list in
            list.list(most: .max) { row in
                Instance(row: row, observedAt: observedAt).map { instance in
                    var copy = instance
                    copy.hints.isOutbid = outbid.contains(instance.id)
                    return copy
                }
            }
        }
        var labels: [String: Int] = [:]
        for (label, count) in json["labels"]?.members.map({ ($0.name, $0.value) }) ?? [] {
            labels[label] = count.int64.map(Int.init(clamping:))
        }
        self.init(
            instances: rows, observedAt: observedAt, total: try json.optional("total") { $0.int64 }.map(Int.init(clamping:)),
            labelCounts: labels, isComplete: try json.required("is_complete") { $0.bool },
            isFiltered: try json.required("is_filtered") { $0.bool })
        unreadable = try json.optional("unreadable") { $0.list { $0.string } } ?? []
    }
}

extension ListQuery {
    func write(to frame: inout ChannelFrame) throws { try frame.put("filters", .object(filters)) }

    /// What a script may filter by: lists of ids and of GPU names, as the bindings ask for.
    init(channel json: JSON) throws(ChannelError) {
        self.init()
        guard let given = json["filters"], given.kind == .object else { throw .malformed("'filters' is missing or of the wrong kind") }
        for (column, condition) in given.members {
            let wanted = condition["in"]
            let isKnown =
                switch column {
                case "id": wanted?.list(most: 300, { $0.instanceID }) != nil
                case "gpu_name": wanted?.list(most: 300, { $0.string }) != nil
                default: false
                }
            guard isKnown, condition.count == 1 else { throw .malformed("a filter by '\(column.prefix(40))' is none of the bindings'") }
            filters[column] = condition.value
        }
    }
}
