import FleetClock
import Foundation
import Testing

@testable import VastModels

@Suite("What status_msg tells of") struct FailureWordsTests {
    private static let failures = [
        "OCI runtime create failed: unable to start container process", "Error response from daemon: pull access denied for me/x",
        "Error: docker_build() didn't start", "docker: invalid reference format.", "no such image: me/x:1", "failed to register layer",
        "manifest for me/x:1 not found", "permission denied", "Cannot connect to the Docker daemon", "exit code 1 (error)",
        "ERROR", "build failed!",
        "error=125", "download: failure"
    ]
    private static let others = [
        "", "success, running vastai/error-tracker/ssh", "success, 3 errors", "created from me/error-tracker:1", "0 errors", "no error",
        "without errors", "ECC error correction is on", "pulling me/failover:latest", "mounted /data/invalid-samples",
        "loading error_rates.csv",
        "waiting for terror-free", "loading denied_list.txt", "not failed", "stopped by owner", "error rate 0.0"
    ]

    @Test("failures in the daemon's words", arguments: failures)
    func failure(message: String) { #expect(FailureWords.tellOfFailure(message)) }

    @Test("words that are none", arguments: others)
    func noFailure(message: String) { #expect(!FailureWords.tellOfFailure(message)) }

    @Test("an image may be called anything: 1,000 names with such words tell of nothing, and hide no failure beside them")
    func names() {
        var dice = SeededGenerator(seed: 78)
        let words = ["error", "failed", "denied", "invalid", "unable", "fail", "no-such", "oci-runtime"]
        for _ in 0..<1_000 {
            let word = words.randomElement(using: &dice) ?? ""
            let forms = ["me/\(word):1", "\(word)-free", "x_\(word)", "/data/\(word)/y", "\(word)2go", "\(word).json", "--\(word)=off/x"]
            let form = forms.randomElement(using: &dice) ?? ""
            let message = ["pulling \(form)", "\(form) is loading", "created from '\(form)'"].randomElement(using: &dice) ?? ""
            #expect(!FailureWords.tellOfFailure(message), "\(message)")
            let failure = ["pull access denied", "OCI runtime create failed"].randomElement(using: &dice) ?? ""
            #expect(FailureWords.tellOfFailure("\(message): \(failure)"))
        }
    }
}
