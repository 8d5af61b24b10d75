/// A place where a key may stand, and what stands there.
package struct KeyPlace: Sendable {
    /// What stands in a place.
    package enum Content: Sendable {
        case key(APIKey)
        case missing
        case empty
        /// It cannot be read.
        case unreadable(String)
        /// What it holds can be no key, and why: `holds 2 words`.
        case malformed(String)
    }

    /// The place.
    package let source: APIKey.Source
    /// What stands there.
    package let content: Content
    /// Whether somebody has named it, so that nothing else may count when it holds no key.
    let isNamed: Bool

    /// For a person: the place, and why it has no key.
    package var shown: String {
        switch content {
        case .key, .missing: "\(source)"
        case .empty: "\(source) (empty)"
        case .unreadable(let reason): "\(source) (\(reason))"
        case .malformed(let reason): "\(source) (\(reason))"
        }
    }
}

extension APIKey {
    /// The key that counts, of all that there are: `VAST_API_KEY`, the file that `VAST_API_KEY_FILE` names, systemd's
    /// credential `vast_api_key`, the two-factor session and the key of the official client's XDG configuration, then
    /// `~/.vast_api_key` (Vast API contract, section 1).
    ///
    /// - Parameters:
    ///   - environment: the process's environment.
    ///   - home: the home directory.
    /// - Throws: ``VastError`` of kind `unauthorized`, which names the places that were looked at, or the one whose content can
    ///   be no key.
    public static func find(environment: [String: String], home: String) throws -> APIKey {
        let places = places(environment: environment, home: home)
        for place in places {
            switch place.content {
            case .key(var key):
                key.others = keys(of: places).filter { $0.secret != key.secret }
                return key
            case .malformed(let reason):
                throw VastError(
                    .unauthorized, "\(place.source) \(reason), which can be no key; write the key alone into it, or remove it")
            case .missing where place.isNamed, .empty where place.isNamed, .unreadable where place.isNamed:
                throw VastError(
                    .unauthorized, "VAST_API_KEY_FILE names a file without a key: \(place.shown); write the key into it, or unset it")
            case .missing, .empty, .unreadable: continue
            }
        }
        throw VastError(
            .unauthorized,
            "no API key. Looked at: \(places.map(\.shown).joined(separator: ", ")). Create one at https://cloud.vast.ai/manage-keys/ "
                + "and set VAST_API_KEY or write it to \(home)/.vast_api_key")
    }

    private static func keys(of places: [KeyPlace]) -> [APIKey] {
        places.compactMap { if case .key(let key) = $0.content { key } else { nil } }
    }

    /// Every place where a key may stand, in the order in which they count.
    package static func places(environment: [String: String], home: String) -> [KeyPlace] {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let xdg = value("XDG_CONFIG_HOME") ?? "\(home)/.config"
        var places = [KeyPlace(source: .environment("VAST_API_KEY"), text: environment["VAST_API_KEY"])]
        if let path = value("VAST_API_KEY_FILE") { places.append(KeyPlace(file: path, isNamed: true)) }
        if let directory = value("CREDENTIALS_DIRECTORY") { places.append(KeyPlace(file: "\(directory)/vast_api_key")) }
        places += [session(xdg), "\(xdg)/vastai/vast_api_key", "\(home)/.vast_api_key"].map { KeyPlace(file: $0) }
        return places
    }

    private static func session(_ xdg: String) -> String { "\(xdg)/vastai/\(sessionFile)" }
}

extension KeyPlace {
    // A key is far shorter than this; a larger file is something else.
    private static let largestFile = 64 * 1024

    fileprivate init(source: APIKey.Source, text: String?, isNamed: Bool = false) {
        let content: Content
        if let text, !text.isEmpty {
            let isBlank = text.unicodeScalars.allSatisfy(APIKey.isPadding)
            content = isBlank ? .empty : (try? APIKey(text, source: source)).map { .key($0) } ?? .malformed(KeyObjection.text(to: text))
        } else {
            content = .missing
        }
        self.init(source: source, content: content, isNamed: isNamed)
    }

    fileprivate init(file path: String, isNamed: Bool = false) {
        // It would be another file in every directory that one stands in.
        guard path.hasPrefix("/") else {
            self.init(source: .file(path), content: .unreadable("not an absolute path"), isNamed: isNamed)
            return
        }
        switch RegularFile.read(path, limit: Self.largestFile + 1) {
        case .success(let bytes):
            if let objection = KeyObjection.text(to: bytes, limit: Self.largestFile) {
                self.init(source: .file(path), content: .malformed(objection), isNamed: isNamed)
            } else {
                self.init(source: .file(path), text: bytes.isEmpty ? " " : String(decoding: bytes, as: UTF8.self), isNamed: isNamed)
            }
        case .failure(let failure):
            self.init(source: .file(path), content: failure.isMissing ? .missing : .unreadable(failure.reason), isNamed: isNamed)
        }
    }
}
