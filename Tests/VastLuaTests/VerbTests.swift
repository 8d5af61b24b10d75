import Testing
import VastAPI
import VastJSON
import VastLua

struct VerbTests {
    private static let three = [FakeFleet.row(12), FakeFleet.row(13, ["label": "keep-me"]), FakeFleet.row(14)]

    @Test(
        "a verb takes an id, an instance, or a list of either, and duplicates go once",
        arguments: [
            ("vast.stop(12)", [12]), ("vast.stop(vast.instance(12))", [12]), ("vast.stop{12, 14, 12}", [12, 14]),
            ("vast.stop{12, vast.instance(12), vast.instance(14)}", [12, 14]),
            ("vast.instance(14):stop()", [14]), ("vast.stop(vast.instances{id = {14, 12}})", [12, 14]),
            ("vast.stop(12.0)", [12]), ("vast.stop(vast.instances(), {all = true})", [12, 13, 14]),
            ("vast.stop(vast.instances():where{label = '!keep*'})", [12, 14])
        ])
    func targets(script: String, ids: [Int64]) async throws {
        let (ending, fleet) = try await run("local r = \(script) return r and r.verb, table.concat(r.changed, ' ')", on: Self.three)
        #expect(ending.error == nil, "\(ending.text)")
        #expect(ending.values == ["stop", .string(ids.sorted().map { "\($0)" }.joined(separator: " "))])
        #expect(fleet.orders.map { $0.ids.map(\.rawValue) } == [ids])
        #expect(!ending.hasOpenChanges)
    }

    @Test("an empty list does nothing")
    func emptyList() async throws {
        let (ending, fleet) = try await run("return tostring(vast.stop{}), #vast.stop(vast.instances{label = 'nobody'}).ids")
        #expect(ending.values == ["stop: nothing to do", 0])
        #expect(fleet.orders.isEmpty)
        #expect(ending.report == nil)
    }

    @Test(
        "what is no target raises invalid_argument with file, line, function and parameter, and sends nothing",
        arguments: [
            "vast.stop()", "vast.stop(nil)", "vast.stop('12')", "vast.stop(12.5)", "vast.stop(-1)", "vast.stop(0)",
            "vast.stop(1e300)", "vast.stop({12, 'x'})", "vast.stop({id = 12})", "vast.stop({12, nil, 13})",
            "vast.stop(true)", "vast.stop(print)", "vast.stop({{12}})", "vast.stop(12, {resaon = 'x'})",
            "vast.stop(12, 5)", "vast.stop(12, {wait = 'soon'})", "vast.label(12)", "vast.label(12, nil)",
            "vast.label(12, 5)", "vast.label(12, ('x'):rep(1025))", "vast.label(12, '\\xff')",
            "vast.start(12, {unavailable = 'cancle'})", "vast.start(12, {every = '5m'})",
            "vast.wait(12, 'runing')", "vast.wait(nil, 'running')"
        ])
    func noTarget(script: String) async throws {
        let (ending, fleet) = try await run("\n\(script)")
        #expect(ending.kind == "invalid_argument", "\(ending.text)")
        #expect(ending.text.hasPrefix("script.lua:2: "), "\(ending.text)")
        #expect(fleet.orders.isEmpty)
    }

    @Test(
        "a verb that interrupts refuses the result of a query that left nothing out",
        arguments: [
            "vast.stop(vast.instances())", "vast.reboot(vast.instances{label = os.getenv('NO_SUCH_TEAM')})",
            "vast.stop(vast.instances():sort_by('rate'))", "vast.stop(vast.observe('3m'))",
            "vast.stop(vast.instances():where{})", "vast.stop(vast.instances():group('gpu_name')['RTX 4090'])"
        ])
    func unrestricted(script: String) async throws {
        let (ending, fleet) = try await run(script, on: Self.three)
        #expect(ending.kind == "guard", "\(ending.text)")
        #expect(fleet.orders.isEmpty)
    }

    @Test("a label may be given to the whole fleet")
    func labelAll() async throws {
        let (ending, fleet) = try await run("vast.label(vast.instances(), 'x')", on: Self.three)
        #expect(ending.error == nil)
        #expect(fleet.orders.map(\.ids.count) == [3])
    }

    @Test("recycle and destroy want exactly their ids again", arguments: ["recycle", "destroy"])
    func confirmation(verb: String) async throws {
        for options in ["", ", {confirm = 13}", ", {confirm = {12, 13}}", ", {}"] {
            let (ending, fleet) = try await run("vast.\(verb)(12\(options))", on: Self.three)
            #expect(ending.kind == "guard")
            #expect(fleet.orders.isEmpty)
        }
        let (ending, fleet) = try await run("vast.\(verb)({12, 14}, {confirm = {14, 12}})", on: Self.three)
        #expect(ending.error == nil)
        #expect(fleet.orders.map(\.ids) == [[12, 14]])
    }

