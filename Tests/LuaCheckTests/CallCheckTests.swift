import Testing

@testable import LuaCheck

/// What `check` finds in calls of `vast`.
@Suite struct CallCheckTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(["stop", "label", "on", "policy", "log.info", "instances", "start", "every", "now", "http.get", "destroy", "each"])
            .misuses(in: Array(source.utf8)).map { "\($0.line): \($0.message)" }
    }

    @Test(
        "what is right, or only running can tell, is left alone",
        arguments: [
            "vast.stop(12, {reason = 'x', wait = true})", "vast.stop(ids)", "vast.stop(f())", "vast.label(f())", "vast.label(...)",
            "vast.stop{1, 2, inst}", "vast.instances{label = 'a', new_field = 3}", "vast.instances()", "vast.each(list, vast.stop)",
            "vast.stop(12, options)", "vast.stop(12, {[name] = 1})", "vast.stop(12, nil)", "vast.on('gone', function(e) return e, 1 end)",
            "vast.every('5m', function() if a then return b, c end for i = 1, 2 do print(i, 2) end end, {name = 'x'})",
            "vast.log.info('a', {b = 1})", "vast.log.info[[x]]", "vast.stop(1 + 2)", "vast.stop('4' + 0)", "vast.stop((f()))", "vast.now()",
            "local s = vast.stop"
        ])
    func right(source: String) {
        #expect(misuses(source) == [])
    }

    @Test(
        "wrong counts, types, options and words are found",
        arguments: [
            ("vast.stop()", "1: vast.stop needs argument #1 'target': instance id expected"),
            ("vast.stop(nil)", "1: bad argument #1 'target' to 'vast.stop' (instance id expected, got nil)"),
            ("vast.stop'x'", "1: bad argument #1 'target' to 'vast.stop' (instance id expected, got string)"),
            ("vast.stop(1, {}, 3)", "1: vast.stop takes at most 2 arguments, not 3"),
            ("vast.now(1)", "1: vast.now takes no arguments, not 1"),
            ("vast.label(1)", "1: vast.label needs argument #2 'text': string expected"),
            ("vast.label(1, 2)", "1: bad argument #2 'text' to 'vast.label' (string expected, got number)"),
            (
                "vast.stop(1, {\n  reson = 'x'})",
                "2: bad argument #2 'options' to 'vast.stop' (unknown option 'reson', did you mean 'reason'?)"
            ),
            (
                "vast.stop(1, {['reson'] = 'x'})",
                "1: bad argument #2 'options' to 'vast.stop' (unknown option 'reson', did you mean 'reason'?)"
            ),
            ("vast.stop(1, {reason = 5})", "1: bad argument #2 'options' to 'vast.stop' (reason: string or function expected, got number)"),
            ("vast.on('stoped', f)", "1: bad argument #1 'event' to 'vast.on' (unknown event 'stoped', did you mean 'stopped'?)"),
            (
                "vast.start(1, {unavailable = 'quue'})",
                "1: bad argument #2 'options' to 'vast.start' (unavailable: unknown unavailable 'quue', did you mean 'queue'?)"
            ),
            (
                "vast.instances{lable = 'x'}",
                "1: bad argument #1 'query' to 'vast.instances' (unknown field 'lable', did you mean 'label'?)"
            ),
            (
                "vast.policy{up = h, match = {lable = 'x'}}",
                "1: bad argument #1 'policy' to 'vast.policy' (match: unknown field 'lable', did you mean 'label'?)"
            ),
            ("vast.every(function() return 1, 2 end)", "1: vast.every needs argument #2 'fn': function expected"),
            ("vast.http.get(5)", "1: bad argument #1 'url' to 'vast.http.get' (string expected, got number)")
        ])
    func wrong(source: String, message: String) {
        #expect(misuses(source).contains(message), "\(misuses(source))")
    }

    @Test(
        "sources that end in the middle, or have brackets in texts, are read to their end",
        arguments: [
            "vast.stop(", "vast.stop({", "vast.stop(')', '}')", "vast.stop(1, {reason = '}'})", "vast.stop(", "vast.stop(function(",
            "vast.stop[[)]]"
        ])
    func odd(source: String) {
        _ = misuses(source)
    }
}
