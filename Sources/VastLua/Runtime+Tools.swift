import FleetControl
import Logging
import LuaEngine
import VastAPI
import VastJSON

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// `vast.log`, `vast.env`, `vast.inspect`, `vast.request`.
extension Runtime {
    static let toolDeclarations =
        [("debug", Logger.Level.debug), ("info", .info), ("warn", .warning), ("error", .error)].map { name, level in
            Declaration(name: "log.\(name)", summary: "writes a line to the log, with fields") { runtime in
                { [unowned runtime] in try runtime.log($0, level) }
            }
        } + [
            Declaration(name: "env", summary: "an environment variable; raises when it is unset and has no default") { _ in
                { try environmentVariable($0) }
            },
            Declaration(name: "inspect", summary: "any value as text that shows what is in it") { runtime in
                { [unowned runtime] call in
                    let inspector = Inspector(runtime)
                    call.results.string(try inspector.text(of: call.argument(1)))
                    return .values
                }
            },
            Declaration(name: "request", summary: "any request of the API, judged like the verb it is") { runtime in
                { [unowned runtime] in try runtime.request($0) }
            },
        ]

    private func log(_ call: borrowing LuaCall, _ level: Logger.Level) throws -> LuaOutcome {
        let message = try call.host.text(of: call.argument(1))
        var fields: Logger.Metadata = [:]
        if let table = try call.optionalTable(2, "fields") {
            try table.forEachField { key, value in
                guard let name = key.string else { throw call.wrong(2, "fields", "field names are strings") }
                fields[name] = .string(try value.string ?? Inspector(self).text(of: value))
            }
        }
        logger.log(level: level, "\(message)", metadata: fields)
        return .values
    }

    private static func environmentVariable(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let name = try call.string(1, "name")
        if let value = getenv(name) {
            call.results.string(String(cString: value))
        } else if call.count >= 2 {
            call.results.view(call.argument(2))
        } else {
            throw VastError.invalidArgument("the environment variable \(name) is not set, and vast.env has no default for it")
        }
        return .values
    }

    private static func method(_ name: String) throws -> HTTPMethod {
        guard let method = HTTPMethod(rawValue: name), [.get, .put, .post, .delete].contains(method) else {
            throw VastError.invalidArgument("'\(name)' is no method of the API; it has GET, PUT, POST and DELETE")
        }
        return method
    }

    /// `vast.request(method, path [, {query=, body=, confirm=}])`
    private func request(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (method, path) = (try call.string(1, "method").uppercased(), try call.string(2, "path"))
        var (query, body) = (JSONObject(), JSONValue?.none)
        var confirmed: Set<InstanceID> = []
        try call.options(3, "options", known: ["query", "body", "confirm"]) { name, value in
            if name == "confirm" { return confirmed = try VerbOptions.ids(value) }
            let json = try jsonValue(value)
            if name == "body" {
                body = json
            } else {
                guard case .object(let object) = json else {
                    throw VastError.invalidArgument("query is a table with names as keys")
                }
                query = object
            }
        }
        var order = RequestOrder(try Self.method(method), path, query: query, body: body)
        order.confirmed = confirmed
        order.decision = decision(call)
        // What is no path of the API is told before anything else.
        _ = try KnownRequest(order.method, path: path, body: body)
        let (service, sent) = (try service(), order)
        readings.forget()
        return call.wait(for: { try await service.request(sent) }) {
            [unowned self] call, json in
            readings.forget()
            if let json { write(json, call.results) } else { call.results.nil() }
            return .values
        }
    }
}
