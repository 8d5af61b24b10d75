import LuaEngine
import Testing
import VastAPI

@testable import VastLua

/// What would be silent in Lua raises: fields, arguments, operators and sums that mean nothing.
@Suite struct StrictnessTests {
    private func message(_ source: String) async throws -> String {
        let ending = try await run(source).0
        #expect(ending.kind == "invalid_argument", "\(source): \(ending)")
        return ending.text
    }

    /// How scripts get each plain table with declared fields.
    private static let plain = [
        ("vast.User", "vast.user()"), ("vast.ExecResult", "vast.exec{'true'}"), ("vast.Sample", "vast.instance(12):history()[1]"),
        ("vast.StopRisk", "vast.instance(12):stop_risk()"), ("vast.Wishes", "vast.instance(12):wishes()")
    ]

    @Test("a field that a plain table cannot have raises with what was meant, and one that it lacks is nil", arguments: plain)
    func fields(name: String, source: String) async throws {
        let object = try #require(ObjectDeclaration.plain.first { $0.name == name })
        for field in object.fields {
            #expect(try await run("local o = \(source) return o.\(field.name) == o.\(field.name)").0.values == [true], "\(field.name)")
            for wrong in ["\(field.name)x", "x\(field.name)"] where !object.names.contains(wrong) {
                let text = try await message("local o = \(source) return o.\(wrong)")
                #expect(text.hasPrefix("script.lua:1: a \(name) has no field '\(wrong)'"), "\(text)")
                #expect(text.contains(", did you mean '"), "\(text)")
            }
        }
        let values = try await run("local o = \(source) o.mine = 1 return o.mine, o[1], next(o) ~= nil, type(vast.json.encode(o))").0.values
        #expect(values == [1, nil, true, "string"])
    }

    @Test("the field of another tool's result is answered with those that there are")
    func otherNames() async throws {
        #expect(try await message("return vast.exec{'true'}.stdout").contains("no field 'stdout'; it has code, out, err, truncated"))
    }

    @Test("an excess and a change raise, too")
    func jobs() async throws {
        for script in [
            "vast.budget{per_day = 0, order = {{label = '*'}}, notify = function(e) out[1] = tostring(select(2, pcall(function() return e.rte end))) end}",
            "vast.on('appeared', function(c) out[1] = tostring(select(2, pcall(function() return c.evnt end))) end)"
        ] {
            let (run, _) = try await runJobs(script, for: .seconds(900)) { fleet in
                fleet.state.withLock { $0.beforeReading = { count, rows in if count == 2 { rows[13] = FakeFleet.row(13) } } }
            }
            #expect(run.texts.first?.contains("did you mean '") == true, "\(script): \(run)")
        }
    }

    @Test("an argument more than there are parameters raises, in every function and every method of lists and instances")
    func surplus() async throws {
        var count = 0
        func check(_ name: String, _ declaration: Declaration, _ call: String) async throws {
            guard declaration.parameters.last?.isVariadic != true else { return }
            count += 1
            let given = Array(repeating: "nil", count: declaration.parameters.count) + ["1"]
            let text = try await message("\(call)(\(given.joined(separator: ", ")))")
            #expect(text.contains("\(name) \(Declaration.takes(declaration.parameters.count)), not \(given.count)"), "\(text)")
        }
        for declaration in Declaration.all { try await check("vast.\(declaration.name)", declaration, "vast.\(declaration.name)") }
        for method in ObjectDeclaration.list.methods {
            try await check("vast.list:\(method.name)", method, "vast.instances():\(method.name)")
        }
        for method in ObjectDeclaration.instance.methods {
            try await check("vast.instance:\(method.name)", method, "vast.instance(12):\(method.name)")
        }
        #expect(count > 60)
    }

    @Test("what is nil behind the last parameter is no argument, and a method behind a dot counts its object")
    func surplusNil() async throws {
        let script = "local l = vast.instances() return vast.now(nil) > 0, #l.take(l, 1), pcall(l.take, l, 1, 2)"
        #expect(try await run(script).0.values.prefix(3) == [true, 1, false])
    }

