import Foundation
import Testing

@Suite("Documentation comments") struct DocCommentTests {
    /// All declarations of the sources.
    private static func sources() throws -> [SourceDeclaration] {
        var declarations: [SourceDeclaration] = []
        for file in Set(SourceTree.folders().values.joined()).sorted() {
            let text = try String(contentsOf: SourceTree.root.appendingPathComponent("Sources/\(file)"), encoding: .utf8)
            declarations += SourceScanner.declarations(in: text, file: "Sources/\(file)")
        }
        return declarations
    }

    @Test("every public and package declaration has one, and none of them only repeats the name")
    func all() throws {
        let declarations = try Self.sources()
        #expect(declarations.count { $0.isVisible } > 2_000)
        let check = DocumentationCheck(declarations)
        for lacking in check.undocumented {
            Issue.record("\(lacking.file):\(lacking.line): \(lacking.keyword) \(lacking.name) has no comment directly above it")
        }
        for empty in check.repetitions { Issue.record("\(empty.file):\(empty.line): the comment of \(empty.name) only repeats the name") }
    }

    @Test("the parameters that a comment describes are those of its declaration")
    func parameters() throws {
        for (declaration, parameter) in DocumentationCheck(try Self.sources()).strangers {
            Issue.record("\(declaration.file):\(declaration.line): \(declaration.name) has no parameter '\(parameter)'")
        }
    }

    /// The names of what lacks a comment in a text.
    private func lacking(_ text: String) -> [String] {
        DocumentationCheck(SourceScanner.declarations(in: text)).undocumented.map(\.name)
    }

    @Test(
        "a comment counts only directly above the declaration and its attributes",
        arguments: [
            ("/// Seconds.\npackage var age: Int", true),
            ("/// Seconds.\n@MainActor\npackage var age: Int", true),
            ("/// Seconds.\n@available(macOS 15, *)\n@inlinable public func age() -> Int { 1 }", true),
            ("/// Seconds.\n\npackage var age: Int", false),
            ("/// Seconds.\n// Why.\npackage var age: Int", false),
            ("package var age: Int  /// Seconds.", false),
            ("package var age: Int\n/// Seconds.", false),
            ("package var age: Int {\n    /// Seconds.\n    1\n}", false),
            ("// Seconds.\npackage var age: Int", false),
            ("///\npackage var age: Int", false),
            ("/// ---\npackage var age: Int", false),
            ("//// Seconds.\npackage var age: Int", false),
            ("let text = \"\"\"\n    /// Seconds.\n    \"\"\"\npackage var age: Int", false),
            ("/// Seconds.\npackage var age: Int\npackage var size: Int", false)
        ])
    func place(_ text: String, isDocumented: Bool) {
        #expect(lacking(text).isEmpty == isDocumented, "\(text)")
    }

    @Test(
        "whoever can be seen from other targets needs one, wherever the word stands",
        arguments: [
            "public let a = 1", "package static func b(of c: Int) {}", "static public var d: Int { 1 }", "open class E {}",
            "@inlinable public func f() {}", "package private(set) var g = 1", "private(set) public var h = 1",
            "public nonisolated(unsafe) static let i = 1", "indirect public enum J {}", "public init?(k: Int) {}",
            "public subscript(l: Int) -> Int { 1 }", "package typealias M = Int", "public actor N {}", "package protocol O {}",
            "/// Is said.\npackage protocol P {\n    var q: Int { get }\n}", "package extension Int {\n    var r: Int { 1 }\n}",
            "package func s(\n    t: Int\n) {}", "package class func u() {}"
        ])
    func visible(_ text: String) {
        #expect(lacking(text).count == 1, "\(text)")
    }

    @Test(
        "what cannot be seen, or declares nothing, needs none",
        arguments: [
            "let a = 1", "private func b() {}", "package import FleetClock", "package extension Int {}", "fileprivate(set) var c = 1",
            "let text = \"\"\"\n    package var d: Int\n    \"\"\"", "// package var e: Int",
            "private protocol F {\n    var g: Int { get }\n}",
            "let h = package.name", "package extension Int {\n    private var i: Int { 1 }\n}"
        ])
    func hidden(_ text: String) {
        #expect(lacking(text).isEmpty, "\(text)")
    }

    @Test("a witness needs none where the requirement has one, in the sources or in Swift's library, and only there")
    func witnesses() {
        let requirement = "/// Is told.\npackage protocol Teller {\n    /// Tells.\n    func tell(_ text: String, to name: String)\n"
        let bare = "    func ask()\n}\n"
        let witness = "    package func tell(_ text: String, to name: String) {}\n"
        #expect(lacking(requirement + "}\nstruct A: Sendable, Teller {\n\(witness)}") == [])
        #expect(lacking(requirement + "}\nstruct A {}\nextension A: Teller {\n\(witness)}") == [])
        #expect(lacking(requirement + "}\nextension Teller {\n\(witness)}") == [])
        #expect(lacking(requirement + "}\nprotocol Crier: Teller {}\nstruct A: Crier {\n\(witness)}") == [])
        #expect(lacking(requirement + "}\nstruct A {\n\(witness)}") == ["tell(_:to:)"])
        #expect(lacking(requirement + "}\nstruct A: Teller {\n    package func tell(_ text: String) {}\n}") == ["tell(_:)"])
        #expect(lacking(requirement + bare + "struct A: Teller {\n    package func ask() {}\n}") == ["ask()", "ask()"])
        #expect(lacking("struct A: CustomStringConvertible {\n    package var description: String { \"\" }\n}") == [])
        #expect(lacking("struct A {\n    package var description: String { \"\" }\n}") == ["description"])
        #expect(lacking("struct A: Hashable {\n    package static func == (left: A, right: A) -> Bool { true }\n}") == [])
        #expect(lacking("enum B {\n    struct A: Codable {\n        package init(from decoder: any Decoder) {}\n    }\n}") == [])
        // A type of the same name in another place is another type.
        let printable = "enum B {\n    struct A: CustomStringConvertible {}\n}\n"
        #expect(lacking(printable + "enum C {\n    struct A {\n        package var description = 1\n    }\n}") == ["description"])
    }

    @Test(
        "a comment that only repeats the name says nothing",
        arguments: [
            ("/// The fleet size.\npackage var fleetSize = 1", true), ("/// Id.\npackage var id = 1", true),
            ("/// In bytes.\npackage var size = 1", false)
        ])
    func repetitions(_ text: String, repeats: Bool) {
        #expect(DocumentationCheck(SourceScanner.declarations(in: text)).repetitions.isEmpty != repeats)
    }

    @Test("a comment that describes a parameter which is not there was written for another declaration")
    func strangers() {
        let comment = "/// Waits.\n///\n/// - Parameter length: in seconds.\n"
        #expect(DocumentationCheck(SourceScanner.declarations(in: comment + "func wait(for length: Int) {}")).strangers.isEmpty)
        #expect(DocumentationCheck(SourceScanner.declarations(in: comment + "func wait(length: Int) {}")).strangers.isEmpty)
        #expect(
            DocumentationCheck(SourceScanner.declarations(in: comment + "func wait(for time: Int) {}")).strangers.map(\.parameter) == [
                "length"
            ])
        let list = "/// Waits.\n///\n/// - Parameters:\n///   - length: in seconds.\n///   - why: in words.\n/// - Throws: nothing.\n"
        #expect(DocumentationCheck(SourceScanner.declarations(in: list + "init(_ length: Int) {}")).strangers.map(\.parameter) == ["why"])
    }
}
