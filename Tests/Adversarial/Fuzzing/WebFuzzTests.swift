import FleetClock
import Foundation
import Testing
@testable import VastAPI
@testable import VastLua
@testable import VastSimulator

/// Where notices go, and what headers say of time.
@Suite("Fuzzed addresses and dates", .serialized) struct WebFuzzTests {
    private static let secret = "s3cr3t"

    @Test("a webhook's URL leads to one place or is refused, and nothing of its secret is said")
    func webhooks() async throws {
        let fuzzer = Fuzzer(
            "webhooks", count: 3_000,
            tokens: [
                "http://", "https://", "hooks.slack.com", "discord.com", "/services/s3cr3t", "?key=s3cr3t", "#s3cr3t", "user:s3cr3t@",
                ":443", ":0",
                "[::1]", "127.0.0.1", "localhost", "ntfy.sh", "/..", "/.", "//", "%0d%0a", "%2e", "\\", "@", ":", "?", "xn--p1ai",
                "\r\nX: y"
            ])
        try await fuzzer.run(longest: 500) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let problem = Self.problem(ofParts: text) { return problem }
            do { _ = try NoticeTarget(url: text) } catch {
                // A host is no secret.
                let isSecret = URLParts(text)?.host.contains(Self.secret) != true
                return isSecret && "\(error)".contains(Self.secret) ? "the secret is said: \(error)" : nil
            }
            guard let url = URLParts(text), ["http", "https"].contains(url.scheme), !url.host.isEmpty else { return "it leads nowhere" }
            guard url.userInfo == nil, url.port(usually: 443) != nil else { return "it has more than a host before its path" }
            let isPlain = url.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/\\?#@%".utf8.contains($0) }
            guard isPlain, !url.target.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
                return "a host or path with odd characters"
            }
            return nil
        }
    }

    private static func problem(ofParts text: String) -> String? {
        guard let url = URLParts(text) else { return nil }
        guard URLParts(url.text)?.text == url.text else { return "written it leads to '\(URLParts(url.text)?.text ?? "nowhere")'" }
        guard let next = url.resolving(text) else { return nil }
        return next.path.split(separator: "/").contains("..") && next.path.hasPrefix("/") ? "'..' is left in \(next.path)" : nil
    }

    @Test("a date of HTTP is read as the instant that it was written from; what a header asks to wait is a day at most")
    func dates() async throws {
        let fuzzer = Fuzzer(
            "dates", count: 4_000,
            tokens: [
                "Mon, ", "23", " Nov ", "2026", " 20:30:00", " GMT", "31", "Feb", "29", "Jun", "24:00:00", "60", ",", ":", "threshold=",
                "*", "2.0", "e",
                "1970", "9999", "UTC", "+0000", "3600", "86400", "86401"
            ])
        let now = Date(timeIntervalSince1970: 1_795_435_200)
        try await fuzzer.run(longest: 200) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            for wait in [RateLimitNotice.threshold(in: text), RateLimitNotice.retryAfter(text, now: now)] {
                if let wait, wait < .zero || wait > .seconds(86_400) { return "one is to wait \(wait)" }
            }
            // A leap second at the end of the last year lies in a year of five digits.
            if let date = HTTPDate.parse(text), date.timeIntervalSince1970 <= 253_402_300_799 {
                guard HTTPDate.parse(date.httpDateText) == date else { return "\(date.httpDateText) is another instant" }
            }
            var dice = FuzzDice(seed: bytes.reduce(7) { $0 &* 31 &+ UInt64($1) })
            let instant = Date(timeIntervalSince1970: Double(dice.number(0...253_402_300_799)))
            return HTTPDate.parse(instant.httpDateText) == instant ? nil : "\(instant.httpDateText) is read as another instant"
        }
    }
}
