/// Why a text is not JSON that we accept, or a value cannot be written as JSON.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Kind: Sendable {
        /// There is no text, or nothing but white space.
        case empty
        /// The text ends in the middle of a value: the rest was lost on the way.
        case truncated
        /// The text is not JSON.
        case syntax
        /// The text is not UTF-8.
        case encoding
        /// A number is malformed or does not fit 64 bits.
        case number
        /// Arrays and objects are nested more deeply than allowed.
        case tooDeep
        /// The text is larger than allowed.
        case tooLarge
        /// There was not enough memory.
        case outOfMemory
        /// A number that is not finite cannot be written.
        case notFinite
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// Where in the text, in bytes from its beginning, as far as that is known.
    public var offset: Int?
    /// What was found there.
    public var detail: String

    init(_ kind: Kind, offset: Int?, detail: String) {
        self.kind = kind
        self.offset = offset
        self.detail = detail
    }

    public var description: String {
        guard let offset else { return detail }
        return "\(detail) at byte \(offset)"
    }
}
