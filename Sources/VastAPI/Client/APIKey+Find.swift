#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

extension APIKey {
    /// The key that the official client would use: `VAST_API_KEY`, the two-factor session and the key of the XDG
    /// configuration, then `~/.vast_api_key` (Vast API contract, section 1).
    ///
    /// - Parameters:
    ///   - environment: the process's environment.
    ///   - home: the home directory.
    /// - Throws: ``VastError`` of kind `unauthorized`, which names the places that were looked at, or
    ///   `invalid_argument` when what was found cannot be a key.
    public static func find(environment: [String: String], home: String) throws -> APIKey {
        if let text = environment["VAST_API_KEY"], text.contains(where: { !$0.isWhitespace }) {
            return try APIKey(text, source: .environment("VAST_API_KEY"))
        }
        var looked = ["VAST_API_KEY"]
        for path in files(environment: environment, home: home) {
            switch read(path) {
            case .success(let text) where text.contains { !$0.isWhitespace }:
                return try APIKey(text, source: .file(path))
            case .success: looked.append("\(path) (empty)")
            case .failure(let failure): looked.append(failure.code == ENOENT ? path : "\(path) (\(failure.reason))")
            }
        }
        throw VastError(
            .unauthorized,
            "no API key. Looked at: \(looked.joined(separator: ", ")). Create one at https://cloud.vast.ai/manage-keys/ "
                + "and set VAST_API_KEY or write it to \(looked.last ?? "~/.vast_api_key")")
    }

    private static func files(environment: [String: String], home: String) -> [String] {
        let xdg = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.config"
        return ["\(xdg)/vastai/vast_tfa_key", "\(xdg)/vastai/vast_api_key", "\(home)/.vast_api_key"]
    }

    private struct ReadFailure: Error {
        /// `errno`; nil when it is no regular file.
        let code: Int32?
        var reason: String { code.map { String(cString: strerror($0)) } ?? "no regular file" }
    }

    // A key is far shorter than this; a larger file is something else.
    private static let largestFile = 64 * 1024

    private static func read(_ path: String) -> Result<String, ReadFailure> {
        // A pipe that nobody writes to must not be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return .failure(ReadFailure(code: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failure(ReadFailure(code: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .failure(ReadFailure(code: nil)) }
        var bytes = [UInt8](repeating: 0, count: largestFile)
        var used = 0
        while used < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                systemRead(descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[used...]))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return .failure(ReadFailure(code: errno)) }
            if count == 0 { break }
            used += count
        }
        return .success(String(decoding: bytes[..<used], as: UTF8.self))
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
        Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
