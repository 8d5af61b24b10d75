/// Why a plan file is not accepted.
package struct PlanError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The ways in which a plan file can be wrong.
    package enum Kind: String, Sendable {
        /// It is larger than any plan.
        case tooLarge = "too_large"
        /// It is no JSON, or ends in the middle.
        case notJSON = "not_json"
        /// Another version of vast-lua wrote it.
        case version
        /// It was changed after it was written.
        case hash
        /// Something in it has another type than a plan has there.
        case form
        /// It was made for another account.
        case account
        /// It cannot be written.
        case unwritable
    }

    /// What is wrong with the file.
    package var kind: Kind
    /// What is wrong, where, and what to do.
    package var description: String

    /// - Parameter description: what is wrong, where, and what to do.
    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
