/// A method and a path in which ids are replaced by `{id}`: what the service counts requests by, as far as is known
/// (Vast API contract, section 6).
public struct Route: Hashable, Sendable, CustomStringConvertible {
    /// The method of its requests.
    public let method: HTTPMethod
    /// The path from `/api/` on, with `{id}` in place of numbers.
    public let template: String

    /// - Parameter template: the path from `/api/` on, with `{id}` in place of numbers.
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

    /// Reads the fleet, page by page (Vast API contract, section 2.1).
    public static let list = Route(.get, "/api/v1/instances/")
    /// Reads one instance.
    public static let show = Route(.get, "/api/v0/instances/{id}/")
    /// Starts, stops or labels one instance, by its body (Vast API contract, section 3).
    public static let manage = Route(.put, "/api/v0/instances/{id}/")
    /// Starts or stops many instances (Vast API contract, section 2.2).
    public static let bulk = Route(.put, "/api/v0/instances/")
    /// Restarts the container of an instance; what is on its disk stays.
    public static let reboot = Route(.put, "/api/v0/instances/reboot/{id}/")
    /// Makes the container of an instance anew from its image.
    public static let recycle = Route(.put, "/api/v0/instances/recycle/{id}/")
    /// Ends the rental of an instance.
    public static let destroy = Route(.delete, "/api/v0/instances/{id}/")
    /// Reads the account that the key belongs to (Vast API contract, section 2.5).
    public static let user = Route(.get, "/api/v0/users/current/")
    /// Lists the keys of the account with their permissions (Vast API contract, part 2, keys).
    package static let apiKeys = Route(.get, "/api/v0/auth/apikeys/")

    /// The route whose pace this one keeps: single and bulk changes share one until they are shown to be separate.
    package var bucket: Route { self == .bulk ? .manage : self }
}
