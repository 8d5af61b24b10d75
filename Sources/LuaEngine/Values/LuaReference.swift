internal import CLuaBridge
import Synchronization

/// Keeps one value of Lua alive: a table, a function, a coroutine, a userdata.
///
/// It may be kept and dropped anywhere; the owner of the state gives the slot back at its next safe point. Once the
/// state is closed it refers to nothing, and using it is an error, not a danger.
public final class LuaReference: Sendable {
    let slot: Int32
    /// What kind of value it is.
    public let kind: LuaKind
    let releases: LuaReleases

    init(slot: Int32, kind: LuaKind, releases: LuaReleases) {
        self.slot = slot
        self.kind = kind
        self.releases = releases
    }

    deinit {
        releases.add(slot)
    }
}

/// The slots that were given up and not yet returned to Lua.
final class LuaReleases: Sendable {
    private struct State {
        var slots: [Int32] = []
        var live = 0
    }

    private let state = Mutex(State())
    /// Whether it is worth taking the mutex.
    private let hasSlots = Atomic(false)

    /// References that exist; for leak checks.
    var liveCount: Int { state.withLock { $0.live } }

    func created() {
        state.withLock { $0.live += 1 }
    }

    func add(_ slot: Int32) {
        state.withLock {
            $0.live -= 1
            $0.slots.append(slot)
            hasSlots.store(true, ordering: .releasing)
        }
    }

    func take() -> [Int32] {
        guard hasSlots.load(ordering: .acquiring) else { return [] }
        return state.withLock { state in
            hasSlots.store(false, ordering: .relaxed)
            if state.slots.isEmpty { return [] }
            defer { state.slots.removeAll(keepingCapacity: true) }
            return state.slots
        }
    }
}
