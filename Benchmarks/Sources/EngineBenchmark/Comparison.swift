import CReference
import LuaEngine

/// The same work as scripts of the engine and of plain Lua with CReference; both return processor seconds.
struct Comparison {
    let name: String
    let count: Int
    let ours: String
    let reference: String

    init(_ name: String, count: Int, ours: String, reference: String? = nil) {
        self.name = name
        self.count = count
        self.ours = ours
        self.reference = reference ?? ours
    }

    /// Runs both, alternating, and prints `NAME OURS REFERENCE`: nanoseconds per unit of work, of the nine pairs that with
    /// the median ratio: two runs in a row find the machine in the same mood.
    func run(_ host: LuaHost) throws {
        var pairs: [(ours: Double, reference: Double)] = []
        for _ in 0..<9 {
            let reference = reference_run(reference)
            guard case .number(let seconds)? = try host.run(ours).first else { continue }
            pairs.append((seconds, reference))
        }
        pairs.sort { $0.ours / $0.reference < $1.ours / $1.reference }
        let scale = 1e9 / Double(count)
        let median = pairs[pairs.count / 2]
        print(name, median.ours * scale, median.reference * scale)
    }

    /// A loop over `body`.
    static func loop(_ count: Int, _ body: String) -> String {
        "local add, row = add, row local t = os.clock() for i = 1, \(count) do \(body) end return os.clock() - t"
    }
}
