import ChildPrograms
import Foundation
import Synchronization

/// A program that was started and is waited for.
///
/// Not Foundation's `Process`: that one reads past the end of a folder's entries when more than some thirteen hundred
/// descriptors are open, which many tests at a time have, and the whole test run ends with a segmentation fault.
final class ChildProgram: Sendable {
    let id: pid_t
    private let status = Mutex<Int32?>(nil)

    /// Starts it.
    ///
    /// - Throws: `POSIXError` when it cannot be started.
    init(_ words: [String], environment: [String: String], folder: URL, input: FileHandle, output: FileHandle, errors: FileHandle) throws {
        var words: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        id = child_spawn(
            &words, &variables, folder.path, input.fileDescriptor, output.fileDescriptor, errors.fileDescriptor)
        guard id > 0 else { throw POSIXError(POSIXErrorCode(rawValue: -id) ?? .ENOEXEC) }
    }

    deinit {
        guard id > 0 else { return }
        send(SIGKILL)
        wait()
    }

    /// Nothing happens once its end was waited for.
    func send(_ signal: Int32) {
        status.withLock { if $0 == nil { kill(id, signal) } }
    }

    /// Waits for the end; what takes longer than a minute is killed, and then fails by its exit code.
    ///
    /// - Returns: the exit code as a shell shows it.
    func end() -> Int32 {
        let watchdog = DispatchWorkItem { self.send(SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watchdog)
        defer { watchdog.cancel() }
        return wait()
    }

    @discardableResult
    private func wait() -> Int32 {
        if let known = status.withLock({ $0 }) { return known }
        // The number is given free under the lock, so that no signal goes to another program that has it then.
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return status.withLock { known in
            if let known { return known }
            var word: Int32 = 0
            while waitpid(id, &word, 0) < 0, errno == EINTR {}
            let signal = word & 0x7f
            let code = signal == 0 ? (word >> 8) & 0xff : 128 + signal
            known = code
            return code
        }
    }
}
