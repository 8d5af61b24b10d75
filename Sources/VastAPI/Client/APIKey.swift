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
    public let source: Source

    /// - Parameter text: the key; white space around it is stripped.
    /// - Throws: ``VastError`` of kind `invalid_argument` when nothing is left or it has characters that no header may
    ///   carry.
    public init(_ text: String, source: Source = .given) throws {
        let stripped = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        guard !stripped.isEmpty else {
            throw VastError(.invalidArgument, "the API key (\(source)) is empty")
        }
        guard stripped.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw VastError(
                .invalidArgument, "the API key (\(source)) holds white space or characters that no key has; copy it again")
        }
        secret = stripped
        self.source = source
    }

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
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
