import Testing

@testable import VastLua

/// What the cursor stands in, and what is offered there.
@Suite struct CompletionTests {
    @Test(
        "the place of the cursor is told from the text before it",
        arguments: [
            ("vast.sto", CompletionContext.Place.name(path: ["vast"], isMethod: false), "sto", String?.none, String?.none),
            ("x = inst:is_", .name(path: ["inst"], isMethod: true), "is_", nil, nil),
            ("vast.stop(", .value, "", "vast.stop", nil), ("vast.stop({1, 40", .value, "40", "vast.stop", nil),
            ("vast.stop(1, {rea", .name(path: [], isMethod: false), "rea", "vast.stop", nil),
            ("vast.stop(1, {reason = \"x", .text, "x", "vast.stop", "reason"),
            ("vast.instances{label = 'dev", .text, "dev", "vast.instances", "label"),
            ("f(g(1), ", .value, "", "f", nil), ("print('a(b') vast.sto", .name(path: ["vast"], isMethod: false), "sto", nil, nil),
            ("vast.on \"out", .text, "out", "vast.on", nil), ("", .value, "", nil, nil)
        ])
    func place(text: String, place: CompletionContext.Place, word: String, function: String?, option: String?) {
        let context = CompletionContext(text)
        #expect(context.place == place && context.word == word)
        #expect(context.function == function && context.option == option)
    }

    @Test(
        "what all candidates have in common is written at once",
        arguments: [
            ("sta", ["state = ", "status_msg = "], "t"), ("s", ["stop"], "top"), ("x", [], ""), ("ab", ["abc", "abd"], "")
        ])
    func insertion(word: String, candidates: [String], insertion: String) {
        #expect(Completion(word: word, candidates: candidates.map { .init($0) }).insertion == insertion)
    }

    @Test("candidates without hints stand side by side, as many as fit; of many the rest is counted")
    func listing() {
        let completion = Completion(word: "", candidates: (10..<60).map { .init("name\($0)") })
        let lines = completion.listing(Display(width: 40)).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 40 })
        #expect(lines.last == "  10 more")
    }
}
