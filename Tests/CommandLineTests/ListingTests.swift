import Foundation
import Testing

/// `vast-lua ls`
@Suite struct ListingTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    private func list(_ words: String...) async throws -> VastLua.Outcome {
        try await vast.shell((["\"$V\" ls --simulator"] + words.map { "'\($0)'" }).joined(separator: " "))
    }

    @Test("the fleet is a table of all columns with a line of totals; in a pipe it is as wide as need be, without colours")
    func table() async throws {
        let run = try await list()
        let lines = run.output.split(separator: "\n")
        #expect(run.code == 0 && run.errors == "")
        #expect(lines.count == 42)
        for title in ["ID", "LABEL", "STATE", "GPU", "UTIL", "$/H", "AGE"] { #expect(lines[0].contains(title)) }
        #expect(lines.last?.hasPrefix("40 instances, $") == true)
        #expect(!run.output.contains("\u{1B}"))
    }

    @Test(
        "words are labels, ids and fields; commas are alternatives, ! negates, and each field has to fit",
        arguments: [
            (["state=dead"], 1), (["40112233"], 1), (["train-*"], 6), (["state=running,dead", "gpu_name=H100*"], 2),
            (["id=40112233,40112234"], 2),
            (["!train-*", "state=running", "num_gpus=8"], 1), (["nothing-of-that-kind"], 0)
        ])
    func query(words: [String], count: Int) async throws {
        let run = try await vast.shell((["\"$V\" ls --simulator --json"] + words.map { "'\($0)'" }).joined(separator: " "))
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
        #expect(rows.count == count, "\(rows.map { ($0["id"], $0["label"], $0["state"], $0["gpu_name"]) })")
    }

    @Test("a misspelt field or state is told")
    func misspelt() async throws {
        #expect(try await list("labell=x").errors.contains("did you mean 'label'?"))
        #expect(try await list("state=runing").errors.contains("did you mean 'running'?"))
    }

    @Test("--json has every field that has a value, and none that can hold secrets")
    func json() async throws {
        let run = try await list("--json", "40112233")
        #expect(run.output.contains("\"state\":\"running\"") && run.output.contains("\"gpu_name\":\"RTX 4090\""))
        for name in ["jupyter_token", "onstart", "extra_env"] { #expect(!run.output.contains(name)) }
    }
}
