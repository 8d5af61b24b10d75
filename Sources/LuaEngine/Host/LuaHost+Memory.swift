internal import CLuaBridge

/// What a state holds.
public struct LuaMemory: Sendable, Equatable {
    /// Bytes that Lua holds now, and at most held.
    public var used: Int
    /// The most bytes that Lua has held at one time.
    public var peak: Int
    /// Live blocks of Lua, and of the bridge.
    public var blocks: Int
    /// Live blocks of the bridge between Lua and Swift.
    public var bridgeBlocks: Int
    /// References of Swift to values of Lua.
    public var references: Int
    /// Allocations asked for since the beginning.
    public var allocations: UInt64
}

extension LuaHost {
    /// What the state holds now.
    public var memory: LuaMemory {
        let raw = vl_host_memory(handle)
        return LuaMemory(
            used: raw.used, peak: raw.peak, blocks: raw.blocks, bridgeBlocks: raw.host_blocks,
            references: releases.liveCount, allocations: raw.allocations)
    }

    /// The most that Lua may hold, in bytes.
    public var memoryLimit: Int {
        get { Int(clamping: vl_host_memory(handle).limit) }
        set { vl_host_set_limit(handle, newValue) }
    }

    /// Collects all garbage of Lua, and gives back the Swift objects it held.
    public func collectGarbage() {
        guard !isClosed else { return }
        vl_collect(handle)
        if scheduler.depth == 0 { drain() }
    }

    // MARK: faults, for tests

    /// The nth allocation from now fails (Lua's or the bridge's), with `onwards` all later ones too; zero ends that.
    ///
    /// - Returns: whether the one set before was reached.
    @discardableResult
    package func failAllocation(_ nth: UInt64, onwards: Bool = false) -> Bool {
        vl_host_fail_allocation(handle, nth, onwards)
    }

    /// A full collection at every allocation.
    package func stressCollector(_ isOn: Bool) { vl_host_stress(handle, isOn) }
}
