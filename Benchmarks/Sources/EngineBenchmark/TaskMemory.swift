import Glibc
import LuaEngine

/// 10,000 tasks that each sleep, and then wait for the answer of one call, all at the same time.
struct TaskMemory {
    static let count = 10_000

    /// Prints `tasks BYTES LIMIT`: by how much the process grew at most, for each task, Lua's and everybody else's memory.
    func run() throws {
        let host = try makeHost()
        defer { host.close() }
        try host.run("tasks = {} for i = 1, \(Self.count) do tasks[i] = false end")
        host.collectGarbage()
        let before = Self.memory("VmRSS:")
        try host.run(
            """
            sum = 0
            local function work(i) sleep(0.5) local n = fetch(i) sum = sum + n end
            for i = 1, \(Self.count) do tasks[i] = spawn(work, i) end
            """)
        try host.runUntilIdle()
        let values = try host.run("return sum")
        precondition(values == [.integer(Int64(Self.count * (Self.count + 1) / 2))], "a call got lost")
        print("tasks", Double(Self.memory("VmHWM:") - before) / Double(Self.count), 3 * 1024)
    }

    /// A figure of this process in bytes.
    private static func memory(_ name: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split { $0.isWhitespace }
            if words.first.map(String.init) == name, words.count > 1 { return (Int(words[1]) ?? 0) * 1024 }
        }
        return 0
    }
}
