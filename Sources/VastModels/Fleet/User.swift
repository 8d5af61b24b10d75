public import VastJSON

/// The account that a key belongs to.
public struct User: Sendable, Hashable {
    /// The service's number of the account, by which everything on disk is told apart.
    public let id: Int64
    /// Nil when the service does not say.
    public let email: String?
    /// The number of the key that asked; nil when the service does not say.
    package let keyID: Int64?
    /// Money that can be spent, in US dollars; nil when the service does not say.
    public let credit: Double?

    /// - Returns: nil when `json` has no whole-numbered `id`.
    public init?(json: JSON) {
        guard let id = json["id"]?.integral else { return nil }
        self.id = id
        email = json["email"]?.string
        keyID = json["key_id"]?.integral
        // `balance` is not money that can be spent (Vast API contract, section 2.5).
        credit = json["credit"]?.double
    }
}
