#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Whether a file system keeps the promises that the state needs: locks that hold between processes, and memory that
/// they share.
enum FileSystemKind: Equatable {
    case local
    /// Reached over a network or shared with another kernel; its name.
    case network(String)

    private static let networkTypes: Set<String> = [
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "coda", "ncpfs", "lustre", "ceph", "9p", "beegfs", "glusterfs"
    ]
    private static let networkFuseTypes: Set<String> = [
        "sshfs", "rclone", "s3fs", "gcsfuse", "goofys", "glusterfs", "ceph-fuse", "davfs", "curlftpfs", "blobfuse", "blobfuse2",
        "mount-s3", "juicefs", "gvfsd-fuse", "smbnetfs"
    ]

    /// - Parameter mount: the type as proc(5) mountinfo has it, such as `ext4` or `fuse.sshfs`; nil when it is not known.
    static func judge(mount: String?) -> FileSystemKind {
        guard let mount else { return .local }
        if networkTypes.contains(mount) { return .network(mount) }
        guard mount.hasPrefix("fuse."), networkFuseTypes.contains(String(mount.dropFirst(5))) else { return .local }
        return .network(String(mount.dropFirst(5)))
    }

    /// What the directory at `path` is on; local when that cannot be found out.
    static func of(_ path: String) -> FileSystemKind {
        var status = stat()
        guard stat(path, &status) == 0, let text = SmallFile.read("/proc/self/mountinfo", limit: 1 << 20) else { return .local }
        return judge(mount: mountType(device: deviceName(UInt64(truncatingIfNeeded: status.st_dev)), mountinfo: text))
    }

    // As makedev(3) puts them together on Linux.
    static func deviceName(_ device: UInt64) -> String {
        let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
        let minor = device & 0xFF | (device >> 12) & ~0xFF
        return "\(major):\(minor & 0xFFFF_FFFF)"
    }

    /// The type of the mount of a device, such as `0:52`, from the text of proc(5) mountinfo.
    static func mountType(device: String, mountinfo: String) -> String? {
        for line in mountinfo.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 4, words[2] == device, let dash = words.firstIndex(of: "-"), dash + 1 < words.endIndex else { continue }
            return String(words[dash + 1])
        }
        return nil
    }
}
