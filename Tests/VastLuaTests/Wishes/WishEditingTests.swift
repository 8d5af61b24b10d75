import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("inst:set_wish") struct WishEditingTests {
    @Test("it writes one wish, reads it again, and gives the instance as it is now")
    func writing() async throws {
        let (run, fleet) = try await runJobs(
            """
            local inst = vast.instance(12)
            inst = inst:set_wish("lease", "8h") out = {inst.label}
            out[2] = inst:set_wish("keep", true).label
            out[3] = vast.instance(12):set_wish("lease").label
            out[4] = vast.instance(12):set_wish("lease").label
            """, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [v2]"])], options: .init(jobMode: .once))
        #expect(run.error == nil)
        #expect(run.texts == ["a [v2] [lease=8h]", "a [v2] [lease=8h keep]", "a [v2] [keep]", "a [v2] [keep]"])
        #expect(fleet.orders.count == 3)
    }

    @Test(
        "what somebody else writes elsewhere in the label stays; the same wish changed by somebody else, and a write that is overwritten, are conflicts"
    )
    func others() async throws {
        let script =
            "local inst = vast.instance(12) local ok, e = pcall(inst.set_wish, inst, 'lease', '8h') out = {ok and e.label or e.kind, tostring(e)}"
        func run(_ edit: @escaping @Sendable (Int, inout [InstanceID: JSONObject]) -> Void) async throws -> [String] {
            try await runJobs(
                script, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [lease=1h]"])], options: .init(jobMode: .once),
                prepare: { fleet in fleet.state.withLock { $0.beforeShow = edit } }
            ).0.texts
        }
        #expect(try await run { if $0 == 2 { $1[12]?["label"] = "b [lease=1h]" } }[0] == "b [lease=8h]")
        #expect(try await run { if $0 == 2 { $1[12]?["label"] = "a [lease=2h]" } }[0] == "conflict")
        let lost = try await run { if $0 == 3 { $1[12]?["label"] = "mine" } }
        #expect(lost[0] == "conflict" && lost[1].contains("'mine'"))
    }

    @Test("a label that two readings show differently is left as it is, and the error has both texts")
    func differing() async throws {
        let (run, fleet) = try await runJobs(
            """
            local inst = vast.instance(12) local ok, e = pcall(inst.set_wish, inst, 'lease', '8h') out = {e.kind, e.message}
            """, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [x=1]"])], options: .init(jobMode: .once),
            prepare: { fleet in
                fleet.state.withLock { state in
                    state.beforeShow = { if $0 == 2 { $1[12]?["label"] = "b" } }
                    state.beforeReading = { $1[12]?["label"] = "c" }
                }
            })
        #expect(run.texts[0] == "conflict" && run.texts[1].contains("'a [x=1]'") && run.texts[1].contains("'b'"), "\(run.texts)")
        #expect(fleet.orders.isEmpty)
    }

    @Test("a label with characters that cannot be seen is refused, but a wish beside those of somebody else can be changed")
    func oddCharacters() async throws {
        let (run, fleet) = try await runJobs(
            #"""
            local _, e = pcall(vast.label, 12, "a\nb") out = {e.kind, e.message}
            local inst = vast.instance(12)
            out[3] = inst:set_wish("lease", "8h").label
            out[4] = select(2, pcall(inst.set_label, inst, "\27[31m")).kind
            """#, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a\t[x=1]"])], options: .init(jobMode: .once))
        #expect(run.error == nil)
        #expect(run.texts[0] == "invalid_argument" && run.texts[1].contains("a line break (U+000A), at position 2"), "\(run.texts)")
        #expect(run.texts[2] == "a\t[x=1] [lease=8h]" && run.texts[3] == "invalid_argument")
        #expect(fleet.orders.count == 1)
    }

    @Test(
        "a value may have blanks where labels may",
        arguments: [
            ("lease", "2 days", "[lease=2days]"), ("lease", " 8 h ", "[lease=8h]"),
            ("keep-until", "2027-01-01 18:00", "[keep-until=2027-01-01T18:00]"), ("lease", "1 day 12 hours", "[lease=1day12hours]")
        ])
    func blanks(key: String, value: String, word: String) async throws {
        let (run, _) = try await runJobs(
            "local inst = vast.instance(12) out = {inst:set_wish('\(key)', '\(value)').label}", for: .seconds(1),
            on: [FakeFleet.row(12, ["label": "a [v2]"])], options: .init(jobMode: .once))
        #expect(run.texts == ["a [v2] \(word)"], "\(run.texts) \(String(describing: run.error))")
    }

    @Test("blanks make no second word of a value", arguments: ["8h keep", "8h [x]", "8h lease=9h", "soon, 2 days", "8 parsecs"])
    func noSecondWord(value: String) async throws {
        let (run, fleet) = try await runJobs(
            "local inst = vast.instance(12) out = {select(2, pcall(inst.set_wish, inst, 'lease', '\(value)')).kind}", for: .seconds(1),
            on: [FakeFleet.row(12, ["label": "a"])], options: .init(jobMode: .once))
        #expect(run.texts == ["invalid_argument"], "\(run.texts)")
        #expect(fleet.orders.isEmpty)
    }

    @Test("an empty text is refused with what to write in its place")
    func emptyText() async throws {
        let (run, fleet) = try await runJobs(
            "local inst = vast.instance(12) out = {select(2, pcall(inst.set_wish, inst, 'lease', '')).message}", for: .seconds(1),
            on: [FakeFleet.row(12, ["label": "a"])], options: .init(jobMode: .once))
        #expect(run.texts[0].contains("the text is empty; true is a wish without a value"), "\(run.texts)")
        #expect(fleet.orders.isEmpty)
    }

    @Test("inst.tags has the words of others, and every instance has the table")
    func tags() async throws {
        let (run, _) = try await runJobs(
            """
            local a, b = vast.instance(12).tags, vast.instance(13).tags
            out = {a.owner, a.lr, tostring(a.v2), tostring(a.keep), tostring(next(b)), tostring(vast.instance(12):table().tags.owner)}
            local tagged = {tags = function(t) return t.owner == "anna" end}
            out[7] = #vast.instances(tagged)
            for _, wrong in ipairs{"owner", {owner = "anna"}, {"owner"}, 1} do
              local ok, e = pcall(vast.instances, {tags = wrong})
              assert(not ok and e.kind == "invalid_argument" and e.message:find("i.tags.owner", 1, true), tostring(e))
            end
            """, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [owner=anna lr=3e-4 keep] [v2]"]), FakeFleet.row(13)],
            options: .init(jobMode: .once))
        #expect(run.error == nil)
        #expect(run.texts == ["anna", "3e-4", "true", "nil", "nil", "anna", "1"])
    }
}
