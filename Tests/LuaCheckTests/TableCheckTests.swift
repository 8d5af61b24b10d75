import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` says of tables in which something is missing, or does not go together.
@Suite struct TableCheckTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(Declaration.names).misuses(in: Array(source.utf8)).map { "\($0.line): \($0.message)" }
    }

    @Test(
        "options that are missing, or do not go together, are found",
        arguments: [
            ("vast.policy{when = g, action = 'stop'}", "bad argument #1 'policy' to 'vast.policy' (match says whom it is about"),
            ("vast.policy{all = true, when = g, up = h, action = 'stop'}", "up = vast.hours(…), and not both"),
            ("vast.policy{all = true, every = '5m'}", "(it has when = function(inst) … end or up = vast.hours(…), and not both)"),
            ("vast.policy{all = true, when = g}", "goes with when"),
            ("vast.policy{all = true, up = h, action = 'stop'}", "up says what to do"),
            ("vast.policy{all = true, when = g, action = 'stop', only = 'stop'}", "(enforce and only go with up)"),
            ("vast.policy{match = {}, up = h}", "match says whom it is about"),
            ("vast.policy{match = nil, up = h}", "match says whom it is about"),
            ("vast.budget{order = {{label = 'dev*'}}}", "(it has a per_day, per_month or runway)"),
            ("vast.budget{per_day = 9}", "(it needs option 'order': what is stopped first"),
            ("vast.start(1, {every = '5m'})", "(every, within and max_rate go with unavailable = \"retry\")"),
            ("f:start{unavailable = 'queue', max_rate = 3}", "go with unavailable"),
            ("vast.destroy(1)", "vast.destroy needs option 'confirm': its ids once more, since data is lost"),
            ("vast.recycle(1, {reason = 'x'})", "(it needs option 'confirm': its ids once more"),
            ("f:destroy()", "vast.List:destroy needs option 'confirm'"), ("f:recycle{}", "needs option 'confirm'"),
            ("vast.policy{match = {label = 'x'}, when = g, action = 'stop'}", nil), ("vast.policy{all = true, up = h, only = 'stop'}", nil),
            ("vast.policy(t)", nil), ("vast.policy{all = true, [key] = g}", nil), ("vast.budget{runway = '3d', order = order}", nil),
            ("vast.start(1, {unavailable = 'retry', every = '5m', within = '1h'})", nil),
            ("vast.start(1, {unavailable = mode, every = '5m'})", nil), ("vast.destroy(1, {confirm = 1})", nil),
            ("vast.destroy(1, options)", nil), ("vast.destroy(table.unpack(x))", nil), ("vast.try('guard', vast.destroy, 1)", nil),
            ("vast.recycle(i, {confirm = i.id})", nil)
        ])
    func together(source: String, message: String?) { expect(source, message) }

    private func expect(_ source: String, _ message: String?) {
        let found = misuses("local f, i = vast.instances(), vast.instances{}:one() " + source)
        #expect(found.count == (message == nil ? 0 : 1), "\(found)")
        if let message { #expect(found.first?.contains(message) == true, "\(found)") }
    }
}
