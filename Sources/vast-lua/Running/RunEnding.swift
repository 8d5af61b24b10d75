import LuaEngine

/// How a run ended, and which exit code that is.
struct RunEnding {
    let failure: LuaError?
    /// The kind of the error nothing caught, when it is one of ours.
    let errorKind: String?
    /// What ended the run from outside.
    let cause: ExitCode?
    let hasOpenChanges: Bool
    /// Whether all of them were not made for want of the service: that is what an error about it says.
    var isOpenForWantOfService = false

    /// Whether the failure is to be told: all but a call of `os.exit`.
    var isShown: Bool { exitRequest == nil }

    /// The number that the script gave `os.exit`, as the system passes it on.
    private var exitRequest: Int32? {
        guard case .interrupted(let reason)? = failure?.kind, reason == .exit(reason.code) else { return nil }
        return reason.code & 0xFF
    }

    /// `os.exit(n)` ends with n, or with ``ExitCode/changesOpen`` instead of 0; otherwise the strongest of what applies.
    var exitCode: ExitCode {
        if cause == nil, let exitRequest, exitRequest != 0 { return ExitCode(rawValue: exitRequest) }
        var codes: [ExitCode] = []
        if let cause { codes.append(cause) }
        if failure != nil, exitRequest == nil, cause == nil { codes.append(ExitCode(errorKind: errorKind)) }
        if hasOpenChanges, !(isOpenForWantOfService && codes == [.unreachable]) { codes.append(.changesOpen) }
        return .strongest(of: codes)
    }
}