    @Test("what is so already sends nothing when the snapshot is fresh")
    func satisfied() async throws {
        let off = FakeFleet.row(12, FakeFleet.off)
        let script = """
            local i = vast.instance(12)
            i:stop()
            vast.label(i, '')
            vast.start(vast.instance(13))
            """
        let (ending, fleet) = try await run(script, on: [off, FakeFleet.row(13)])
        #expect(ending.error == nil)
        #expect(fleet.orders.isEmpty)
        #expect(ending.report == nil)
    }

    @Test("a stop of an interruptible instance is always sent; one of a bare id that is shown to be stopped is not")
    func alwaysSent() async throws {
        var outbid = FakeFleet.row(12, FakeFleet.off)
        outbid["is_bid"] = true
        let (_, fleet) = try await run("vast.instance(12):stop() vast.stop(13)", on: [outbid, FakeFleet.row(13, FakeFleet.off)])
        #expect(fleet.orders.map(\.ids) == [[12]])
    }

    @Test("stopping and starting by one snapshot does both")
    func backAndForth() async throws {
        let (ending, fleet) = try await run("local i = vast.instance(12) i:stop() i:start() i:stop()")
        #expect(ending.error == nil)
        #expect(fleet.orders.map(\.verb) == [.stop, .start, .stop])
    }

    @Test("a snapshot older than a minute is read again, a list with one reading")
    func stale() async throws {
        let script = "local l = vast.instances{label = ''} vast.sleep('61s') vast.stop(l)"
        let (ending, fleet) = try await run(script, on: Self.three, options: Runtime.Options(confirm: .zero))
        #expect(ending.error == nil, "\(ending.text)")
        #expect(fleet.readings == 2)
        #expect(fleet.orders.map(\.ids) == [[12, 14]])
    }

    @Test(
        "a change by somebody else since then is a conflict; ours is not",
        arguments: [
            ("local i = vast.instance(12) vast.sleep('2m') vast.instances{id = 12} i:stop()", "conflict"),
            ("local i = vast.instance(12) vast.sleep('2m') vast.label(12, 'x') i:stop()", nil),
            ("local i = vast.instance(12) vast.stop(12) vast.sleep('2m') vast.label(i, 'x')", nil)
        ])
    func conflicts(script: String, kind: String?) async throws {
        let (ending, fleet) = try await run(script) { fleet in
            guard kind != nil else { return }
            fleet.state.withLock { $0.beforeReading = { _, rows in rows[12]?["label"] = "theirs" } }
        }
        #expect(ending.kind == kind, "\(ending.text)")
        #expect(fleet.orders.contains { $0.verb == .stop } == (kind == nil))
    }

    @Test("an instance that is gone since it was read is not_found")
    func gone() async throws {
        let (ending, _) = try await run("local i = vast.instance(12) vast.sleep('2m') i:stop()") { fleet in
            fleet.state.withLock { $0.beforeReading = { _, rows in rows[12] = nil } }
        }
        #expect(ending.kind == "not_found")
    }

    @Test("a list does all it can and raises partial with a result for each id")
    func partial() async throws {
        let script = """
            local ok, err = pcall(vast.stop, {12, 13, 99})
            return ok, err.kind, err.results[12], err.results[13].kind, err.results[99].kind, err.results[13].code
            """
        let (ending, fleet) = try await run(script, on: Self.three) { fleet in
            let error = VastError(.conflict, "no", code: "odd", instance: 13)
            fleet.state.withLock { $0.failures = [.stop: [13: error]] }
        }
        #expect(ending.values == [false, "partial", true, "conflict", "not_found", "odd"])
        #expect(fleet.orders.map(\.ids) == [[12, 13, 99]])
        #expect(ending.hasOpenChanges)
    }

