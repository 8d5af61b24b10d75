internal import NIOSSL

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Which authorities are believed when a server proves who it is: those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, or without
/// both those of the system. Parts of `SSL_CERT_DIR` that are empty, or not there, are passed over.
struct TrustRoots: Sendable, Hashable {
    private let file: String?
    private let directories: [String]

    static let system = TrustRoots([:])

    static let names = ["SSL_CERT_FILE", "SSL_CERT_DIR"]

    /// - Parameter environment: the process's environment.
    init(_ environment: [String: String]) {
        file = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        directories = environment["SSL_CERT_DIR"]?.split(separator: ":").map(String.init) ?? []
    }

    private var isSystem: Bool { file == nil && directories.isEmpty }

    // Where distributions keep them: Debian and Alpine, Fedora, openSUSE, FreeBSD and Alpine's other name.
    private static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem"
    ]

    /// Where the certificates come from, for a person.
    ///
    /// - Throws: ``NetworkProblem`` when there are none.
    func place() throws(NetworkProblem) -> String {
        guard isSystem else {
            _ = try load()
            return
                ([file.map { "SSL_CERT_FILE=\($0)" }] + [directories.isEmpty ? nil : "SSL_CERT_DIR=\(directories.joined(separator: ":"))"])
                .compactMap(\.self).joined(separator: " and ")
        }
        #if os(Linux)
        return try Self.systemBundle()
        #else
        return "the system's certificates"
        #endif
    }

    /// - Throws: ``NetworkProblem`` when a file or directory cannot be read, or there is no certificate in it.
    func load() throws(NetworkProblem) -> NIOSSLTrustRoots {
        guard isSystem else { return .certificates(try given()) }
        #if os(Linux)
        return .file(try Self.systemBundle())
        #else
        return .default
        #endif
    }

    private static func systemBundle() throws(NetworkProblem) -> String {
        if let bundle = bundles.first(where: { identity($0) != nil }) { return bundle }
        // A directory of certificates under the names that OpenSSL looks for.
        if let names = try? entries("/etc/ssl/certs"), !names.isEmpty { return "/etc/ssl/certs" }
        throw NetworkProblem(
            "there are no CA certificates on this machine, without which no server can prove who it is; install the package "
                + "ca-certificates, or let SSL_CERT_FILE name a file of them")
    }

    private func given() throws(NetworkProblem) -> [NIOSSLCertificate] {
        var found: [NIOSSLCertificate] = []
        if let file {
            let certificates = try Self.certificates(file, named: "SSL_CERT_FILE=\(file)")
            guard !certificates.isEmpty else {
                throw NetworkProblem("SSL_CERT_FILE=\(file): there is no certificate in it (PEM is expected)")
            }
            found += certificates
        }
        var missing: NetworkProblem?
        for directory in directories {
            // As OpenSSL has it, a part that is not there leaves the others.
            do { found += try Self.certificates(below: directory) } catch { missing = missing ?? error }
        }
        guard !found.isEmpty else {
            if let missing { throw missing }
            throw NetworkProblem("SSL_CERT_DIR=\(directories.joined(separator: ":")): there is no certificate in it (PEM is expected)")
        }
        return found
    }

    /// Those of every readable file of a directory, whatever its name.
    private static func certificates(below directory: String) throws(NetworkProblem) -> [NIOSSLCertificate] {
        var found: [NIOSSLCertificate] = []
        // The same file stands there under several names.
        var seen: Set<[UInt64]> = []
        for name in try entries(directory).sorted() {
            guard let identity = identity("\(directory)/\(name)"), seen.insert(identity).inserted,
                let certificates = try? certificates("\(directory)/\(name)", named: name)
            else { continue }
            found += certificates
        }
        return found
    }

    /// What tells a regular file that is not empty from every other; nil for anything else.
    private static func identity(_ path: String) -> [UInt64]? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
        return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
    }

    private static func entries(_ directory: String) throws(NetworkProblem) -> [String] {
        guard let stream = opendir(directory) else {
            throw NetworkProblem("SSL_CERT_DIR: \(directory): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func certificates(_ path: String, named name: String) throws(NetworkProblem) -> [NIOSSLCertificate] {
        let bytes: [UInt8]
        switch RegularFile.read(path, limit: 16 << 20) {
        case .success(let read): bytes = read
        case .failure(let failure): throw NetworkProblem("\(name): \(failure.reason)")
        }
        return pemBlocks(bytes).compactMap { try? NIOSSLCertificate(bytes: $0, format: .pem) }
    }

    /// The certificates of a file that may hold other things, too.
    private static func pemBlocks(_ bytes: [UInt8]) -> [[UInt8]] {
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
        var (blocks, block) = ([[UInt8]](), [Substring]?.none)
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if line.hasPrefix(begin) { block = [] }
            block?.append(line)
            if line.hasPrefix(end), let lines = block {
                blocks.append(Array(lines.joined(separator: "\n").utf8))
                block = nil
            }
        }
        return blocks
    }
}
