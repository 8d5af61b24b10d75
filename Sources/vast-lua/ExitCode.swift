import Glibc
import VastAPI

/// What the process ends with; several may apply, and the first of ``precedence`` wins.
struct ExitCode: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    init(rawValue: Int32) { self.rawValue = rawValue }

    static let done = ExitCode(rawValue: 0)
    static let scriptFailed = ExitCode(rawValue: 1)
    static let usage = ExitCode(rawValue: 2)
    static let guardRefused = ExitCode(rawValue: 3)
    static let notAuthorized = ExitCode(rawValue: 4)
    static let unreachable = ExitCode(rawValue: 5)
    static let changesOpen = ExitCode(rawValue: 6)
    /// Another run holds the lock, or everything is frozen.
    static let locked = ExitCode(rawValue: 7)
    /// `plan --exit-code` has found changes.
    static let planned = ExitCode(rawValue: 8)
    static let timeLimit = ExitCode(rawValue: 124)
    static let hungUp = ExitCode(rawValue: 128 + SIGHUP)
    static let abandonedOutput = ExitCode(rawValue: 128 + SIGPIPE)
    static let interrupted = ExitCode(rawValue: 130)
    static let terminated = ExitCode(rawValue: 143)

    /// What ended the run from outside comes first.
    private static let precedence: [ExitCode] = [
        .interrupted, .terminated, .hungUp, .abandonedOutput, .timeLimit, .locked, .guardRefused, .notAuthorized, .changesOpen,
        .unreachable,
        .scriptFailed, .planned
    ]

    /// The code that stands for several at once.
    static func strongest(of codes: [ExitCode]) -> ExitCode {
        precedence.first(where: codes.contains) ?? codes.first { $0 != .done } ?? .done
    }

    /// The code for an error of a kind that nothing caught.
    init(errorKind kind: String?) {
        switch kind {
        case "guard": self = .guardRefused
        case "frozen": self = .locked
        case "unauthorized", "forbidden", "billing": self = .notAuthorized
        case "network", "server", "rate_limited", "timeout": self = .unreachable
        case "partial", "unavailable", "conflict", "unconfirmed": self = .changesOpen
        default: self = .scriptFailed
        }
    }
}

extension ExitCode {
    /// The code for an error of the service, or of the guard before it.
    init(_ error: VastError) {
        self.init(errorKind: error.code == "frozen" ? "frozen" : error.kind.rawValue)
    }
}
