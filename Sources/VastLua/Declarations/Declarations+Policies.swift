import FleetSafety
import VastAPI

/// Rules that go on: policies, budgets, events, limits.
extension Declaration {
    static let policies = [
        Declaration(
            "policy", "a rule about instances: whom it is about, when it acts, and how",
            [Parameter("policy", .table, options: policyFields, rules: [.match, .occasion, .action, .hours])],
            returns: [Returned("vast.Policy")], raises: [.conflict],
            example: """
                vast.policy {
                  name = "idle", every = "5m", match = {billing = "gpu", label = "!keep*"},
                  when = function(inst) return inst:is_idle("45m") end, grace = "10m", action = "stop",
                }
                """
        ) { try $0.policies.new($1) },
        Declaration(
            "budget", "stops in a declared order what costs more than a day, a month or the credit allows",
            [
                Parameter(
                    "budget", .table,
                    options: [
                        Parameter(
                            "per_day", .number.within(.from(0)), "the most that a day may cost at the rates of now, in $", optional: true),
                        Parameter("per_month", .number.within(.from(0)), "the same for a twelfth of a year, in $", optional: true),
                        Parameter("runway", .length, "how long the credit must last at the rates of now", optional: true),
                        Parameter("order", .list(.query), "what is stopped first: queries with values only"),
                        Parameter("every", .length(.length(from: 1)), "how often it looks (10m)", optional: true),
                        Parameter("notify", .function("(excess: vast.Excess)"), "told before something is stopped", optional: true),
                        Parameter("name", .name, "tells budgets apart", optional: true)
                    ], rules: [.bound])
            ],
            returns: [Returned("vast.Job")],
            example: #"vast.budget{per_day = 200, order = {{label = "dev*"}, {label = "sweep*"}}}"#
        ) { try $0.budgets.budget($1) },
        Declaration(
            "signal", "names a function that is_idle asks: true for quiet, false for work, nil for unknown",
            [
                Parameter("name", .string, "as signals of is_idle name it"),
                Parameter("fn", .function("(inst: vast.Instance): boolean?, string?"), "asked")
            ],
            example: """
                vast.signal("no_queue", function(inst) return inst.label == "old-1" end)
                print(vast.instance(40112233):is_idle("45m", {signals = {no_queue = true}}))
                """
        ) { try $0.samples.signal($1) },
        Declaration(
            "on", "calls a function when something happens to an instance",
            [
                Parameter("event", .words(FleetPoller.events), "what happens"),
                Parameter("fn", .function("(change: vast.Change)"), "called with what has changed")
            ],
            returns: [Returned("vast.Subscription")],
            example: #"local outbid = vast.on("outbid", function(change) vast.log.warn("outbid", {id = change.id}) end)"#
                + "\noutbid:cancel()"
        ) { try $0.events.on($1) },
        Declaration(
            "guard", "limits what this script may change; the command line and config.json are ceilings over it",
            [Parameter("limits", .table, options: guardLimits)], raises: [.guard],
            example: #"vast.guard{max_stops = 30, max_fraction = 0.8, protect = {label = "prod*"}}"#
        ) { try $0.limits.limit($1) }
    ]

    private static let guardLimits =
        GuardLimit.allCases.map {
            Parameter($0.rawValue, .number.within($0 == .maxFraction ? .fraction : .from(0)), limitSummary($0), optional: true)
        }
        + GuardPermission.allCases.map { Parameter($0.rawValue, .boolean, "whether it may happen at all", optional: true) }
        + [
            Parameter(
                "protect", .protection, "what is left alone: only a start and a higher bid are allowed there", optional: true)
        ]

    private static func limitSummary(_ limit: GuardLimit) -> String {
        switch limit {
        case .maxFraction: "instances interrupted, as a part of those that are on"
        case .maxRateAdded: "what starts may add to the bill, in $/h"
        case .maxRateInterrupted: "what the interrupted instances cost, in $/h"
        case .keepAtLeast: "so many instances stay on"
        case .maxChanges: "changes of every kind together"
        default: "at most so many"
        }
    }

    private static let policyFields = [
        Parameter("name", .name, "tells policies apart; default: file and line", optional: true),
        Parameter("every", .length(.length(from: 1)), "how often it looks (5m)", optional: true),
        Parameter("match", .query, "whom it is about; this or all", optional: true),
        Parameter("all", .boolean, "about every instance", optional: true),
        Parameter(
            "when", .function("(inst: vast.Instance): boolean?, string?"),
            "acts on true only, and a text behind it is the reason; this or up", optional: true),
        Parameter(
            "up", ValueType("vast.Hours|\"label\"", [.userdata, .string], texts: .words(["label"])),
            "the hours in which they are on; acts at the edges", optional: true),
        Parameter("grace", .length, "how long it must hold first", optional: true),
        Parameter("notify", .function("(inst: vast.Instance, why: string?)"), "called when the grace begins", optional: true),
        Parameter("before", .function("(inst: vast.Instance): boolean?"), "a checkpoint; if it fails, this stop waits", optional: true),
        Parameter(
            "action",
            ValueType("\"stop\"|\"start\"|fun(inst: vast.Instance, why: string?)", [.string, .function], texts: .words(["stop", "start"])),
            "what is done; with when it is required", optional: true),
        Parameter("max", .integer.within(.from(0)), "with more matches, none is acted on", optional: true),
        Parameter("overflow", .words(["refuse", "oldest"]), "with more than max: acts on none, or on the oldest (refuse)", optional: true),
        Parameter("cooldown", .length, "how long an instance is left alone after an action (10m)", optional: true),
        Parameter(
            "leave_alone", .length, "how long an instance is left alone that was started by hand after our stop (4h)", optional: true),
        Parameter("enforce", .boolean, "asserts the hours again and again, not at their edges only", optional: true),
        Parameter("only", .words(["stop", "start"]), "does nothing but this", optional: true),
        Parameter("reason", .name, "why, for the journal", optional: true)
    ]
}

extension ValueType {
    /// Labels and ids of instances that are left alone.
    fileprivate static let protection = ValueType(
        "{label?: string|string[], id?: integer|integer[]}", [.table],
        tables: .parts([
            Parameter("label", .string | .list(.string), optional: true), Parameter("id", .id | .list(.id), optional: true)
        ]))
}
