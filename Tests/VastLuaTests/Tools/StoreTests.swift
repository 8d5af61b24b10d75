import Testing

@testable import VastLua

@Suite("vast.store") struct StoreTests {
    private func run(_ script: String, _ place: StatePlace? = nil, isPlanning: Bool = false) async throws -> JobRun {
        let options = Runtime.Options(isPlanning: isPlanning, jobMode: .once)
        return try await runJobs(script, for: .seconds(1), options: options, memory: place?.memory).0
    }

    @Test("a value comes back in a later run as it was: numbers, texts, flags, lists and tables, empty ones too")
    func lasting() async throws {
        let place = StatePlace()
        let first = try await run(
            """
            vast.store.set("a", {n = 40112233, f = 0.5, t = "x", list = {1, 2}, empty = vast.json.decode("[]"), yes = true})
            vast.store.set("b", "text")
            """, place)
        #expect(first.error == nil)
        let second = try await run(
            """
            local a = vast.store.get("a")
            out = {a.n, a.f, a.t, #a.list, vast.json.encode(a.empty), a.yes, vast.store.get("b"), table.concat(vast.store.keys(), ",")}
            """, place)
        #expect(second.texts == ["40112233", "0.5", "x", "2", "[]", "true", "text", "a,b"])
    }

    @Test("what is not there is nil or the default; deleting and setting nil are the same")
    func absent() async throws {
        let run = try await run(
            """
            vast.store.set("a", 1) vast.store.delete("a") vast.store.set("b", 2) vast.store.set("b", nil) vast.store.delete("never")
            out = {tostring(vast.store.get("a")), vast.store.get("b", 7), #vast.store.keys()}
            """, StatePlace())
        #expect(run.texts == ["nil", "7", "0"])
    }

    @Test("without a state on disk values last as long as the run")
    func inMemory() async throws {
        #expect(try await run("vast.store.set('a', 1) out = {vast.store.get('a'), #vast.store.keys()}").texts == ["1", "1"])
    }

    @Test("a dry run sees its own writes, and nothing is kept")
    func dry() async throws {
        let place = StatePlace()
        _ = try await run("vast.store.set('a', 1) vast.store.set('b', 1)", place)
        let dry = try await run(
            "vast.store.set('a', 2) vast.store.delete('b') out = {vast.store.get('a'), #vast.store.keys()}", place, isPlanning: true)
        #expect(dry.texts == ["2", "1"])
        #expect(dry.logged("would keep 'a'") == 1)
        #expect(try await run("out = {vast.store.get('a'), #vast.store.keys()}", place).texts == ["1", "2"])
    }

    @Test(
        "what cannot be kept raises, and says why",
        arguments: [
            ("vast.store.set('a', print)", "function is no JSON"), ("vast.store.set('a', ('x'):rep(70000))", "at most 65536 bytes"),
            ("vast.store.set('', 1)", "1 to 1024 bytes"), ("vast.store.set('a')", "value expected"),
            ("local t = {} t.t = t vast.store.set('a', t)", "in a cycle"), ("vast.store.set(nil, 1)", "key"),
            ("vast.store.gett('a')", "did you mean 'get'"), ("vast.store.set('a', 0/0)", "no JSON")
        ])
    func wrong(script: String, message: String) async throws {
        let run = try await run(script, StatePlace())
        #expect(run.error?.contains(message) == true, "\(run.error ?? "no error")")
    }
}
