import FleetStore
import Glibc
import VastJSON

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What was entered at the prompt, kept from session to session: a JSON text per line, newlines and all. What looks like a
/// secret is left out.
struct InputHistory {
    /// How many entries are kept.
    static let limit = 2_000

    private let path: String
    private let isSecret: (String) -> Bool

    /// - Parameters:
    ///   - path: the file.
    ///   - isSecret: whether a text has the key in it.
    init(path: String, isSecret: @escaping (String) -> Bool) {
        self.path = path
        self.isSecret = isSecret
    }

    /// The entries, the oldest first; none when the file cannot be read.
    func load() -> [String] {
        guard let bytes = try? FileBytes.readIfPresent(path, for: "the history") else { return [] }
        let entries = bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONDecoder().decode(String.self, from: Data($0)) }
        if entries.count > 2 * Self.limit {
            try? SmallFile.replace(path, with: entries.suffix(Self.limit).flatMap { Self.line($0) })
        }
        return entries.suffix(Self.limit)
    }

    /// Whether it is kept at all.
    func isKept(_ entry: String) -> Bool {
        !entry.hasPrefix(" ") && !isSecret(entry) && !Self.looksSecret(entry)
    }

    /// Keeps an entry. That a disk is full is no reason to disturb anybody.
    func add(_ entry: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { Glibc.close(descriptor) }
        let line = Self.line(entry)
        _ = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    private static func line(_ entry: String) -> [UInt8] {
        ((try? JSONValue.string(entry).serialized()) ?? []) + [UInt8(ascii: "\n")]
    }

    private static func looksSecret(_ entry: String) -> Bool {
        let words = /(?i)(api_?key|secret|passw|bearer\s|authorization|private_key|access_key|_token|token\s*=)/
        let key = /[0-9A-Fa-f]{40,}/
        return entry.contains(words) || entry.contains(key)
    }
}
