import FleetSafety
import LuaEngine
import VastAPI

/// The script's own signals of idleness, and when each has last shown work.
final class OwnSignals {
    private struct Key: Hashable {
        let name: String
        let id: InstanceID
    }

    private var functions: [String: LuaReference] = [:]
    private var lastBusy: [Key: Double] = [:]

    var names: [String] { functions.keys.sorted() }

    subscript(name: String) -> LuaReference? {
        get { functions[name] }
        set { functions[name] = newValue }
    }

    /// Forgets instances that are gone.
    func forget(_ ids: Set<InstanceID>) { lastBusy = lastBusy.filter { !ids.contains($0.key.id) } }

    func noteBusy(_ name: String, _ id: InstanceID, now: Double) { lastBusy[Key(name: name, id: id)] = now }

    /// When it has last shown work, in Unix seconds.
    func lastBusy(_ name: String, _ id: InstanceID) -> Double? { lastBusy[Key(name: name, id: id)] }
}