    @Test(
        "what an object does not have raises with what was meant",
        arguments: [
            ("vast.calendar('@daily'):nxet()", "unknown method 'nxet' (vast.Calendar), did you mean 'next'?"),
            ("vast.hours('mon-fri 08:00-19:00'):contians(1)", "unknown method 'contians' (vast.Hours), did you mean 'contains'?"),
            ("vast.hours('mon-fri 08:00-19:00'):foo()", "unknown method 'foo' (vast.Hours); it has contains, next_on, next_off"),
            ("vast.on('gone', print):cancle()", "unknown method 'cancle' (vast.Subscription), did you mean 'cancel'?"),
            ("return vast.instances() + 1", "vast.List has no operator '+'; there are '|', '&', '-'"),
            ("return 1 + vast.instances()", "vast.List has no operator '+'"),
            ("return 'x' .. vast.instances()", "tostring makes a text of it"),
            ("return vast.instances() < vast.instances()", "vast.List has no operator '<'"), ("return -vast.instances()", "'-' before it"),
            ("return vast.instances() | 1", "'|' of a list takes another list of instances, not 1"),
            ("return vast.instances() - 'x'", "'-' of a list takes another list of instances, not a string"),
            ("return nil & vast.instances()", "'&' of a list takes another list of instances, not a nil"),
            ("return vast.instance(12) + 1", "vast.Instance has no operator '+'"),
            ("return vast.stop(12) .. ''", "vast.Result has no operator '..'"),
            ("vast.instance(12):reboot()", "an instance has no field 'reboot'; vast.reboot takes the instance")
        ])
    func missing(source: String, expected: String) async throws {
        let ending = try await run(source).0
        #expect(ending.text.contains(expected), "\(ending)")
    }

    @Test("an operator that a list does not have says so", arguments: ["+", "*", "/", "%", "^", "//", "~", "<<", ">>", "..", "<"])
    func operators(symbol: String) async throws {
        let text = try await message("local l = vast.instances() return l \(symbol) \(symbol == "<" ? "l" : "1")")
        #expect(text.contains(ObjectDeclaration.list.missingOperator(symbol)), "\(text)")
    }

