import FleetClock
package import VastModels
import VastJSON

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a script remembers from one run to the next: which due times its jobs have dealt with, and the fleet as it last
/// saw it.
package struct ScriptMemory: Sendable {
    /// What is kept of a row: who it is, what it does, what it costs. Never a field that can hold a secret.
    private static let keptFields = [
        "id", "label", "actual_status", "intended_status", "cur_state", "next_state", "is_bid", "status_msg", "gpu_name",
        "num_gpus", "gpu_util", "gpu_temp", "machine_id", "host_id", "start_date", "end_date", "dph_total",
        "storage_total_cost", "instance", "geolocation"
    ]
    private static let timeField = "observed_at"
    /// What earlier readings have told of the instance, without which its state is another one.
    private static let hintsField = "known_before"
    private static let hintWords: [(word: String, hint: WritableKeyPath<InstanceHints, Bool> & Sendable)] = [
        ("outbid", \.isOutbid), ("was_running", \.wasRunning), ("just_started", \.justStarted)
    ]

    /// Which due times its jobs have dealt with.
    package let jobs: JobStore
    /// The script's own small values.
    package let values: KeyValueStore
    /// Which notices it has sent.
    package let notices: KeyValueStore
    private let snapshots: SnapshotStore
    private let script: String

    /// - Parameters:
    ///   - account: whose fleet it is.
    ///   - script: what identifies the script, such as its path.
    package init(_ database: StateDatabase, account: String, script: String) {
        jobs = JobStore(database, account: account, script: script)
        values = KeyValueStore(database, account: account, script: script)
        notices = KeyValueStore(database, account: account, script: script + "#notices")
        snapshots = SnapshotStore(database, account: account)
        self.script = script
    }

    /// The fleet as the last run saw it; nil before the first, and when what was kept cannot be read any more.
    ///
    /// - Throws: ``StateError``.
    package func lastFleet() throws -> [Instance]? {
        guard let kept = try snapshots.last(of: script), let document = try? JSONDocument(parsing: kept.rows) else { return nil }
        return document.root.elements.compactMap { row in
            let time = row[Self.timeField]?.double ?? kept.takenAt
            var instance = Instance(row: row, observedAt: Date(clampingUnixSeconds: time))
            let words = row[Self.hintsField]?.elements.compactMap(\.string) ?? []
            for (word, hint) in Self.hintWords where words.contains(word) { instance?.hints[keyPath: hint] = true }
            return instance
        }
    }

    /// Keeps the fleet for the next run.
    ///
    /// - Parameter time: when it was read, in Unix seconds.
    /// - Throws: ``StateError``.
    package func keepFleet(_ instances: [Instance], at time: Double) throws {
        let rows = instances.map { JSONValue.object(Self.kept($0)) }
        guard let text = try? JSONValue.array(rows).serialized() else { return }
        try snapshots.keep(SnapshotStore.Kept(takenAt: time, rows: String(decoding: text, as: UTF8.self)), of: script)
    }

    private static func kept(_ instance: Instance) -> JSONObject {
        var row: JSONObject = [timeField: .double(instance.observedAt.timeIntervalSince1970)]
        let words = hintWords.filter { instance.hints[keyPath: $0.hint] }.map(\.word)
        if !words.isEmpty { row[hintsField] = .array(words.map { .string($0) }) }
        for field in keptFields { if let value = instance.raw(field) { row[field] = value.value } }
        return row
    }
}
