import VastAPI
import VastJSON

/// What `vast.request` may send: known reads pass, known changes have verbs of their own, and any other write needs
/// `--allow-raw`.
struct RequestRule {
    let method: String
    let path: String
    let body: JSONValue?

    /// Calls that only read, whichever method they use (contract, section 2.1).
    private static let reads: [(method: String, path: String)] = [
        ("PUT", "/api/v0/instances/request_logs/*"), ("POST", "/api/v0/bundles"), ("PUT", "/api/v0/search/asks"),
    ]

    /// Changes that the verbs of `vast` make, with their checks.
    private static let verbs: [(method: String, path: String, verb: String)] = [
        ("PUT", "/api/v0/instances/*", "vast.stop, vast.start or vast.label"),
        ("PUT", "/api/v0/instances", "vast.stop or vast.start with a list"),
        ("POST", "/api/v0/instances/start", "vast.start with a list"),
        ("DELETE", "/api/v0/instances/*", "vast.destroy"), ("DELETE", "/api/v0/instances", "vast.destroy with a list"),
        ("PUT", "/api/v0/instances/reboot/*", "vast.reboot"), ("PUT", "/api/v0/instances/recycle/*", "vast.recycle"),
    ]

    /// - Throws: `VastError`: `invalid_argument` for what is no path of the API, `guard` for a write that is not allowed.
    func check(allowsRaw: Bool) throws {
        try checkPath()
        if method == "GET" || allowsRaw || Self.reads.contains(where: { $0.method == method && matches($0.path) }) { return }
        let verb = Self.verbs.first { $0.method == method && matches($0.path) }?.verb
        throw VastError(
            .guard,
            "\(method) \(path) changes something"
                + (verb.map { " and has a verb of its own: use \($0)" } ?? " that vast-lua does not know")
                + ". Nothing was sent; --allow-raw allows it", request: "\(method) \(path)")
    }

    private func checkPath() throws {
        guard ["GET", "PUT", "POST", "DELETE"].contains(method) else {
            throw VastError.invalidArgument("'\(method)' is no method of the API; it has GET, PUT, POST and DELETE")
        }
        let segments = path.split(separator: "/", omittingEmptySubsequences: true)
        let isClean = path.hasPrefix("/") && !path.hasPrefix("//") && !segments.contains("..") && !segments.contains(".")
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !path.contains { "?#\\%".contains($0) }
        guard isClean else {
            throw VastError.invalidArgument(
                "'\(path)' is no path of the API: it begins with /, has no host, '..', query or escapes "
                    + "(the query goes into {query = …})")
        }
    }

    private func matches(_ pattern: String) -> Bool {
        let wanted = pattern.split(separator: "/")
        let given = path.split(separator: "/")
        return wanted.count == given.count && zip(wanted, given).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
