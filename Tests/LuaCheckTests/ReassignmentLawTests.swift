import FleetClock
import Foundation
import Testing

@testable import LuaCheck
@testable import VastLua

/// A test for nil is about the value that a variable has at that moment, wherever it gets another one.
@Suite struct ReassignmentLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 200)

    private static let fields = ["rate", "gpu_util", "num_gpus", "age", "gpu_temp", "dph_base"]
    private static let values = ["i:refresh()", "vast.instance(2)", "vast.instances():first()", "vast.instances()[1]"]

    /// Statements that surely, or perhaps, give the variable another value, and go on behind.
    private static func wrapped(_ assignment: String, _ dice: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<7, using: &dice) {
        case 0: "do \(assignment) end"
        case 1: "if x() then \(assignment) end"
        case 2: "if x() then print(1) else \(assignment) end"
        case 3: "for n = 1, 3 do \(assignment) end"
        case 4: "while x() do \(assignment) end"
        case 5: "repeat \(assignment) until x()"
        default: assignment
        }
    }

    @Test("what was tested before a new value is not known of it, and what is tested behind is", arguments: seeds)
    func law(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let field = try #require(Self.fields.randomElement(using: &dice))
        let value = try #require(Self.values.randomElement(using: &dice))
        var change = "i = \(value)"
        for _ in 0..<Int.random(in: 0...2, using: &dice) { change = Self.wrapped(change, &dice) }
        let use = ["print(i.\(field) < 5)", "print(i.\(field) * 2)"].randomElement(using: &dice) ?? ""
        let begins = ["if i.\(field) then", "if i.\(field) ~= nil then", "assert(i.\(field)) do"]
        let begin = try #require(begins.randomElement(using: &dice))
        let bodies = [(false, "\(change) \(use)"), (true, "\(change) if i.\(field) then \(use) end"), (true, "\(use) \(change)")]
        for (isTestedAgain, body) in bodies {
            let script = "local i, x = vast.instance(1), os.getenv \(begin) \(body) end"
            let found = VastNames(Declaration.names).misuses(in: Array(script.utf8))
            let count = found.count { $0.message.contains("'i.\(field)' can be nil") || $0.message.contains("nil cannot be") }
            #expect(count == (isTestedAgain ? 0 : 1), "\(script): \(found)")
        }
    }
}
