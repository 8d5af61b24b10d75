/// What reads the fleet.
extension Declaration {
    static let fleet = [
        Declaration(
            "instances", "the instances that a query means, sorted by id, from one consistent reading", [.query()],
            returns: [Returned("vast.List")], raises: requestErrors,
            example: #"print(vast.instances{state = "running", label = "!keep*"})"#
        ) { try $0.fleet.instances($1) },
        Declaration(
            "instance", "one instance, or nil when there is none of that id", [Parameter("id", .id, "the instance's id")],
            returns: [Returned("vast.Instance?")], raises: requestErrors, example: "print(vast.instance(40112233))"
        ) { try $0.fleet.instance($1) },
        Declaration(
            "observe", "reads the fleet for a while, keeps the samples and returns the last list",
            [
                Parameter("length", .length, "for how long"),
                .options(
                    [Parameter("every", .length(.positiveLength), "how often (1m)", optional: true), .wherePredicate], takesQuery: true)
            ],
            returns: [Returned("vast.List")], raises: requestErrors,
            example: #"local fleet = vast.observe("5m", {every = "1m", state = "running"})"#
        ) { try $0.fleet.observe($1) },
        Declaration(
            "wait",
            "waits until instances have a state, and returns them fresh; raises at once when one will not come to have it: failed, dead or stopped without a start",
            [
                .target, Parameter("state", .states, "the state that all must have"),
                .options([Parameter("timeout", .length, "for how long (10m)", optional: true)])
            ],
            returns: [Returned("vast.Instance|vast.List", "one instance for one id, else a list")],
            raises: [.timeout, .conflict] + requestErrors,
            example: #"vast.wait(40112233, "running", {timeout = "1m"})"#
        ) { try $0.fleet.wait($1) },
        Declaration(
            "user", "the account", returns: [Returned("vast.User")], raises: requestErrors,
            example: "print(vast.user().credit)"
        ) { try $0.fleet.user($1) },
        Declaration(
            "request", "any request of the API; one that is exactly a verb is that verb, another one that writes needs allow_raw",
            [
                Parameter("method", .method(["GET", "PUT", "POST", "DELETE"]), "GET, PUT, POST or DELETE"),
                Parameter("path", .string, "from /api/ on"),
                .options([
                    Parameter("query", .table, "names and values behind the path", optional: true),
                    Parameter("body", .any, "anything that is JSON", optional: true),
                    Parameter("confirm", .id | .list(.id), "the ids of a recycle or destroy", optional: true)
                ])
            ],
            returns: [Returned("any", "the answer's body, decoded; of a verb {success = true}")],
            raises: [.guard, .notFound] + requestErrors,
            example: #"print(vast.request("GET", "/api/v0/users/current/").email)"#
        ) { try $0.tools.request($1) },
        Declaration(
            "changes", "what has happened to the fleet since this script's last run", returns: [Returned("vast.Change[]")],
            raises: requestErrors, example: "for _, change in ipairs(vast.changes()) do print(change.event, change.id) end"
        ) { try $0.events.changes($1) }
    ]
}
