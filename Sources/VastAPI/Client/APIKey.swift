/// A Vast API key or session key. It never shows itself: descriptions and reflections are redacted.
public struct APIKey: Sendable {
    /// Where a key was found.
    public enum Source: Sendable, Hashable, CustomStringConvertible {
        case given
        case environment(String)
        case file(String)

        public var description: String {
            switch self {
            case .given: "given by the program"
            case .environment(let name): name
            case .file(let path): path
            }
        }
    }

    let secret: String
    /// Where it was found; it may be shown, and the key may not.
    public let source: Source
    /// Other keys that were found beside this one, which count after it.
    var others: [APIKey] = []

    /// The name of the official client's file with the key of a two-factor session.
    static let sessionFile = "vast_tfa_key"

    /// - Parameter text: the key; white space around it and a byte order mark are stripped.
    /// - Throws: ``VastError`` of kind `invalid_argument` when nothing is left or it has characters that no header may
    ///   carry.
    public init(_ text: String, source: Source = .given) throws {
        let scalars = text.unicodeScalars.drop(while: Self.isPadding).reversed().drop(while: Self.isPadding).reversed()
        let stripped = String(String.UnicodeScalarView(scalars))
        guard !stripped.isEmpty else {
            throw VastError(.invalidArgument, "the API key (\(source)) is empty")
        }
        guard stripped.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw Self.malformed(source) }
        secret = stripped
        self.source = source
    }

    static func malformed(_ source: Source) -> VastError {
        VastError(.invalidArgument, "the API key (\(source)) holds white space or characters that no key has; copy it again")
    }

    static func isPadding(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || scalar == "\u{FEFF}" }

    /// Whether it is the key of a two-factor session, which ends after a while.
    package var isSession: Bool { if case .file(let path) = source { path.hasSuffix("/\(Self.sessionFile)") } else { false } }

    /// The key that would count if this one were not there; nil when there is no other.
    package var next: APIKey? {
        guard var next = others.first else { return nil }
        next.others = Array(others.dropFirst())
        return next
    }

    /// For a message: where other keys stand that do not count; empty when there are none.
    package var othersNamed: String {
        let places = others.map { "\($0.source)" }
        return places.isEmpty
            ? "" : "; \(source) counts before the other key\(places.count == 1 ? "" : "s") in \(places.joined(separator: ", "))"
    }

    /// Whether both are one key, wherever they stand.
    package func isSame(as other: APIKey) -> Bool { secret == other.secret }

    /// Whether the key stands in a text.
    package func appears(in text: String) -> Bool { text.contains(secret) }

    /// `text` with every occurrence of the key replaced.
    func redacting(_ text: String) -> String {
        guard text.utf8.count >= secret.utf8.count, text.contains(secret) else { return text }
        return text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "[key]")
    }

    /// A name for the account behind the key on a service: the host, and a number that does not reveal the key.
    package func accountName(at url: ServiceURL) -> String {
        "\(url.host)-\(String(fingerprint(salt: url.origin), radix: 16))"
    }

    /// A number that differs between keys and does not reveal them (FNV-1a, folded with `salt`).
    func fingerprint(salt: String) -> UInt64 {
        (salt + "\u{0}" + secret).utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "API key (\(source))" }
    /// Redacted as well.
    public var debugDescription: String { description }
    /// Without the key: `dump` and debuggers show where it was found.
    public var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
