import FleetStore
import VastJSON

/// The small values of a script that last between its runs; where there is no state, and in a dry run, they last as long
/// as the run.
final class ValueStore {
    /// How large a value may be as JSON text, in bytes.
    static let limit = 65_536

    private let kept: KeyValueStore?
    private var isPlanning: Bool
    /// What was written so before a plan began.
    private var writtenBefore: [String: String?] = [:]
    /// What was written in this run and not to disk; nil: deleted.
    private var written: [String: String?] = [:]

    init(_ kept: KeyValueStore?, isPlanning: Bool) {
        self.kept = kept
        self.isPlanning = isPlanning
    }

    /// From now on values are only kept for a plan; what was kept for one is forgotten at its end.
    func setPlanning(_ isPlanning: Bool) {
        if isPlanning { writtenBefore = written } else { written = writtenBefore }
        self.isPlanning = isPlanning
    }

    /// The JSON text of a value; nil when there is none.
    ///
    /// - Throws: `StateError`, as all methods here.
    func get(_ key: String) throws -> String? {
        if let own = written[key] { return own }
        return try kept?.get(key)
    }

    /// - Parameter text: nil deletes it.
    func set(_ key: String, _ text: String?) throws {
        guard let kept, !isPlanning else { return written[key] = .some(text) }
        if let text { try kept.set(key, text) } else { try kept.delete(key) }
    }

    /// In ascending order of their bytes.
    func keys() throws -> [String] {
        var keys = Set(try kept?.keys() ?? [])
        for (key, text) in written { if text == nil { keys.remove(key) } else { keys.insert(key) } }
        return keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
