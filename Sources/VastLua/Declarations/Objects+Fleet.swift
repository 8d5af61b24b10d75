import FleetRules

/// Instances and lists of them.
extension ObjectDeclaration {
    /// What instances are called.
    package static let instanceName = "vast.Instance"

    static let instance = ObjectDeclaration(
        instanceName,
        "A read-only snapshot of an instance: every field of the API by its name, and ours, which win. `pairs` works; what is not known is nil.",
        sample: "vast.instance(40112233)", readOnly: "an instance is a snapshot; use vast.label and the like", isOpen: true,
        fields: FieldDeclaration.instanceFields,
        methods: [
            Declaration(
                "stop", "stops it, like vast.stop", [.verbOptions()], returns: [.accepted], raises: Declaration.changeErrors,
                example: sample + #":stop{reason = "idle"}"#
            ) { try $0.verbs.perform(.stop, $1) },
            Declaration(
                "start", "starts it, like vast.start", [.verbOptions(Declaration.startOptions, rules: [.retry])], returns: [.accepted],
                raises: Declaration.changeErrors + [.unavailable, .billing],
                example: sample + ":start()"
            ) { try $0.verbs.perform(.start, $1) },
            Declaration(
                "bid", "changes its bid, like vast.bid",
                [Parameter("price", .number.within(.positive), "$/h for the whole instance"), .verbOptions(Declaration.bidOptions)],
                returns: [.accepted],
                raises: Declaration.changeErrors,
                example: #"vast.try({"guard", "conflict", "invalid_argument"}, function() \#(sample):bid(0.34) end)"#
            ) { try $0.verbs.perform(.bid, $1) },
            Declaration(
                "set_label", "sets its label, like vast.label", [Parameter("text", .label), .verbOptions()], returns: [.accepted],
                raises: Declaration.changeErrors, example: sample + #":set_label("train-a")"#
            ) { try $0.verbs.perform(.label, $1) },
            Declaration(
                "set_wish", "changes one wish in the brackets of its label and leaves the rest to the letter",
                [
                    Parameter("key", .words(LabelDirectives.keys), "which wish"),
                    Parameter("value", .any, "a text, true, or nil to remove it", optional: true)
                ],
                returns: [Returned("vast.Instance", "read again")], raises: [.conflict] + Declaration.changeErrors,
                example: sample + #":set_wish("keep", true)"#
            ) { try $0.labels.setWish($1) },
            Declaration(
                "wishes", "what its label asks for", returns: [Returned("vast.Wishes")], example: "print(\(sample):wishes().keep)"
            ) { try $0.labels.wishes($1) },
            Declaration(
                "refresh", "reads it again", returns: [Returned("vast.Instance")], raises: [.notFound] + Declaration.requestErrors,
                example: "print(\(sample):refresh().state)"
            ) { try $0.fleet.refresh($1) },
            Declaration(
                "is_idle", "whether every sample of the window was idle: true; false and why; nil and why it is unknown",
                [
                    Parameter("window", .length(.positiveLength), "the time that is judged"),
                    .options([
                        Parameter("below", .number.within(.from(0, to: 100)), "GPU utilisation in percent (5)", optional: true),
                        Parameter(
                            "coverage", .number.within(.fraction), "the part of the window that samples must cover (0.8)", optional: true),
                        Parameter("warm_up", .length, "after a start nothing is idle for so long (10m)", optional: true),
                        Parameter(
                            "signals", .signals,
                            "what else must be quiet: cpu, network, disk, temperature, own ones",
                            optional: true)
                    ])
                ],
                returns: [Returned("boolean?"), Returned("string?", "why")],
                example: #"local idle, why = "# + sample + #":is_idle("45m", {below = 5})"#
            ) { try $0.samples.isIdle($1) },
            Declaration(
                "history", "what readings have said, the oldest first, also those of earlier runs",
                [.options([Parameter("since", .length, "how far back (24h)", optional: true)])], returns: [Returned("vast.Sample[]")],
                example: "print(#\(sample):history{since = \"1h\"})"
            ) { try $0.samples.history($1) },
            Declaration(
                "running_for", "for how long it has been running, at least, in seconds; nil when it is not",
                returns: [Returned("number?")], example: "print(\(sample):running_for())"
            ) { try $0.samples.time($1, in: .running) },
            Declaration(
                "starting_for",
                "for how long it has been starting, in seconds, by the readings, or by the rental's age when it was never seen otherwise; nil when it is not",
                returns: [Returned("number?")], example: "print(\(sample):starting_for())"
            ) { try $0.samples.startingFor($1) },
            Declaration(
                "dead_for", "for how long it has been dead, at least, in seconds; nil when it is not",
                returns: [Returned("number?")], example: "print(\(sample):dead_for())"
            ) { try $0.samples.time($1, in: .dead) },
            Declaration(
                "stop_risk", "what a stop may cost", returns: [Returned("vast.StopRisk")],
                example: "for _, risk in ipairs(\(sample):stop_risk().risks) do print(risk) end"
            ) { try $0.samples.stopRisk($1) },
            Declaration(
                "table", "a copy as a plain table", returns: [Returned("table")], example: "print(\(sample):table().gpu_name)"
            ) { try $0.fleet.table($1) },
            Declaration(
                "raw", "the API's own value of a field, without our rules",
                [Parameter("name", ValueType("string", [.string], texts: .field(mayFall: false)), "a field")],
                returns: [Returned("any")], example: #"print("# + sample + #":raw("disk_usage"))"#
            ) { try $0.fleet.raw($1) }
        ])

    private static let sample = "vast.instance(40112233)"
}
