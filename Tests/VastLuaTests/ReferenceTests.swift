import LuaEngine
import Testing

@testable import VastLua

/// What is made from the declarations.
@Suite struct ReferenceTests {
    @Test("every function, method and field is described, with an example and a version")
    func described() {
        for declaration in Declaration.all + ObjectDeclaration.all.flatMap(\.methods) {
            #expect(!declaration.summary.isEmpty && declaration.summary.last != ".", "\(declaration.name)")
            #expect(declaration.summary.first?.isUppercase == false, "\(declaration.name)")
            #expect(!declaration.example.isEmpty && !declaration.since.isEmpty, "\(declaration.name)")
        }
        let fields = ObjectDeclaration.all.flatMap(\.fields) + FieldDeclaration.module
        #expect(fields.allSatisfy { !$0.type.isEmpty && !$0.summary.isEmpty })
    }

    @Test("names are there once, and required parameters stand before optional ones")
    func consistent() {
        #expect(Set(Declaration.names).count == Declaration.names.count)
        for object in ObjectDeclaration.all { #expect(Set(object.names).count == object.names.count, "\(object.name)") }
        for declaration in Declaration.all {
            let flags = declaration.parameters.map(\.isOptional)
            #expect(flags == flags.sorted { !$0 && $1 }, "\(declaration.name)")
        }
    }

    @Test(
        "help is found by every name that people use",
        arguments: [
            ("stop", "vast.stop(target [, options]) -> vast.Result"), ("vast.stop", "vast.stop(target"),
            ("inst:is_idle", "inst:is_idle(window"),
            ("is_idle", "inst:is_idle(window"), ("vast.instance:is_idle", "inst:is_idle(window"), ("log.info", "vast.log.info(message"),
            ("vast.Instance", "vast.Instance: A read-only snapshot"), ("vast.instance", "vast.instance(id)"), ("vast", "Reading the fleet"),
            ("job:cancel", "job:cancel()"), ("vast.try", "vast.try(kinds, fn, ...)")
        ])
    func help(name: String, text: String) throws {
        #expect(try #require(Reference.help(for: name)).contains(text))
    }

    @Test("there is help for every topic, and none for what there is not")
    func topics() {
        for topic in Reference.topics { #expect(Reference.help(for: topic) != nil, "\(topic)") }
        #expect(Reference.help(for: "stpo") == nil)
    }

    @Test("vast.help takes names, functions and objects, and suggests")
    func inScripts() async throws {
        let texts = try await values(
            """
            local job = vast.every("1h", print)
            local kind = vast.help(job):match("^[^:]*")
            job:cancel()
            return vast.help(vast.stop):match("^[^\\n]*"), kind, tostring(select(2, pcall(vast.help, "stpo"))),
              vast.help(vast.log.info):match("^[^(]*"), vast.help(print)
            """)
        try #require(texts.count == 5)
        #expect(texts[0] == .string("vast.stop(target [, options]) -> vast.Result"))
        #expect(texts[1] == .string("vast.Job"))
        #expect("\(texts[2])".contains("unknown entry"))
        #expect(texts[3] == .string("vast.log.info"))
        #expect("\(texts[4])".contains("manual of Lua 5.4"))
    }
}
