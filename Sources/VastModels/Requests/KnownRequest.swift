public import VastJSON

/// What a request made of method, path, query and body does. A request is a verb only when it is exactly what that verb
/// sends: these ids as whole numbers, this payload, and nothing else. Whatever else writes is a change of its own kind,
/// `other`.
public struct KnownRequest: Sendable {
    /// The path with its final slash.
    public let path: String
    /// What its pace is counted by.
    public let route: Route
    /// What it changes; nil for a read, whichever method it uses. Of verb `other`, the instances are all numbers in it that
    /// could be one.
    public let change: Change?

    /// What may be done when its answer was lost.
    public var repetition: Endpoint.Repetition { change == nil ? .read : .never }

    /// - Parameter query: what follows the path behind a `?`.
    /// - Throws: ``VastError`` of kind `invalid_argument` for a path that does not begin with `/`, or that holds `..`,
    ///   `//`, a query, or characters that no path has.
    public init(_ method: HTTPMethod, path: String, query: JSONObject = [:], body: JSONValue?) throws {
        self.path = try Self.checked(path)
        route = Route(method: method, path: self.path)
        let isRead = method == .get || method == .head || Self.readingRoutes.contains(route)
        change = isRead ? nil : Self.change(route, Self.segments(self.path), query, body)
    }

    private static func checked(_ path: String) throws -> String {
        let parts = path.split(separator: "/")
        let isPlain = path.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && !"?#\\%".unicodeScalars.contains($0) }
        guard path.hasPrefix("/"), isPlain, !path.contains("//"), !parts.contains(".."), !parts.contains(".") else {
            throw VastError(
                .invalidArgument, "not a path of the API: '\(path)'; write it as /api/v0/instances/ with the query apart")
        }
        return path.hasSuffix("/") ? path : path + "/"
    }

    private static func segments(_ path: String) -> [Substring] { path.split(separator: "/") }

    // Reads that the API makes with a writing method (Vast API contract, section 2.1).
    private static let readingRoutes: Set<Route> = [
        Route(.put, "/api/v0/instances/request_logs/{id}/"), Route(.post, "/api/v0/bundles/"),
        Route(.put, "/api/v0/search/asks/")
    ]

    // MARK: verbs

    private static func change(_ route: Route, _ segments: [Substring], _ query: JSONObject, _ body: JSONValue?) -> Change {
        let known = query.count > 0 ? nil : verb(RequestShape(route, segments, body))
        return known ?? Change(.other, mentioned(segments, query, body))
    }

    private static func verb(_ shape: RequestShape) -> Change? {
        Change.Verb.allCases.lazy.compactMap { $0.rules.recognise(shape) }.first
    }

    // MARK: everything else

    /// Every number that a request holds anywhere, as far as it could be an instance: what is protected stays so, however it
    /// is named.
    private static func mentioned(_ segments: [Substring], _ query: JSONObject, _ body: JSONValue?) -> [InstanceID] {
        let inPath = segments.flatMap { numbers(in: $0) }
        return (inPath + mentioned(in: .object(query)) + mentioned(in: body)).unique
    }

    private static func mentioned(in value: JSONValue?) -> [InstanceID] {
        switch value {
        case .object(let members)?: members.flatMap { numbers(in: $0.name[...]) + mentioned(in: $0.value) }
        case .array(let elements)?: elements.flatMap(mentioned)
        case .integer(let id)? where id > 0: [InstanceID(id)]
        case .double(let id)? where id > 0: Int64(exactly: id).map { [InstanceID($0)] } ?? []
        case .string(let text)?: numbers(in: text[...])
        default: []
        }
    }

    /// The whole numbers in a text, digits alone as well as in any notation: `40112300.0`, `4.01123e7` and `40_112_300` name
    /// an id, too, and so do digits of other scripts.
    private static func numbers(in text: Substring) -> [InstanceID] {
        let plain = String(text.map { $0.wholeNumberValue.flatMap { (0...9).contains($0) ? Character("\($0)") : nil } ?? $0 })
        // Some take these out before they read a number, and for others they stand between two.
        let readings = [plain, plain.filter { $0 != "_" }, plain.filter { !"_,' ".contains($0) }]
        return Set(readings).sorted().flatMap(numbersAsWritten)
    }

    private static func numbersAsWritten(in text: String) -> [InstanceID] {
        let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))) }
        let exact = words.compactMap { Double(String($0)).flatMap { Int64(exactly: $0) } }.filter { $0 > 0 }
        return text.split { !$0.isASCII || !$0.isNumber }.compactMap(number) + exact.map { InstanceID($0) }
    }

    private static func number(_ text: Substring) -> InstanceID? {
        Int64(text.drop { $0 == "0" }).flatMap { $0 > 0 ? InstanceID($0) : nil }
    }
}
