/// A key that the service knows, and what it may do.
package struct AccessKey: Sendable, Equatable {
    /// What a key may do.
    package enum Kind: Sendable, Equatable {
        case full
        /// Lacks the scope `instance_write`.
        case readOnly
        /// Was deleted: 401 wherever it is used.
        case deleted
        /// A two-factor session that has run out.
        case expiredSession
        /// Needs a two-factor login for changes.
        case needsTwoFactor
        /// May change only these instances, as the key inside an instance.
        case only([Int64])
    }

    /// The key as it stands in the header.
    package var text: String
    /// What it may do.
    package var kind: Kind

    /// A key that may do everything, unless another kind is given.
    package init(_ text: String, _ kind: Kind = .full) {
        self.text = text
        self.kind = kind
    }

    /// The key itself, and beside it one of each other kind, named `…-readonly`, `…-deleted`, `…-expired`, `…-2fa`.
    package static func set(for key: String) -> [AccessKey] {
        [
            AccessKey(key), AccessKey(key + "-readonly", .readOnly), AccessKey(key + "-deleted", .deleted),
            AccessKey(key + "-expired", .expiredSession), AccessKey(key + "-2fa", .needsTwoFactor)
        ]
    }
}
