import Logging
import VastAPI

/// What scripts need besides the fleet.
extension Declaration {
    static let tools =
        logging + web + store + [
            Declaration(
                "json.encode", "a value as JSON text", [Parameter("value", .any, "nil, vast.json.null, texts, numbers, lists and tables")],
                returns: [Returned("string")], example: #"print(vast.json.encode{ids = {1, 2}})"#
            ) { try $0.json.encode($1) },
            Declaration(
                "json.decode", "the value of a JSON text; ids stay integers", [Parameter("text", .string, "UTF-8")],
                returns: [Returned("any")], example: #"print(vast.json.decode('{"id": 40112233}').id)"#
            ) { try $0.json.decode($1) },
            Declaration(
                "exec", "runs a program without a shell, while other tasks go on",
                [
                    Parameter(
                        "command", ValueType("string[]", expected: "list of words such as {\"ls\", \"-l\"}"),
                        "the program and its arguments"),
                    .options([
                        Parameter("timeout", .length, "for how long (5m)", optional: true),
                        Parameter("stdin", .string, "what it reads", optional: true),
                        Parameter(
                            "env", ValueType("table<string, string|number|false>", [.table], expected: "table"),
                            "variables of its environment besides ours, or in their place; false takes one away", optional: true)
                    ])
                ],
                returns: [Returned("vast.ExecResult")], raises: [.timeout],
                example: #"local result = vast.exec({"uname", "-s"}, {timeout = "10s"})"# + "\nassert(result.code == 0, result.err)"
            ) { try $0.programs.run($1) },
            Declaration(
                "notify", "tells people through a webhook; never raises for what the network does",
                [
                    Parameter("text", .any, "what they read"),
                    .options([
                        Parameter("title", .string, "its title (vast-lua)", optional: true),
                        Parameter("every", .length, "the same text not again before (1h)", optional: true),
                        Parameter("url", .string, "where to; default: notify.url of config.json", optional: true),
                        Parameter(
                            "kind", .words(["slack", "discord", "ntfy", "json"]), "what takes it; default: by the URL", optional: true)
                    ])
                ],
                returns: [Returned("true?", "nil when nobody was told"), Returned("string?", "why nobody was told")],
                example: #"vast.notify("the night run is done", {title = "fleet"})"#
            ) { try $0.notices.notify($1) },
            Declaration(
                "inspect", "any value as text that shows what is in it",
                [
                    Parameter("value", .any),
                    .options([
                        Parameter("depth", .integer.within(.from(1, to: 100)), "how many tables deep (8)", optional: true),
                        Parameter(
                            "limit", .integer.within(.from(1, to: 1_000_000_000)), "how many entries of each table (200)", optional: true)
                    ])
                ],
                returns: [Returned("string")], example: "print(vast.inspect({1, {name = 2}}, {depth = 3}))"
            ) { try $0.tools.inspect($1) },
            Declaration(
                "env", "an environment variable; raises when it is unset and has no default",
                [Parameter("name", .string), Parameter("default", .any, "what it is when unset", optional: true)],
                returns: [Returned("any")], example: #"print(vast.env("TEAM", "everybody"))"#
            ) { _, call in try ToolsModule.environmentVariable(call) },
            Declaration(
                "help", "what this reference says of a function, a method or a type; without a name: the list of all",
                [Parameter("name", .any, "a name such as \"stop\" or \"inst:is_idle\", or the function itself", optional: true)],
                returns: [Returned("string")], example: #"print(vast.help("stop"))"#
            ) { try $0.tools.help($1) },
            Declaration(
                "live", "at the prompt: sends changes from now on; `vast.live(false)` plans them again",
                [Parameter("on", .boolean, "whether changes are sent (true)", optional: true)],
                example: "vast.try(\"invalid_argument\", vast.live)"
            ) { try $0.tools.goLive($1) }
        ]

    private static let logging = [("debug", Logger.Level.debug), ("info", .info), ("warn", .warning), ("error", .error)].map {
        name, level in
        Declaration(
            "log.\(name)", "writes a line of level \(level.rawValue) to the log",
            [Parameter("message", .any), Parameter("fields", .table, "names and values behind it", optional: true)],
            example: "vast.log.\(name)(\"read\", {instances = 3})"
        ) { try $0.tools.log($1, level) }
    }

    private static let web = [
        Declaration(
            "http.get", "fetches a URL", [.url, .options(webOptions)], returns: [Returned("vast.Response")], raises: webErrors,
            example: #"local response = vast.try("network", vast.http.get, "http://localhost:1/metrics", {timeout = "5s"})"#
        ) { try $0.web.fetch($1, try WebOrder($1, .get, url: 1, options: 2, $0)) },
        Declaration(
            "http.post", "sends text, or a table as JSON, to a URL", [.url, .body, .options(webOptions)],
            returns: [Returned("vast.Response")], raises: webErrors,
            example: #"local response = vast.try("network", vast.http.post, "http://localhost:1/hook", {text = "done"})"#
        ) { try $0.web.fetch($1, try WebOrder($1, .post, url: 1, body: 2, options: 3, $0)) },
        Declaration(
            "http.request", "any request of another service",
            [
                Parameter("method", .method(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]), "GET, HEAD, POST, PUT, PATCH or DELETE"),
                .url, .options([.body] + webOptions)
            ],
            returns: [Returned("vast.Response")], raises: webErrors,
            example: #"local response = vast.try("network", vast.http.request, "HEAD", "http://localhost:1/")"#
        ) { try $0.web.request($1) }
    ]

    private static let webErrors: [VastError.Kind] = [.network, .timeout, .rateLimited, .cancelled]

    private static let webOptions = [
        Parameter("headers", ValueType("table<string, string>", [.table]), "names and texts", optional: true),
        Parameter("timeout", .length(.timeout), "for how long (30s)", optional: true),
        Parameter("limit", .integer.within(.from(1, to: 1_073_741_824)), "the largest body that is taken, in bytes (8 MiB)", optional: true)
    ]

    private static let store = [
        Declaration(
            "store.get", "a value that an earlier run of this script has kept, or the default",
            [.key, Parameter("default", .any, "what it is when nothing is kept", optional: true)], returns: [Returned("any")],
            example: #"local runs = vast.store.get("runs", 0)"#
        ) { try $0.store.get($1) },
        Declaration(
            "store.set", "keeps a value for later runs of this script; nil deletes it",
            [.key, Parameter("value", .any, "anything that is JSON, of at most 64 KiB as text")],
            example: #"vast.store.set("runs", vast.store.get("runs", 0) + 1)"#
        ) { try $0.store.set($1) },
        Declaration("store.delete", "forgets a value", [.key], example: #"vast.store.delete("runs")"#) {
            try $0.store.delete($1)
        },
        Declaration(
            "store.keys", "the names of all values, in order", returns: [Returned("string[]")], example: "print(#vast.store.keys())"
        ) {
            try $0.store.keys($1)
        }
    ]
}

extension Parameter {
    fileprivate static let url = Parameter("url", .url, "http or https")
    fileprivate static let body = Parameter("body", .any, "text, or a table that goes as JSON", optional: true)
    fileprivate static let key = Parameter("key", .string, "1 to 1024 bytes")
}
