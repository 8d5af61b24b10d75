import LuaEngine

// Runs the same work in plain C Lua and in the engine, and prints lines `NAME OURS REFERENCE`; see Comparison and
// TaskMemory. The arguments say which of `binding`, `table`, `switch` and `tasks`; the first two without one.

let switches = 1_000_000
let comparisons = [
    Comparison("binding", count: 2_000_000, ours: Comparison.loop(2_000_000, "add(i, i)")),
    Comparison("table", count: 200_000, ours: Comparison.loop(200_000, "row()")),
    // Two tasks that yield to each other, against a coroutine that yields to its caller.
    Comparison(
        "switch", count: switches,
        ours: """
            local sleep, t = sleep, os.clock()
            spawn(function() for i = 1, \(switches / 2) do sleep(0) end end)
            for i = 1, \(switches / 2) do sleep(0) end
            return os.clock() - t
            """,
        reference: """
            local resume, yield = coroutine.resume, coroutine.yield
            local co = coroutine.create(function() while true do yield() end end)
            local t = os.clock()
            for i = 1, \(switches) do resume(co) end
            return os.clock() - t
            """)
]

let arguments = Array(CommandLine.arguments.dropFirst())
let names = arguments.isEmpty ? ["binding", "table"] : arguments
let host = try makeHost()
for comparison in comparisons where names.contains(comparison.name) { try comparison.run(host) }
host.close()
if names.contains("tasks") { try TaskMemory().run() }
