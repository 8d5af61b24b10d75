import Testing

@testable import LuaCheck

/// What `check` finds behind `vast`.
@Suite struct VastNamesTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(["stop", "start", "log.info", "version"]).misuses(in: Array(source.utf8)).map { "\($0.line): \($0.message)" }
    }

    @Test(
        "what is right is left alone",
        arguments: [
            "vast.stop(1)", "vast.log.info('x')", "local log = vast.log", "vast.version:upper()", "t.vast.foo()", "'vast.foo'",
            "-- vast.foo",
            "local vast = {} vast.foo()", "local function f(a, vast) vast.foo() end", "local f = function(vast) vast.foo() end",
            "x = 'a'..vast.version", "vast.extra = 1", "--[[ vast.foo ]]"
        ])
    func right(source: String) {
        #expect(misuses(source) == [])
    }

    @Test(
        "what is wrong is found",
        arguments: [
            ("vast.sotp(1)", "1: unknown function 'vast.sotp', did you mean 'vast.stop'?"),
            ("local vast = vast\nvast.sotp()", "2: unknown function 'vast.sotp', did you mean 'vast.stop'?"),
            ("x = 'a'..vast.varsion", "1: unknown function 'vast.varsion', did you mean 'vast.version'?"),
            ("if vast.zzzzzzzz == 1 then end", "1: unknown function 'vast.zzzzzzzz'"),
            ("print(vast\n.log\n.nifo)", "3: unknown function 'vast.log.nifo', did you mean 'vast.log.info'?")
        ])
    func wrong(source: String, message: String) {
        #expect(misuses(source) == [message])
    }
}
