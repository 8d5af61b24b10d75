import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` says of texts that are compared with fields that hold one of some words.
@Suite struct WordCheckTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(Declaration.names).misuses(in: Array(source.utf8)).map { "\($0.line): \($0.message)" }
    }

    @Test(
        "a word that a field never has is found in a comparison",
        arguments: [
            ("if i.state == 'runing' then end", "'i.state' is never 'runing', did you mean 'running'?"),
            ("return 'runing' ~= i.state", "'i.state' is never 'runing', did you mean 'running'?"),
            ("return i.billing == 'cpu'", "did you mean 'gpu'?"),
            ("return i.billing == 'all'", "'i.billing' is never 'all'; it is one of gpu, storage, none, unknown"),
            ("local s = i.state return s == 'Running'", "'s' is never 'Running', did you mean 'running'?"),
            ("return i.state == 'running' or i.state == 'stoped'", "'i.state' is never 'stoped'"),
            ("f:where{state = function(s) return s == 'runing' end}", "'s' is never 'runing'"),
            ("f:where(function(k) return k.state ~= 'runing' end)", "'k.state' is never 'runing'"),
            ("vast.on('gone', function(c) return c.by == 'me' end)", "'c.by' is never 'me'; it is one of us, other, unknown"),
            ("for _, c in ipairs(vast.changes()) do if c.event == 'outbit' then end end", "'outbid'"),
            ("return vast.spawn(g).status == 'finished'", "it is one of running, done, failed, cancelled"),
            ("return vast.stop(1).verb == 'stpo'", "did you mean 'stop'?"),
            ("return vast.stop(1)[1] == 'acepted'", "did you mean 'accepted'?"), ("return vast.stop(1)[1] ~= 'satisfied'", nil),
            ("return i['state'] == 'runing'", "is never 'runing'"), ("return i:history()[1].state == 'runing'", "is never 'runing'"),
            ("return i.state == 'running'", nil), ("return i.state ~= 'stopped'", nil), ("return i.billing == 'gpu'", nil),
            ("return i.actual_status == 'runing'", nil), ("return i.cur_state == 'x'", nil), ("return i.state == word", nil),
            ("return i.label == 'runing'", nil), ("return (i.state or 'x') == 'x'", nil), ("return t.state == 'runing'", nil),
            ("local s = i.state s = 'mine' return s == 'mine'", nil), ("return i.state .. '' == 'runing'", nil),
            ("local c = vast.changes()[1] c.event = 'mine' return c.event == 'mine'", nil)
        ])
    func words(source: String, message: String?) { expect(source, message) }

    @Test(
        "a kind that errors nearly have is found, unless the script raises such",
        arguments: [
            (
                "local ok, err = pcall(vast.stop, 1) if not ok and err.kind == 'not_fuond' then end",
                "'err.kind' is never 'not_fuond', did you mean 'not_found'?"
            ),
            ("local r, err = vast.try('guard', vast.stop, 1) if err and err.kind == 'gaurd' then end", "did you mean 'guard'?"),
            ("local r, err = vast.try('guard', function() end) if err.kind ~= 'gaurd' then end", "did you mean 'guard'?"),
            ("local ok, err = pcall(g) if err.kind == 'not_found' then end", nil),
            ("local ok, err = pcall(g) if err.kind == 'my_own' then end", nil),
            ("local ok, err = pcall(function() error{kind = 'gaurd'} end) if err.kind == 'gaurd' then end", nil),
            ("local ok, x = pcall(g) if x == 'not_fuond' then end", nil), ("return g().kind == 'not_fuond'", nil)
        ])
    func kinds(source: String, message: String?) { expect(source, message) }

    @Test(
        "a field that errors do not have is found where it is an error",
        arguments: [
            ("local ok, err = pcall(vast.stop, 1) if not ok then print(err.knd) end", "unknown field 'knd', did you mean 'kind'?"),
            ("local ok, err = pcall(g) if ok then return end print(err.mesage)", "did you mean 'message'?"),
            ("local r, err = vast.try('guard', vast.stop, 1) print(err.knd)", "did you mean 'kind'?"),
            ("local r, err = vast.try('guard', function() end) if r == nil then print(err.hnit) end", "did you mean 'hint'?"),
            ("local ok, err = pcall(vast.stop, 1) if not ok then print(err.kind, err.ids, err.where) end", nil),
            ("local ok, c = pcall(load_config) if ok then print(c.mode, c.knd) end", nil), ("local ok, c = pcall(g) print(c.knd)", nil),
            ("local ok, e = pcall(function() error{knd = 1} end) if not ok then print(e.knd) end", nil),
            ("local ok, e = pcall(g) if not ok then e.knd = 1 print(e.knd) end", nil),
            ("local r, e = vast.try('guard', function() return 1, {knd = 2} end) if r then print(e.knd) end", nil)
        ])
    func errors(source: String, message: String?) { expect(source, message) }

    private func expect(_ source: String, _ message: String?) {
        let found = misuses("local f, i = vast.instances(), vast.instances{}:one() " + source)
        #expect(found.count == (message == nil ? 0 : 1), "\(found)")
        if let message { #expect(found.first?.contains(message) == true, "\(found)") }
    }
}
