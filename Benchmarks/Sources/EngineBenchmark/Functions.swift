import FleetClock
import LuaEngine

/// The engine with the same functions as CReference, and those that wait.
func makeHost() throws -> LuaHost {
    let clock = SystemClock()
    let host = try LuaHost(clock: clock)
    try host.setGlobal("add") {
        $0.function("add") { call in
            call.results.integer(try call.integer(1, "a") &+ call.integer(2, "b"))
            return .values
        }
    }
    try host.setGlobal("row") {
        $0.function("row") { call in
            writeRow(call.results)
            return .values
        }
    }
    try host.setGlobal("sleep") { $0.function("sleep") { call in call.sleep(.seconds(try call.number(1, "seconds"))) } }
    // A call that waits 50 ms for its answer, elsewhere.
    try host.setGlobal("fetch") {
        $0.function("fetch") { call in
            let value = try call.integer(1, "value")
            return call.wait(
                for: {
                    try await clock.sleep(for: .milliseconds(50))
                    return value
                },
                then: { call, value in
                    call.results.integer(value)
                    return .values
                })
        }
    }
    let tasks = LuaType<LuaTask>("task")
    try host.register(tasks)
    try host.setGlobal("spawn") {
        $0.function("spawn") { call in
            let task = try call.spawn(try call.function(1, "f")) { $0.view(call.argument(2)) }
            call.results.object(task, as: tasks)
            return .values
        }
    }
    return host
}
