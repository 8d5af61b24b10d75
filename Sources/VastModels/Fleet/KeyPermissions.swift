package import VastJSON

/// What a key may do, as the service lists it: scopes such as `instance_read`, each of them whole or for some cases only (Vast
/// API contract, part 2, section D3).
package struct KeyPermissions: Sendable, Equatable {
    /// Sorted.
    package let scopes: [String]
    /// Those that hold for some cases only, such as certain instances.
    package let limited: Set<String>

    /// - Parameters:
    ///   - json: the answer of `GET /api/v0/auth/apikeys/`.
    ///   - id: the key's number.
    /// - Returns: nil when the answer does not say what this key may do.
    package init?(json: JSON, of id: Int64) {
        let rows = (json["apikeys"] ?? json).elements
        guard let row = rows.first(where: { $0["id"]?.integral == id }), let rights = row["rights"] else { return nil }
        if rights.kind == .string {
            // Written down as a text, as the service keeps it.
            guard let text = rights.string, let document = try? JSONDocument(parsing: Array(text.utf8)) else { return nil }
            self.init(rights: document.root)
        } else {
            self.init(rights: rights)
        }
    }

    private init?(rights: JSON) {
        guard rights.kind == .object, let scopes = rights["api"], scopes.kind == .object else { return nil }
        self.scopes = scopes.members.map(\.name).sorted()
        limited = Set(scopes.members.filter { $0.value.kind == .object && $0.value.members.contains { _ in true } }.map(\.name))
    }

    /// Whether the key has a scope such as `instance_write`, wholly or in part.
    package func has(_ scope: String) -> Bool { scopes.contains(scope) }

    /// `instance_read, instance_write (in part), user_read`
    package var text: String {
        scopes.isEmpty ? "none" : scopes.map { limited.contains($0) ? "\($0) (in part)" : $0 }.joined(separator: ", ")
    }
}
