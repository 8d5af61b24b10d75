/// A method and a path in which ids are replaced by `{id}`: what the service counts requests by, as far as is known
/// (Vast API contract, section 6).
public struct Route: Hashable, Sendable, CustomStringConvertible {
    public let method: HTTPMethod
    public let template: String

    public init(_ method: HTTPMethod, _ template: String) {
        self.method = method
        self.template = template
    }

    /// The route of a concrete path.
    public init(method: HTTPMethod, path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isNumber = { (part: Substring) in !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        self.init(method, parts.map { isNumber($0) ? "{id}" : String($0) }.joined(separator: "/"))
    }

    public var description: String { "\(method.rawValue) \(template)" }

    public static let list = Route(.get, "/api/v1/instances/")
    public static let show = Route(.get, "/api/v0/instances/{id}/")
    public static let manage = Route(.put, "/api/v0/instances/{id}/")
    public static let bulk = Route(.put, "/api/v0/instances/")
    public static let reboot = Route(.put, "/api/v0/instances/reboot/{id}/")
    public static let recycle = Route(.put, "/api/v0/instances/recycle/{id}/")
    public static let destroy = Route(.delete, "/api/v0/instances/{id}/")
    public static let user = Route(.get, "/api/v0/users/current/")
    package static let apiKeys = Route(.get, "/api/v0/auth/apikeys/")

    /// The route whose pace this one keeps: single and bulk changes share one until they are shown to be separate.
    package var bucket: Route { self == .bulk ? .manage : self }
}
