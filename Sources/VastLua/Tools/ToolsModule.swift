import FleetSafety
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
final class ToolsModule: RuntimeModule {
    func log(_ call: borrowing LuaCall, _ level: Logger.Level) throws -> LuaOutcome {
        let message = try call.host.text(of: call.argument(1))
        var fields: Logger.Metadata = [:]
        if let table = try call.optionalTable(2, "fields") {
            try table.forEachField { key, value in
                guard let name = key.string else { throw call.wrong(2, "fields", "field names are strings") }
                fields[name] = .string(try value.string ?? Inspector(runtime).text(of: value))
            }
        }
        logger.log(level: level, "\(message)", metadata: fields)
        return .values
    }

    /// `vast.inspect(value [, {depth=, limit=}])`
    func inspect(_ call: borrowing LuaCall) throws -> LuaOutcome {
        var limits = Inspector.Limits()
        try call.options(2, "options") { name, value in
            // Deeper than this, the stack of C would be too small.
            guard let number = value.integer, (1...(name == "depth" ? 100 : 1_000_000_000)).contains(number) else {
                throw call.wrong(2, "options", "\(name) is a whole number from 1\(name == "depth" ? " to 100" : "")")
            }
            if name == "depth" { limits.depth = Int(number) } else { limits.entries = Int(number) }
        }
        call.results.string(try Inspector(runtime, limits).text(of: call.argument(1)))
        return .values
    }

    static func environmentVariable(_ call: borrowing LuaCall) throws -> LuaOutcome {
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
    func request(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (method, path) = (try call.string(1, "method").uppercased(), try call.string(2, "path"))
        var (query, body) = (JSONObject(), JSONValue?.none)
        var confirmed: Set<InstanceID> = []
        try call.options(3, "options") { name, value in
            if name == "confirm" { return confirmed = try VerbOptions.ids(value) }
            let json = try runtime.json.jsonValue(value)
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
        order.decision = runtime.fleet.decision(call)
        // What is no path of the API is told before anything else.
        _ = try KnownRequest(order.method, path: path, query: query, body: body)
        let (service, sent) = (try runtime.service(), order)
        runtime.fleet.readings.forget()
        return call.wait(for: { try await service.request(sent) }) {
            [self] call, json in
            runtime.fleet.readings.forget()
            if let json { runtime.write(json, call.results) } else { call.results.nil() }
            return .values
        }
    }
}
