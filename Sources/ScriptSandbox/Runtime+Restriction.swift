package import VastLua
import LuaEngine

extension Runtime {
    /// What of `vast` a script from somebody else does not get.
    package static let withheld = ["env", "http", "exec", "store", "request", "notify"]

    /// Takes away from the state what a script from somebody else may not use; before any of it runs.
    ///
    /// - Parameter modules: finds the modules beside the script.
    /// - Throws: `LuaError` of kind `memory`.
    package func restrict(modules: ModuleFolder?) throws {
        try host.restrict(
            LuaRestriction(
                globals: ["vast", "arg"], absent: ["vast": Self.withheld], module: modules.map { folder in { try folder.find($0) } }))
    }
}

extension Runtime {
    /// Whether changes failed and nobody dealt with it; those that are only unconfirmed do not count.
    package var hasOpenFailures: Bool { ledger.hasOpenFailures }
}
