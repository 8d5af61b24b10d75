import FleetClock
import LuaEngine
import Logging
import VastAPI

/// One part of `vast`, such as `vast.store`: an object with its own state. The ``Runtime`` makes it, owns it, and both
/// live until the state is closed: no function of Lua and no task runs after that.
package class RuntimeModule: BindingOwner {
    unowned let runtime: Runtime

    init(_ runtime: Runtime) { self.runtime = runtime }

    var host: LuaHost { runtime.host }
    var clock: any FleetClock { runtime.host.clock }
    var logger: Logger { runtime.logger }
    /// Unix seconds.
    var now: Double { runtime.now }
    /// Whether changes are only planned.
    var isPlanning: Bool { runtime.isPlanning }
    /// Whether nothing is to be done outside of the fleet: no program, no notice.
    var leavesOutsideAlone: Bool { isPlanning || runtime.options.isReplayed }
}

/// What has functions that Lua keeps.
protocol BindingOwner: AnyObject {}

extension BindingOwner {
    /// A function for Lua that does not keep its owner alive. It raises when the owner is gone.
    func bound(_ body: @escaping (Self, borrowing LuaCall) throws -> LuaOutcome) -> LuaBinding {
        { [weak self] call in
            guard let self else { throw LuaError.closed }
            return try body(self, call)
        }
    }

    /// The metamethod that makes a text of an object.
    func shown(_ text: @escaping (Self, borrowing LuaCall) throws -> String) -> (name: String, body: LuaBinding) {
        (
            "__tostring",
            bound { owner, call in
                call.results.string(try text(owner, call))
                return .values
            }
        )
    }
}
