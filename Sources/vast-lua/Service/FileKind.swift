import Glibc

/// What stands at a path.
enum FileKind {
    case regular, directory, pipe, device, socket, unknown

    /// - Parameter descriptor: an open one.
    init(descriptor: Int32) {
        var status = stat()
        self = fstat(descriptor, &status) == 0 ? FileKind(mode: status.st_mode) : .unknown
    }

    /// What is there, links followed; nil when there is nothing, or it cannot be looked at.
    init?(path: [UInt8]) {
        var status = stat()
        guard (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer({ $0.baseAddress.map { stat($0, &status) } }) == 0 else {
            return nil
        }
        self.init(mode: status.st_mode)
    }

    private init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFIFO: self = .pipe
        case S_IFCHR, S_IFBLK: self = .device
        case S_IFSOCK: self = .socket
        default: self = .unknown
        }
    }

    /// Such as `a directory`.
    var text: String {
        switch self {
        case .regular: "a regular file"
        case .directory: "a directory"
        case .pipe: "a pipe"
        case .device: "a device"
        case .socket: "a socket"
        case .unknown: "no regular file"
        }
    }

    /// Why it is not read as a file, such as `is a directory`; nil when it is. Whoever names a descriptor of this process
    /// means whatever that is.
    func objection(to path: String) -> String? {
        let isFine = self == .regular || (self != .directory && Self.isDescriptor(path))
        return isFine ? nil : "is \(text)"
    }

    /// Whether a path names what this process has open, such as `/dev/stdin`, or `/dev/fd/63` as a shell's `<(…)` does.
    static func isDescriptor(_ path: String) -> Bool {
        path == "/dev/stdin"
            || ["/dev/fd/", "/proc/self/fd/"].contains { path.hasPrefix($0) && path.dropFirst($0.count).allSatisfy(\.isNumber) }
    }
}
