import VastAPI

/// What changes instances.
extension Declaration {
    static let verbs = [
        Declaration(
            "stop", "stops instances; their disks go on billing and the GPUs may be rented to others",
            [.target, .verbOptions()], returns: [.accepted], raises: changeErrors,
            example: #"vast.stop(40112233, {reason = "idle for an hour", wait = true})"#
        ) { try $0.verbs.perform(.stop, $1) },
        Declaration(
            "start", "starts instances; the GPUs may be rented to somebody else, and an interruptible one starts only when its bid wins",
            [.target, .verbOptions(startOptions, rules: [.retry])], returns: [.accepted], raises: changeErrors + [.unavailable, .billing],
            example: #"vast.try("unavailable", vast.start, 40112309, {unavailable = "cancel"})"#
        ) { try $0.verbs.perform(.start, $1) },
        Declaration(
            "label", "sets the label; \"\" removes it",
            [.target, Parameter("text", .label, "at most 1024 characters"), .verbOptions()], returns: [.accepted],
            raises: changeErrors, example: #"vast.label(40112233, "train-a until friday")"#
        ) { try $0.verbs.perform(.label, $1) },
        Declaration(
            "bid", "changes the bid for interruptible instances; a lower one may park them, a higher one may start them",
            [.target, Parameter("price", .number.within(.positive), "$/h for the whole instance"), .verbOptions(bidOptions)],
            returns: [.accepted],
            raises: changeErrors, example: #"vast.try({"guard", "conflict", "invalid_argument"}, vast.bid, 40112272, 0.44)"#
        ) { try $0.verbs.perform(.bid, $1) },
        Declaration(
            "reboot", "stops and starts the container; the GPUs are kept", [.target, .verbOptions()], returns: [.accepted],
            raises: changeErrors, example: "vast.reboot(40112233)"
        ) { try $0.verbs.perform(.reboot, $1) },
        Declaration(
            "recycle", "makes the container anew from its image; what is in it is lost", [.target, .verbOptions([.confirm])],
            returns: [.accepted], raises: changeErrors,
            example: "vast.guard{allow_recycle = true}\nvast.recycle(40112239, {confirm = 40112239})"
        ) { try $0.verbs.perform(.recycle, $1) },
        Declaration(
            "destroy", "ends the rental; everything on it is lost", [.target, .verbOptions([.confirm])], returns: [.gone],
            raises: changeErrors,
            example: "vast.guard{allow_destroy = true}\nvast.destroy(40112300, {confirm = 40112300})"
        ) { try $0.verbs.perform(.destroy, $1) }
    ]

    /// What every change can come to.
    static let changeErrors: [VastError.Kind] = [.guard, .notFound, .conflict, .partial, .timeout] + requestErrors
    /// What every request can come to.
    static let requestErrors: [VastError.Kind] = [.unauthorized, .forbidden, .rateLimited, .server, .network, .cancelled]

    static let bidOptions = [
        Parameter("max", .number.within(.positive), "the highest price, in $/h; needed for more than twice the present bid", optional: true)
    ]

    static let startOptions = [
        Parameter(
            "unavailable", .words(["cancel", "queue", "retry"]),
            "what happens when the GPUs are taken: withdraw the start and raise (the default), stay queued, or try again; of an outbid "
                + "instance it is not withdrawn, since it comes back by itself when its bid wins", optional: true),
        Parameter("every", .length(.positiveLength), "with retry: how long between tries (5m)", optional: true),
        Parameter("within", .length, "with retry: how long it tries (2h)", optional: true),
        Parameter("max_rate", .number.within(.from(0)), "with retry: what the whole list may add to the bill, in $/h", optional: true)
    ]
}

extension Parameter {
    /// The options that every verb has, and some of its own.
    static func verbOptions(_ more: [Parameter] = [], rules: [TableRule] = []) -> Parameter {
        .options(
            [
                Parameter(
                    "reason", .string | .function("(inst: vast.Instance): string"), "why, for the journal", optional: true),
                Parameter("wait", .boolean | .length, "return only when the fleet shows it; true: for 10m at most", optional: true),
                Parameter("all", .boolean, "also a list that turns out to be the whole fleet", optional: true)
            ] + more, rules: rules)
    }

    static let confirm = Parameter("confirm", .id | .list(.id), "its ids once more, since data is lost")
}