    @Test("a single id raises its own kind, with its fields")
    func single() async throws {
        let script = """
            local ok, err = pcall(vast.start, 12)
            return err.kind, err.status, err.code, err.instance, err.request, err.attempts, tostring(err)
            """
        let (ending, _) = try await run(script, on: [FakeFleet.row(12, FakeFleet.off)]) { fleet in
            let error = VastError(
                .unavailable, "start 12: GPU rented to someone else", status: 200, code: "resources_unavailable",
                instance: 12, request: "PUT /api/v0/instances/12/", attempts: 1)
            fleet.state.withLock { $0.failures = [.start: [12: error]] }
        }
        #expect(
            ending.values == [
                "unavailable", 200, "resources_unavailable", 12, "PUT /api/v0/instances/12/", 1,
                "script.lua:1: start 12: GPU rented to someone else (unavailable)"
            ])
        #expect(ending.hasOpenChanges, "caught or not, the change failed")
    }

    @Test("vast.try settles a failure, and passes other kinds on")
    func trying() async throws {
        let error = VastError(.unavailable, "taken", instance: 12)
        let script = "local r, e = vast.try('unavailable', vast.start, 12) return r, e.kind"
        let (ending, _) = try await run(script, on: [FakeFleet.row(12, FakeFleet.off)]) {
            $0.state.withLock { $0.failures = [.start: [12: error]] }
        }
        #expect(ending.values == [nil, "unavailable"])
        #expect(!ending.hasOpenChanges)
        let other = "vast.try({'conflict', 'timeout'}, vast.start, 12)"
        let (passed, _) = try await run(other, on: [FakeFleet.row(12, FakeFleet.off)]) {
            $0.state.withLock { $0.failures = [.start: [12: error]] }
        }
        #expect(passed.kind == "unavailable")
        #expect(try await values("return vast.try('timeout', function(...) return select('#', ...), ... end, 1, nil)") == [2, 1, nil])
    }

    @Test("a later success settles an earlier failure")
    func laterSuccess() async throws {
        let (ending, _) = try await run("pcall(vast.start, 99) pcall(vast.stop, 12) vast.label(12, 'x')")
        #expect(ending.hasOpenChanges, "99 has failed for good")
        let script = "pcall(vast.stop, 12) vast.stop(12)"
        let (settled, _) = try await run(script) { fleet in
            fleet.state.withLock { state in
                state.failures = [.stop: [12: VastError(.server, "no")]]
                state.beforeReading = nil
            }
        }
        #expect(settled.hasOpenChanges)
        #expect(settled.kind == "server")
    }

    @Test("a reason may be text or a function, which may wait")
    func reasons() async throws {
        let script = """
            local seen = {}
            vast.stop({12, vast.instance(14)}, {reason = function(i) vast.sleep(1) seen[#seen + 1] = i and i.id or 'none' end})
            return table.concat(seen, ' ')
            """
        let (ending, _) = try await run(script, on: Self.three)
        #expect(ending.error == nil, "\(ending.text)")
        // What is named by its id alone is looked at first.
        #expect(ending.values == ["12 14"])
    }

    @Test("wait returns when the fleet shows it, and a wait that is too long is unconfirmed")
    func waiting() async throws {
        let (ending, fleet) = try await run(
            "return vast.stop(12, {wait = true}).state, vast.stop(12):wait('5m').state, #vast.stop({12}, {wait = '5m'})")
        #expect(ending.values == ["stopped", "stopped", 1])
        #expect(fleet.readings >= 1)
        let (late, _) = try await run("vast.stop(12, {wait = '3m'})") { $0.state.withLock { $0.ignores = [12] } }
        #expect(late.kind == "unconfirmed")
        #expect(late.text.contains("12 is running"))
    }

    @Test(
        "what was sent and must not be sent again is not retryable when it is not seen in time",
        arguments: [("vast.reboot", false), ("vast.stop", true)])
    func lateAndSent(verb: String, isRetryable: Bool) async throws {
        let script = "local _, e = pcall(\(verb), 12, {wait = '1m'}) return e.kind, e.code, e.retryable"
        let (ending, _) = try await run(script, on: [FakeFleet.row(12, ["actual_status": "rebooting"])]) {
            $0.state.withLock { $0.ignores = [12] }
        }
        #expect(ending.values == ["timeout", "unconfirmed", .boolean(isRetryable)], "\(ending.text)")
    }

    @Test("a partial error is not retryable, since a part is done: the error of each instance tells")
    func partialRetry() async throws {
        let script = "local _, e = pcall(vast.reboot, {12, 13}) return e.kind, e.retryable, e.results[13].retryable"
        let (ending, _) = try await run(script, on: [FakeFleet.row(12), FakeFleet.row(13)]) {
            $0.state.withLock { $0.failures[.reboot] = [13: VastError(.network, "no", instance: 13)] }
        }
        #expect(ending.values == ["partial", false, true], "\(ending.text)")
    }

    @Test("an empty list gives with wait what another list gives")
    func emptyWait() async throws {
        let script = """
            local r = vast.stop({}, {wait = true})
            return #r, #vast.stop({12}, {wait = true}), #vast.start({}, {wait = '5m'}), tostring(vast.stop({}))
            """
        #expect(try await values(script) == [0, 1, 0, "stop: nothing to do"])
    }
}
