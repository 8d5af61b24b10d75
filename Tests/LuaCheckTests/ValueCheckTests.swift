import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` finds in values that are written out: names of fields and options, words, lengths, calendars.
@Suite struct ValueCheckTests {
    private func misuses(_ source: String) -> [String] {
        VastNames(Declaration.names).misuses(in: Array(source.utf8)).map { "\($0.line): \($0.message)" }
    }

    @Test(
        "a field that is given as text is found, a function or a field that nobody has heard of is not",
        arguments: [
            ("f:sort_by('-rat')", "unknown field 'rat', did you mean 'rate'?"), ("f:sort_by('rat')", "'rate'"), ("f:sum('rtae')", "'rate'"),
            ("f:group('lable')", "'label'"), ("f:group 'lable'", "'label'"),
            ("f:sum('-rate')", "unknown field '-rate', did you mean 'rate'?"),
            ("f:where{state = 'running'}:sum('rtae')", "'rate'"), ("i:raw('gpu_utl')", "'gpu_util'"),
            ("f:sort_by('-rate')", nil), ("f:sum('rate')", nil), ("f:group('gpu_name')", nil), ("f:sum('brand_new')", nil),
            ("f:sum(name)", nil),
            ("f:sort_by('r' .. 'at')", nil), ("f:sum(function(k) return 'rtae' end)", nil), ("f:raw('rtae')", "unknown method 'raw'"),
            ("other:sum('rtae')", nil), ("f:sort_by('state')", nil), ("i:raw('ssh_host')", nil)
        ])
    func fields(source: String, message: String?) { expect(source, message) }

    @Test(
        "an unknown name in a table of options, of a query or of parts is found, also inside another table",
        arguments: [
            ("vast.guard{protect = {lable = 'x'}}", "(protect: unknown field 'lable', did you mean 'label'?)"),
            ("vast.guard{max_stopps = 3}", "unknown option 'max_stopps', did you mean 'max_stops'?"),
            ("vast.guard{protect = {zzz = 'x'}}", "(protect: unknown field 'zzz')"),
            ("f:where{lable = 'x'}", "unknown field 'lable', did you mean 'label'?"), ("vast.instances{stat = 'running'}", "'state'"),
            ("vast.instances():where{lable = 'x'}", "'label'"),
            ("vast.policy{up = h, match = {lable = 'x'}}", "(match: unknown field 'lable'"),
            ("vast.observe('5m', {evry = '1m'})", "'every'"), ("vast.observe('5m', {stat = 'running'})", "'state'"),
            ("vast.budget{per_day = 9, order = {{label = 'a'}, {lable = 'b'}}}", "(order: unknown field 'lable'"),
            ("vast.cron('@daily', g, {dst = {gapp = 'next'}})", "(dst: unknown field 'gapp', did you mean 'gap'?)"),
            ("i:is_idle('5m', {belwo = 3})", "'below'"), ("f:stop{resaon = 'x'}", "'reason'"), ("i:history{sicne = '1h'}", "'since'"),
            ("local w = f:where{} w:where{lable = 'x'}", "'label'"),
            ("vast.guard{protect = {label = {'a', 'b'}, id = 12}}", nil), ("f:where{brand_new = 4}", nil), ("f:where{[key] = 4}", nil),
            ("f:where(function(k) return {lable = 1} end)", nil), ("vast.policy{up = h, match = query}", nil),
            ("other:where{lable = 'x'}", nil),
            ("vast.cron('@daily', g, {dst = {gap = 'skip', overlap = 'both'}})", nil), ("vast.http.get(u, {headers = {lable = 'x'}})", nil),
            ("vast.log.info('a', {lable = 'x'})", nil), ("vast.notify{lable = 'x'}", nil),
            ("i:is_idle('5m', {signals = {mine = true}})", nil)
        ])
    func names(source: String, message: String?) { expect(source, message) }

    @Test(
        "a word that is none of a closed set is found",
        arguments: [
            ("vast.instances{state = 'runing'}", "(query: there is no state 'runing', did you mean 'running'?"),
            ("vast.instances{state = {'running', '!staped'}}", "there is no state 'staped'"), ("f:where{billing = 'gpus'}", "'gpu'"),
            ("vast.policy{up = h, match = {state = 'runing'}}", "there is no state 'runing'"),
            ("vast.budget{per_day = 9, order = {{state = 'runing'}}}", "'running'"),
            ("vast.policy{all = true, when = g, action = 'stpo'}", "(action: unknown action 'stpo', did you mean 'stop'?)"),
            ("vast.policy{all = true, when = g, action = 'label'}", "'label'"),
            ("vast.policy{all = true, up = 'lable'}", "'label'"), ("vast.policy{all = true, up = h, only = 'stp'}", "'stop'"),
            ("vast.policy{all = true, up = h, overflow = 'oldst'}", "'oldest'"),
            ("vast.try('not_fuond', vast.stop, 1)", "(unknown kind of error 'not_fuond', did you mean 'not_found'?)"),
            ("vast.try({'timeout', 'gaurd'}, vast.stop, 1)", "'guard'"), ("vast.start(1, {unavailable = 'cancle'})", "'cancel'"),
            ("i:start{unavailable = 'cancle'}", "'cancel'"), ("vast.wait(1, 'runing')", "unknown state 'runing', did you mean 'running'?"),
            ("vast.on('outbit', g)", "'outbid'"), ("vast.cron('@daily', g, {catch_up = 'lats'})", "unknown catch_up 'lats'"),
            ("vast.calendar('@daily', {dst = {gap = 'nxt'}})", "(dst: gap: unknown gap 'nxt', did you mean 'next'?)"),
            ("vast.notify('x', {kind = 'slak'})", "'slack'"),
            ("vast.instances{state = '!runn*'}", nil), ("vast.instances{state = word}", nil), ("vast.instances{label = 'runing'}", nil),
            ("vast.policy{all = true, when = g, action = function() return 'stpo' end}", nil),
            ("vast.policy{all = true, when = g, action = 'start'}", nil),
            ("vast.policy{all = true, up = 'label'}", nil),
            ("vast.try('unconfirmed', f)", nil), ("vast.try('state', f)", nil),
            ("vast.try('my_own', f)", "(unknown kind of error 'my_own')"), ("vast.try(kinds, f)", nil),
            ("vast.try({'guard', kind}, f)", nil),
            ("vast.wait(1, 'ru' .. 'ning')", nil), ("vast.instances{gpu_name = 'RTX', state = function(s) return s == 'stopped' end}", nil)
        ])
    func words(source: String, message: String?) { expect(source, message) }

    @Test(
        "a length or a calendar that cannot be read is found",
        arguments: [
            ("vast.sleep('5x')", "(\"5x\" is not a length; write it like"), ("vast.sleep'5 minuets'", "is not a length"),
            ("vast.every('5 minuets', g)", "bad argument #1 'interval' to 'vast.every' (\"5 minuets\" is not a length"),
            ("vast.policy{all = true, up = h, every = '5x'}", "(every: \"5x\" is not a length"), ("i:is_idle('45mon')", "is not a length"),
            ("i:is_idle('45min')", nil),
            ("vast.stop(1, {wait = 'yes'})", "(wait: \"yes\" is not a length"), ("vast.stop(1):wait('1y')", "is not a length"),
            ("vast.spawn(function() vast.sleep('5x') end)", "is not a length"),
            ("vast.budget{order = {}, runway = '3x'}", "is not a length"), ("vast.budget{order = {}, runway = '3w'}", nil),
            ("vast.cron('61 * * * *', g)", "bad argument #1 'spec' to 'vast.cron' (minute, column 1"),
            ("vast.cron('* * * *', g)", "five fields"),
            ("vast.calendar('@dayly')", "'spec' to 'vast.calendar'"), ("vast.cron('0 8 * * mon-fry', g)", "'spec' to 'vast.cron'"),
            ("vast.sleep('5m')", nil), ("vast.sleep(5)", nil), ("vast.sleep('1d12h')", nil), ("vast.sleep('90')", nil),
            ("vast.sleep(5 .. 'x')", nil),
            ("vast.sleep(t)", nil), ("vast.stop(1, {wait = true})", nil), ("vast.stop(1, {wait = '5m'})", nil),
            ("vast.sleep('\\53m')", nil),
            ("vast.cron('0 22 * * mon-fri', g)", nil), ("vast.cron('@daily', g)", nil), ("vast.cron(vast.calendar('@daily'), g)", nil),
            ("vast.cron([[61 * * * *]], g)", nil), ("vast.store.set('every', '5x')", nil), ("local vast = {} vast.sleep('5x')", nil)
        ])
    func lengths(source: String, message: String?) { expect(source, message) }

    private func expect(_ source: String, _ message: String?) {
        let found = misuses("local f, i = vast.instances(), vast.instances{}:one() " + source)
        #expect(found.count == (message == nil ? 0 : 1), "\(found)")
        if let message { #expect(found.first?.contains(message) == true, "\(found)") }
    }
}