    @Test(
        "only what is a number is added up",
        arguments: [
            ("'label'", "'label' holds no numbers"), ("'state'", "'state' holds no numbers"), ("'gpu_name'", "holds no numbers"),
            ("'is_bid'", "holds no numbers"), ("function(i) return i.label end", "what is added up is numbers, and not 'x'"),
            ("'rate'", nil), ("'gpu_temp'", nil), ("'brand_new_field'", nil), ("function() return nil end", nil)
        ] as [(String, String?)])
    func sums(field: String, expected: String?) async throws {
        let ending = try await run("return vast.instances():sum(\(field))", on: [FakeFleet.row(12, ["label": "x", "gpu_temp": "NaN"])]).0
        if let expected { #expect(ending.text.contains(expected), "\(ending)") } else { #expect(ending.error == nil, "\(ending)") }
    }

    @Test("no field of another kind has a total, also of a list without instances")
    func allSums() async throws {
        for field in FieldDeclaration.instanceFields where !["number", "integer"].contains(where: field.type.contains) {
            #expect(try await message("return vast.instances{label = 'nobody'}:sum('\(field.name)')").contains("holds no numbers"))
        }
    }

    @Test(
        "numbers in messages are as a person writes them",
        arguments: [
            ("vast.guard{max_stops = 0/0}", "max_stops = nan is"), ("vast.guard{max_fraction = 2}", "max_fraction = 2 is"),
            ("vast.sleep(0/0)", "not nan seconds"), ("vast.sleep(-1)", "not -1 seconds"), ("vast.stop(-1)", "got -1)"),
            ("vast.stop(0/0)", "got nan)"), ("vast.stop(12.5)", "got 12.5)"), ("vast.bid(12, 1, {max = 0})", "above 0, not 0 "),
            ("vast.start(12, {unavailable = 'retry', max_rate = -1})", "from 0 up, not -1 "), ("vast.json.encode(0/0)", "nan is no JSON"),
            ("vast.json.encode({1, nil, 3})", "a list with nothing at 2 and something at 3 is no JSON"),
            ("vast.json.encode({[1] = 'a', [3] = 'b'})", "put vast.json.null where a null is meant"),
            ("vast.json.encode({1, x = 2})", "the number 1 as key"),
            ("vast.json.encode({[1.5] = 1})", "the number 1.5 as key is no JSON"),
            ("vast.instance(12):is_idle('1h', {coverage = 2})", "from 0 to 1, not 2"),
            ("vast.exec{'true', 0/0}", "word 2 of the command is nan"),
            ("vast.budget{per_day = -1, order = {{label = 'x'}}}", "not -1 "),
            ("vast.instance(-5)", "'id' to 'vast.instance' (id from 1 up expected, got -5)"),
            ("vast.instance(0)", "got 0)")
        ])
    func numbers(source: String, expected: String) async throws {
        let text = try await message(source)
        #expect(text.contains(expected) && !text.contains("-nan") && !text.contains(".0"), "\(text)")
    }

    @Test("an empty list needs no confirmation")
    func emptyList() async throws {
        for verb in ["destroy", "recycle"] {
            let (ending, fleet) = try await run(
                "return tostring(vast.instances{label = 'nobody'}:\(verb){confirm = {}}), tostring(vast.\(verb)({}, {}))")
            #expect(ending.values == [.string("\(verb): nothing to do"), .string("\(verb): nothing to do")], "\(ending)")
            #expect(fleet.orders.isEmpty)
        }
    }

    @Test("a field with two letters exchanged, or one missing, is meant before one with a wrong letter")
    func suggestions() async throws {
        #expect(try await message("vast.instances{sate = 'running'}").contains("did you mean 'state'?"))
        #expect(try await message("vast.instances{stae = 'running'}").contains("did you mean 'state'?"))
    }

    /// A call of each function and method that has an option which is true or false; `OPTION` stands for one.
    private static let switched: [(name: String, calls: [String])] =
        Change.Verb.allCases.filter { $0.rules.request(for: 12, .label("x")) != nil || $0 == .bid }.map { verb in
            let payload = verb == .label ? "'x', " : verb == .bid ? "0.5, " : ""
            let confirm = verb.rules.needsConfirmation ? "confirm = ids, " : ""
            return (
                verb.rawValue,
                (["vast.\(verb.rawValue)(l, "]
                    + [("l", ObjectDeclaration.list), ("i", .instance)].filter { $0.1.methods.contains { $0.name == verb.rawValue } }
                    .map { "\($0.0):\(verb.rawValue)(" }).map { "\($0)\(payload){\(confirm)OPTION})" }
            )
        } + [
            ("set_label", ["i:set_label('x', {OPTION})"]), ("every", ["vast.every('1h', print, {OPTION})"]),
            ("guard", ["vast.guard{OPTION}"]),
            ("policy", ["vast.policy{action = 'stop', when = function() return true end, OPTION}"])
        ]

    @Test("an option that is true or false is nothing else, in every function, and nothing is sent")
    func switches() async throws {
        var count = 0
        let declarations = Declaration.all + ObjectDeclaration.list.methods + ObjectDeclaration.instance.methods
        for declaration in declarations {
            for option in declaration.parameters.flatMap({ $0.options ?? [] }) where option.type == .boolean {
                let calls = try #require(Self.switched.first { $0.name == declaration.name }?.calls, "\(declaration.name): \(option.name)")
                for call in calls {
                    for wrong in ["'false'", "'true'", "''", "0", "1", "{}", "print", "os.getenv('PATH')"] {
                        count += 1
                        let script = call.replacing("OPTION", with: "\(option.name) = \(wrong)")
                        let (ending, fleet) = try await run("local l = vast.instances() local i, ids = l[1], {l[1].id} \(script)")
                        #expect(ending.kind == "invalid_argument" && ending.text.contains(option.name), "\(script): \(ending)")
                        #expect(fleet.orders.isEmpty, "\(script)")
                    }
                }
            }
        }
        #expect(count > 150)
    }

    @Test(
        "what a field is compared with in a query is of the kind that it holds; a text that was to be a comparison says how",
        arguments: [
            ("{num_gpus = '4'}", "num_gpus is a number, not a text: num_gpus = 4"),
            ("{num_gpus = {2, '4'}}", "num_gpus is a number, not a text: num_gpus = 4"),
            ("{num_gpus = '>2'}", "for a comparison: num_gpus = function(n) return n and n > 2 end"),
            ("{rate = '<= 0.5'}", "function(n) return n and n <= 0.5 end"), ("{gpu_util = '!= 3'}", "n and n ~= 3"),
            ("{age = '=5'}", "n and n == 5"), ("{gpu_util = 'low'}", "gpu_util is a number, not a text"),
            ("{id = '12'}", "id is a number, not a text: id = 12"), ("{rate = true}", "rate is a number, not a boolean"),
            ("{is_bid = 'true'}", "is_bid is true or false, not a text: is_bid = true"), ("{is_bid = 1}", "is_bid is true or false"),
            ("{label = 12}", "label is a text, not a number: label = \"12\""), ("{state = true}", "state is a text"),
            ("{gpu_name = 4090}", "gpu_name is a text, not a number: gpu_name = \"4090\"")
        ])
    func queried(query: String, message expected: String) async throws {
        for call in ["vast.instances", "vast.instances():where"] {
            let text = try await message("return \(call)\(query)")
            #expect(text.contains(expected), "\(text)")
        }
    }

    @Test(
        "a text in place of a query says how the query is written",
        arguments: [
            ("'dev*'", "{label = \"dev*\"}"), ("'state=running'", "{state = \"running\"}"), ("'num_gpus=4'", "{num_gpus = 4}"),
            ("40112233", "vast.instance(40112233)"), ("''", "table expected, got string"), ("'x=1'", "{label = \"x=1\"}")
        ])
    func textQueries(text: String, hint: String) async throws {
        #expect(try await message("return vast.instances(\(text))").contains(hint))
    }

    @Test("every word that people try for a field is answered with the field")
    func spokenWords() async throws {
        for (word, field) in FieldDeclaration.spokenWords {
            #expect(FieldDeclaration.instanceNames.contains(field) && !FieldDeclaration.instanceNames.contains(word), "\(word)")
            let value = field == "label" ? "'x'" : "function() return true end"
            for script in ["vast.instances{\(word) = \(value)}", "vast.instances():sum('\(word)')"] {
                #expect(try await message("return \(script)").contains("did you mean '\(field)'?"), "\(script)")
            }
        }
    }
}
