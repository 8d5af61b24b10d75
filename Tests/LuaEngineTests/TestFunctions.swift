import LuaEngine

struct TestFailure: Error, CustomStringConvertible {
    let description: String
}

extension LuaHost {
    /// The functions that the tests' scripts use.
    func registerTestFunctions() throws {
        try setGlobal("add") {
            $0.function("add") { call in
                call.results.integer(try call.integer(1, "a") &+ call.integer(2, "b"))
                return .values
            }
        }
        try setGlobal("sleep") { $0.function("sleep") { call in call.sleep(.seconds(try call.number(1, "seconds"))) } }
        try setGlobal("work") {
            $0.function("work") { call in
                let value = try call.integer(1, "value")
                return call.wait(
                    for: { value * 2 },
                    then: { call, doubled in
                        call.results.integer(doubled)
                        return .values
                    })
            }
        }
        try setGlobal("fail") { $0.function("fail") { call in throw TestFailure(description: try call.string(1, "text")) } }
        try setGlobal("apply") {
            $0.function("apply") { call in
                try call.call(try call.function(1, "f"), arguments: { $0.view(call.argument(2)) }) { call in
                    call.returnCalleeResults()
                }
            }
        }
        try setGlobal("try") {
            $0.function("try") { call in
                try call.protectedCall(try call.function(1, "f")) { call in
                    call.results.boolean(!call.calleeFailed)
                    return call.returnCalleeResults()
                }
            }
        }
        // f(1), f(2) … f(n): what its elements were, added up; those that raise count as 1,000,000.
        try setGlobal("each") {
            $0.function("each") { call in
                func step(_ call: borrowing LuaCall, _ number: Int64, _ sum: Int64) throws -> LuaOutcome {
                    guard number <= (try call.integer(2, "n")) else {
                        call.results.integer(sum)
                        call.results.integer(Int64(call.count))
                        return .values
                    }
                    return try call.protectedCall(try call.function(1, "f"), arguments: { $0.integer(number) }) { call in
                        let value = call.calleeFailed ? 1_000_000 : call.calleeResults[0].integer ?? 0
                        return try step(call, number + 1, sum + value)
                    }
                }
                return try step(call, 1, 0)
            }
        }
        try setGlobal("echo") {
            $0.function("echo") { call in
                for position in 1...max(1, call.count) { call.results.value(try call.argument(position).value()) }
                return .values
            }
        }
        try setGlobal("row") {
            $0.function("row") { call in
                call.results.table(fields: 5) {
                    let writer = call.results
                    writer.field("id") { writer.integer(12) }
                    writer.field("label") { writer.string(String(repeating: "x", count: call.count == 0 ? 3 : 600)) }
                    writer.field("rate") { writer.number(0.25) }
                    writer.field("on") { writer.boolean(true) }
                    writer.field("list") {
                        writer.table(array: 2) {
                            writer.element(1) { writer.string("a") }
                            writer.element(2) { writer.nil() }
                            writer.element(3) { writer.integer(3) }
                        }
                    }
                }
                return .values
            }
        }
        try registerTasks()
    }

    private func registerTasks() throws {
        let type = LuaType<LuaTask>("task")
        try register(type)
        try setGlobal("join") {
            $0.function("join") { call in
                let task = try call.object(1, "task", type)
                return call.join(task) { call in try call.returnResults(of: task) }
            }
        }
        try setGlobal("cancel") {
            $0.function("cancel") { call in
                call.host.cancel(try call.object(1, "task", type))
                return .values
            }
        }
        try setGlobal("spawn") {
            $0.function("spawn") { call in
                let task = try call.spawn(try call.function(1, "f")) { writer in
                    for position in 2..<max(2, call.count + 1) { writer.view(call.argument(position)) }
                }
                call.results.object(task, as: type)
                return .values
            }
        }
    }
}
