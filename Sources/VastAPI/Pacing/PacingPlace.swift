#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Chooses the directory of the pacing file. It is the same for a shell, cron, a service and `sudo -u`, which have different
/// environments: so none of it is asked.
enum PacingPlace {
    struct Choice: Equatable {
        let directory: String
        /// Why not all processes of the user find each other there.
        let problem: String?
    }

    /// - Parameters:
    ///   - bases: directories that every user may write to; the first that there is.
    ///   - fallback: used when there is none, or somebody else has taken our name in it.
    static func choose(bases: [String] = ["/dev/shm", "/tmp"], user: uid_t = geteuid(), fallback: String) -> Choice {
        var problem = "there is no directory in memory"
        for base in bases where isDirectory(base) {
            let path = "\(base)/vast-lua-\(user)"
            guard let reason = claim(path, user) else { return Choice(directory: path, problem: nil) }
            problem = "\(path): \(reason)"
        }
        return Choice(directory: fallback, problem: problem)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the directory for this user alone; returns why it cannot be used.
    private static func claim(_ path: String, _ user: uid_t) -> String? {
        let made = mkdir(path, 0o700)
        let reason = errno
        var status = stat()
        guard lstat(path, &status) == 0 else { return String(cString: strerror(made == 0 ? errno : reason)) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return "it is no directory" }
        guard status.st_uid == user else { return "it belongs to another user (\(status.st_uid))" }
        // Others who may write there could hold us up.
        if status.st_mode & 0o077 != 0, chmod(path, 0o700) != 0 { return String(cString: strerror(errno)) }
        return access(path, W_OK | X_OK) == 0 ? nil : String(cString: strerror(errno))
    }
}
