import VastAPI

/// Lists of instances, and what verbs have done to them.
extension ObjectDeclaration {
    /// What lists of instances are called.
    package static let listName = "vast.List"

    static let list = ObjectDeclaration(
        listName,
        "A list of instances with methods; printed, it is a table. `a | b` has what is in either, `a & b` what is in both, `a - b` "
            + "what is in the first alone, by their ids.",
        sample: "vast.instances()", element: "vast.Instance", operators: ["|", "&", "-"], isOpen: true,
        methods: listQueries + listVerbs)

    private static let listQueries = [
        Declaration("ids", "their ids, in order", returns: [Returned("integer[]")], example: "print(#vast.instances():ids())") {
            try $0.fleet.ids($1)
        },
        Declaration(
            "where", "those that a query means, or for which a function returns something true",
            [Parameter("query", .query | .function("(inst: vast.Instance): boolean"))], returns: [Returned("vast.List")],
            example: #"print(vast.instances():where{state = "stopped"})"#
        ) { try $0.fleet.whereMethod($1) },
        Declaration(
            "sum", "the total of a field, or of what a function returns, and for how many it is unknown", [.field],
            returns: [Returned("number", "the total of what is known"), Returned("integer", "how many are unknown")],
            example: #"local rate, unknown = vast.instances():sum("rate")"#
        ) { try $0.fleet.sum($1) },
        Declaration(
            "sort_by",
            "a new list in rising order of a field or of what a function returns, `-` before the field: falling; what is unknown comes last",
            [.order], returns: [Returned("vast.List")], example: #"print(vast.instances():sort_by("-rate"))"#
        ) { try $0.fleet.sortBy($1) },
        Declaration(
            "group", "lists by the value of a field or of a function; those without one are under false", [.field],
            returns: [Returned("table<any, vast.List>")],
            example: #"for name, list in pairs(vast.instances():group("gpu_name")) do print(name, #list) end"#
        ) { try $0.fleet.group($1) },
        Declaration(
            "take", "a new list of the first so many", [Parameter("count", .integer.within(.from(0)))], returns: [Returned("vast.List")],
            example: #"print(vast.instances():sort_by("-rate"):take(3))"#
        ) { try $0.fleet.take($1) },
        Declaration(
            "first", "the first instance; nil when there is none", returns: [Returned("vast.Instance?")],
            example: #"print(vast.instances{label = "train*"}:first())"#
        ) { try $0.fleet.first($1) },
        Declaration(
            "one", "the only instance; raises when there is none, or more than one", returns: [Returned("vast.Instance")],
            raises: [.notFound, .conflict], example: #"print(vast.instances{id = 40112233}:one())"#
        ) { try $0.fleet.one($1) }
    ]

    private static let listVerbs = [
        Declaration(
            "stop", "stops them, like vast.stop", [.verbOptions()], returns: [.accepted], raises: Declaration.changeErrors,
            example: #"print(vast.instances{label = "sweep*"}:stop{reason = "done"})"#
        ) { try $0.verbs.perform(.stop, $1) },
        Declaration(
            "start", "starts them, like vast.start", [.verbOptions(Declaration.startOptions, rules: [.retry])], returns: [.accepted],
            raises: Declaration.changeErrors + [.unavailable, .billing],
            example: #"vast.try({"partial", "unavailable"}, function() vast.instances{label = "dev*", state = "stopped"}:start() end)"#
        ) { try $0.verbs.perform(.start, $1) },
        Declaration(
            "label", "sets their label, like vast.label", [Parameter("text", .label), .verbOptions()], returns: [.accepted],
            raises: Declaration.changeErrors, example: #"vast.instances{label = "sweep*"}:label("sweep-done")"#
        ) { try $0.verbs.perform(.label, $1) },
        Declaration(
            "bid", "changes their bids, like vast.bid",
            [Parameter("price", .number.within(.positive), "$/h for each whole instance"), .verbOptions(Declaration.bidOptions)],
            returns: [.accepted], raises: Declaration.changeErrors,
            example: #"vast.instances{id = {40112272}}:bid(0.44)"#
        ) { try $0.verbs.perform(.bid, $1) },
        Declaration(
            "reboot", "reboots them, like vast.reboot", [.verbOptions()], returns: [.accepted], raises: Declaration.changeErrors,
            example: #"vast.instances{label = "sweep-1"}:reboot()"#
        ) { try $0.verbs.perform(.reboot, $1) },
        Declaration(
            "recycle", "recycles them, like vast.recycle", [.verbOptions([.confirm])], returns: [.accepted],
            raises: Declaration.changeErrors,
            example: "vast.guard{allow_recycle = true}\nvast.instances{id = {40112239}}:recycle{confirm = 40112239}"
        ) { try $0.verbs.perform(.recycle, $1) },
        Declaration(
            "destroy", "destroys them, like vast.destroy", [.verbOptions([.confirm])], returns: [.gone], raises: Declaration.changeErrors,
            example: "vast.guard{allow_destroy = true}\nvast.instances{id = {40112300}}:destroy{confirm = 40112300}"
        ) { try $0.verbs.perform(.destroy, $1) }
    ]

    /// What results of verbs are called.
    package static let resultName = "vast.Result"

    static let result = ObjectDeclaration(
        resultName,
        "What a verb has done: true in a condition; printed, it is one line. `result[id]` is what became of an instance: accepted "
            + "(in a dry run: planned), or satisfied where nothing had to be sent.",
        sample: "vast.label(40112241, \"dev-anna\")", element: "vast.Outcome?", readOnly: "it only says what a verb has done",
        fields: [
            FieldDeclaration("verb", "vast.Verb", "such as stop"), FieldDeclaration("ids", "integer[]", "what was asked for"),
            FieldDeclaration(
                "changed", "integer[]", "what the service has accepted, or a dry run has planned; what was so already is not in it"),
            FieldDeclaration("failed", "integer[]", "what failed; a verb raises when something has")
        ],
        methods: [
            Declaration(
                "wait", "waits until the fleet shows it, and gives the fresh instance, or a list; the result itself where it is gone",
                [Parameter("timeout", .length, "how long (10m)", optional: true)], returns: [Returned("vast.Instance|vast.List")],
                raises: [.timeout, .notFound], example: "print(vast.stop(40112238):wait().state)"
            ) { try $0.verbs.waitForResult($1) }
        ])
}

extension Parameter {
    fileprivate static let field = field(mayFall: false)
    fileprivate static let order = field(mayFall: true)

    private static func field(mayFall: Bool) -> Parameter {
        Parameter(
            "field", ValueType("string", [.string], texts: .field(mayFall: mayFall)) | .function("(inst: vast.Instance): any"),
            "a field of instances, or a function of one")
    }
}
