import FleetClock
import Foundation
import LuaEngine
import Testing

/// Our counted matcher of patterns beside Lua's own.
@Suite("Fuzzed patterns", .serialized) struct PatternFuzzTests {
    private static let prelude = """
        local function shown(...)
            local parts = table.pack(...)
            for i = 1, parts.n do
                local part = parts[i]
                parts[i] = type(part) == 'string' and table.concat({'s', part:byte(1, -1)}, ' ') or tostring(part)
            end
            return table.concat(parts, ', ', 1, parts.n)
        end
        function everything(subject, pattern, replacement, start)
            local lines = {
                shown(pcall(string.find, subject, pattern, start)), shown(pcall(string.match, subject, pattern, start)),
                shown(pcall(string.gsub, subject, pattern, replacement)), shown(pcall(string.gsub, subject, pattern, {a = 'A'}, 2)),
                shown(pcall(string.gsub, subject, pattern, function(a, b) return b or a end)),
                shown(pcall(string.find, subject, pattern, start, true))
            }
            local isRead, text = pcall(function()
                local found = {}
                for a, b in string.gmatch(subject, pattern) do found[#found + 1] = shown(a, b) end
                return table.concat(found, '; ')
            end)
            lines[#lines + 1] = text
            return table.concat(lines, '\\n')
        end
        """

    @Test("results and errors of find, match, gmatch and gsub are those of Lua, whatever the pattern")
    func patterns() async throws {
        let (stock, ours) = (try LuaHost(clock: SystemClock()), try LuaHost(clock: SystemClock()))
        defer {
            stock.close()
            ours.close()
        }
        try ours.installInterruptiblePatterns()
        for host in [stock, ours] { _ = try host.run(Self.prelude, name: "=prelude") }
        let fuzzer = Fuzzer(
            "patterns", count: 2_500,
            tokens: [
                "%", "%a", "%d+", "%w*", "%s-", "(", ")", "()", "(.-)", "[", "]", "[^", "[%a_]", "[a-z]", "[]]", "^", "$", ".", "*", "?",
                "%b()", "%bxx",
                "%f[%w]", "%f", "%1", "%2", "%0", "a", "b", "ab", "\n", "\0", "%%", "-"
            ])
        try await fuzzer.run(longest: 60) { bytes in
            let parts = bytes.split(separator: 10, maxSplits: 2, omittingEmptySubsequences: false).map { Array($0.prefix(24)) }
            let (pattern, subject) = (parts[0], Array((parts.count > 1 ? parts[1] : [97, 98, 97]).prefix(14)))
            // Lua's own takes time that is exponential in these.
            guard pattern.filter({ "*+-".utf8.contains($0) }).count <= 5 else { return nil }
            let call =
                "return everything(\(Self.quoted(subject)), \(Self.quoted(pattern)), "
                + "\(Self.quoted(parts.count > 2 ? parts[2] : Array("<%0>".utf8))), \(subject.count % 4 - 1))"
            let (expected, found) = (try stock.run(call, name: "=call"), try ours.run(call, name: "=call"))
            return expected == found ? nil : "Lua: \(expected)\n  ours: \(found)"
        }
    }

    private static func quoted(_ bytes: [UInt8]) -> String { "'" + bytes.map { "\\" + String(1_000 + Int($0)).dropFirst() }.joined() + "'" }
}
