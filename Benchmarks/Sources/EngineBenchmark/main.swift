import CReference
import FleetClock
import LuaEngine

// Runs the same scripts in plain C Lua and in the engine, alternating, and prints nanoseconds per call, medians of
// nine, as lines `NAME OURS REFERENCE`. With an argument, `binding` or `table`, only that one: for a profiler.

/// The engine with the same functions as CReference.
func makeHost() throws -> LuaHost {
    let host = try LuaHost(clock: SystemClock())
    try host.setGlobal("add") { $0.function("add") { call in
        call.results.integer(try call.integer(1, "a") &+ call.integer(2, "b"))
        return .values
    } }
    try host.setGlobal("row") { $0.function("row") { call in
        writeRow(call.results)
        return .values
    } }
    return host
}

/// The processor time of a loop over `body`, in seconds.
func source(_ body: String, count: Int) -> String {
    "local add, row = add, row local t = os.clock() for i = 1, \(count) do \(body) end return os.clock() - t"
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func compare(_ host: LuaHost, _ name: String, count: Int, _ body: String) throws {
    guard CommandLine.arguments.dropFirst().allSatisfy({ $0 == name }) else { return }
    let text = source(body, count: count)
    var ours: [Double] = []
    var reference: [Double] = []
    for _ in 0..<9 {
        reference.append(reference_run(text))
        guard case .number(let seconds)? = try host.run(text).first else { continue }
        ours.append(seconds)
    }
    let scale = 1e9 / Double(count)
    print(name, median(ours) * scale, median(reference) * scale)
}

let host = try makeHost()
try compare(host, "binding", count: 2_000_000, "add(i, i)")
try compare(host, "table", count: 200_000, "row()")
host.close()
