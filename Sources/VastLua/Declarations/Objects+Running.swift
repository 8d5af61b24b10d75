/// What schedules and tasks hand out.
extension ObjectDeclaration {
    static let job = ObjectDeclaration(
        "vast.Job", "Something that runs again and again.", sample: #"vast.every("5m", function() end, {name = "sample"})"#,
        readOnly: "vast.every and the like make another one",
        fields: [
            FieldDeclaration("name", "string", "as given, or file, line and when"),
            FieldDeclaration("spec", "string", "when it runs, in words"),
            FieldDeclaration("next", "number?", "its next run, in Unix seconds; nil when there is none"),
            FieldDeclaration("last", "number?", "its last run, in Unix seconds"),
            FieldDeclaration("running", "boolean", "whether it is running now"),
            FieldDeclaration("runs", "integer", "how often it has run"),
            FieldDeclaration("failures", "integer", "how often it has raised"),
            FieldDeclaration("skipped", "integer", "how often it was still running when it was due")
        ],
        methods: [
            Declaration(
                "cancel", "it does not run again", example: #"vast.every("5m", function() end, {name = "cancelled"}):cancel()"#
            ) { try $0.jobs.cancel($1) }
        ])

    static let task = ObjectDeclaration(
        "vast.Task", "A function that runs side by side with the rest.", sample: "vast.spawn(function() end)",
        readOnly: "a task has no fields of a script's own",
        fields: [
            FieldDeclaration("status", "\"running\"|\"done\"|\"failed\"|\"cancelled\"", "how far it is"),
            FieldDeclaration("name", "string", "where it was begun")
        ],
        methods: [
            Declaration(
                "join", "waits for its end and gives its results, or raises its error", returns: [Returned("any ...")],
                example: "print(vast.spawn(function() return 1, 2 end):join())"
            ) { try $0.tasks.join($1) },
            Declaration("cancel", "ends it where it waits", example: #"vast.spawn(vast.sleep, "1h"):cancel()"#) { try $0.tasks.cancel($1) }
        ])

    static let policy = ObjectDeclaration(
        "vast.Policy", "A rule at work.",
        sample:
            #"vast.policy{name = "sample", match = {label = "dev*"}, action = "stop", when = function(inst) return inst:is_idle("1h") end}"#,
        readOnly: "vast.policy makes another one",
        fields: [
            FieldDeclaration("name", "string", "as given, or file and line"),
            FieldDeclaration("every", "number", "how often it looks, in seconds"),
            FieldDeclaration("next", "number?", "when it looks next, in Unix seconds")
        ],
        methods: [
            Declaration(
                "cancel", "it does not act again",
                example: #"vast.policy{name = "c", match = {label = "dev*"}, action = "stop", when = function() return nil end}:cancel()"#
            ) { try $0.policies.cancel($1) }
        ])

    static let subscription = ObjectDeclaration(
        "vast.Subscription", "What vast.on returns.", sample: #"vast.on("gone", print)"#, readOnly: "vast.on makes another one",
        methods: [
            Declaration("cancel", "the function is not called again", example: #"vast.on("gone", print):cancel()"#) {
                try $0.events.cancel($1)
            }
        ])

    static let calendar = ObjectDeclaration(
        "vast.Calendar", "The instants of a cron expression in a zone.", sample: #"vast.calendar("@daily")"#,
        readOnly: "vast.calendar makes another one",
        methods: [
            Declaration(
                "next", "the next instant, or a list of at most n",
                [.after, Parameter("n", .integer.within(.from(0, to: 1_000_000)), "how many", optional: true)],
                returns: [Returned("integer|integer[]?", "in Unix seconds")],
                example: #"print(vast.calendar("@daily", {tz = "UTC"}):next(0))"#
            ) { try $0.calendars.next($1) },
            Declaration(
                "matches", "whether it is one of them", [.instant], returns: [Returned("boolean")],
                example: #"print(vast.calendar("@daily", {tz = "UTC"}):matches(86400))"#
            ) { try $0.calendars.matches($1) }
        ])

    static let hours = ObjectDeclaration(
        "vast.Hours", "Hours of the week in a zone.", sample: #"vast.hours("mon-fri 08:00-19:00")"#,
        readOnly: "vast.hours makes another one",
        methods: [
            Declaration(
                "contains", "whether an instant is in them", [.instant], returns: [Returned("boolean")],
                example: #"print(vast.hours("mon-fri 08:00-19:00"):contains(vast.now()))"#
            ) { try $0.calendars.contain($1) },
            Declaration(
                "next_on", "when they next begin", [.instant], returns: [Returned("integer?", "in Unix seconds; nil: never")],
                example: #"print(vast.hours("mon-fri 08:00-19:00"):next_on(vast.now()))"#
            ) { try $0.calendars.edge($1) { $0.nextOn(after: $1) } },
            Declaration(
                "next_off", "when they next end", [.instant], returns: [Returned("integer?", "in Unix seconds; nil: never")],
                example: #"print(vast.hours("mon-fri 08:00-19:00"):next_off(vast.now()))"#
            ) { try $0.calendars.edge($1) { $0.nextOff(after: $1) } }
        ])
}

extension Parameter {
    fileprivate static let instant = Parameter("t", .number.within(.instant), "in Unix seconds; default: now", optional: true)
    fileprivate static let after = Parameter("after", .number.within(.instant), "in Unix seconds; default: now", optional: true)
}
