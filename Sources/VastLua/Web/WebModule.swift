import LuaEngine
import VastAPI
import VastJSON

/// `vast.http`
final class WebModule: RuntimeModule {
    /// What carries requests to other services.
    var client: WebClient { runtime.options.web }

    /// `vast.http.request(method, url [, options])`
    func request(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let name = try call.string(1, "method").uppercased()
        guard let method = HTTPMethod(rawValue: name) else {
            throw VastError.invalidArgument("'\(name)' is no method; there are GET, HEAD, POST, PUT, PATCH and DELETE")
        }
        return try fetch(call, try WebOrder(call, method, url: 2, options: 3, runtime))
    }

    func fetch(_ call: borrowing LuaCall, _ order: WebOrder) throws -> LuaOutcome {
        let request = order.request
        let name = "\(request.method.rawValue) \(try WebClient.url(request.url).host)"
        if isPlanning, request.method != .get, request.method != .head {
            logger.notice("would send \(name), \(request.body?.count ?? 0) bytes")
            write(HTTPResponse(status: 204), call.results)
            return .values
        }
        guard !runtime.options.isReplayed else {
            throw VastError.invalidArgument("\(name): not in a backtest, where nothing outside of the recording is asked")
        }
        let (web, clock) = (client, clock)
        return call.wait(for: { try await clock.working { try await web.send(request) } }) { [self] call, response in
            write(response, call.results)
            return .values
        }
    }

    /// Header names are in lower case; several of one name are joined by commas.
    private func write(_ response: HTTPResponse, _ writer: LuaWriter) {
        let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
        writer.table(fields: 4, like: "vast.Response", runtime.types) {
            writer.field("status") { writer.integer(response.status) }
            writer.field("ok") { writer.boolean((200..<300).contains(response.status)) }
            writer.field("headers") {
                writer.table(fields: headers.count) {
                    for (name, value) in headers { writer.field(name) { writer.string(value) } }
                }
            }
            writer.field("body") { writer.bytes(response.body) }
        }
    }
}

/// A request of a script as its arguments say it.
struct WebOrder {
    /// How large an answer may be without `limit`, in bytes.
    static let usualLimit = 8 << 20
    static let usualTimeout = Duration.seconds(30)

    var request: HTTPRequest

    /// - Throws: `LuaArgumentError` or `VastError` of kind `invalid_argument`.
    init(
        _ call: borrowing LuaCall, _ method: HTTPMethod, url: Int, body: Int? = nil, options: Int, _ runtime: Runtime
    ) throws {
        let address = try call.string(url, "url")
        _ = try WebClient.url(address)
        var request = HTTPRequest(method, address, timeout: Self.usualTimeout, bodyLimit: Self.usualLimit)
        if let body { try Self.setBody(call.argument(body), of: &request, runtime) }
        try call.options(options, "options") { name, value in
            switch name {
            case "headers": try Self.addHeaders(value, to: &request)
            case "body": try Self.setBody(value, of: &request, runtime)
            case "timeout": request.timeout = try Self.timeout(value)
            default:
                guard let limit = value.integer, (1...(1 << 30)).contains(limit) else {
                    throw VastError.invalidArgument("limit is a number of bytes from 1 to \(1 << 30)")
                }
                request.bodyLimit = Int(limit)
            }
        }
        self.request = request
    }

    private static func timeout(_ value: LuaView) throws -> Duration {
        let length = try value.length("timeout")
        guard length > .zero, length <= .seconds(3_600) else {
            throw VastError.invalidArgument("timeout is a length of time of at most an hour")
        }
        return length
    }

    /// Text goes as it is, a table as JSON.
    private static func setBody(_ value: LuaView, of request: inout HTTPRequest, _ runtime: Runtime) throws {
        if value.isNil { return }
        if let bytes = value.withBytes({ Array($0) }) { return request.body = bytes }
        var writer = JSONWriter()
        try runtime.json.encode(value, to: &writer, depth: 0)
        request.body = Array(writer.bytes)
        request.headers.append(("Content-Type", "application/json"))
    }

    private static func addHeaders(_ value: LuaView, to request: inout HTTPRequest) throws {
        guard value.kind == .table else { throw VastError.invalidArgument("headers is a table with names as keys") }
        try value.forEachField { key, value in
            guard let name = key.string, let text = value.string, HeaderField.isName(name), HeaderField.isValue(text)
            else { throw VastError.invalidArgument("headers have names and texts without line breaks") }
            request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
            request.headers.append((name, text))
        }
    }
}
