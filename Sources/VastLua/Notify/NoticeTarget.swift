import VastAPI
import VastJSON

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where notices go: the URL of a webhook, which is a secret, and what kind of service answers there.
package struct NoticeTarget: Sendable {
    /// The forms of a notice: what each of these services takes; `json` is for all others.
    package enum Kind: String, Sendable, CaseIterable {
        case slack, discord, ntfy, json
    }

    private let url: String
    let kind: Kind
    /// What may be told of it.
    let host: String

    /// - Parameter kind: nil: told by the host.
    /// - Throws: `VastError` of kind `invalid_argument`.
    package init(url: String, kind: String? = nil) throws {
        self.url = url
        host = try WebClient.url(url).host
        guard let known = kind.map({ Kind(rawValue: $0) }) ?? Self.kind(of: host) else {
            let names = Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw VastError.invalidArgument("kind is one of \(names), not \"\(kind ?? "")\"")
        }
        self.kind = known
    }

    private static func kind(of host: String) -> Kind {
        if host == "hooks.slack.com" { return .slack }
        if host == "discord.com" || host == "discordapp.com" { return .discord }
        return host.split(separator: ".").contains("ntfy") ? .ntfy : .json
    }

    /// The request that brings a notice there.
    func request(_ notice: Notification) -> HTTPRequest {
        var request = HTTPRequest(.post, url, timeout: .seconds(10), bodyLimit: 65_536)
        guard kind != .ntfy else {
            request.headers = [("Content-Type", "text/plain; charset=utf-8"), ("Title", Self.oneLine(notice.title))]
            request.body = Array(notice.text.utf8)
            return request
        }
        request.headers = [("Content-Type", "application/json")]
        request.body = (try? JSONValue.object(body(notice)).serialized()).map { Array($0) }
        return request
    }

    private func body(_ notice: Notification) -> JSONObject {
        switch kind {
        case .slack: ["text": .string(Self.escaped("\(notice.title): \(notice.text)"))]
        // Discord takes 2,000 characters; nobody is called by what stands in a label.
        case .discord:
            [
                "content": .string(String("\(notice.title): \(notice.text)".prefix(2_000))),
                "allowed_mentions": .object(["parse": .array([])])
            ]
        case .json, .ntfy: ["title": .string(notice.title), "text": .string(notice.text), "time": .double(notice.time)]
        }
    }

    /// Slack's three characters with a meaning, so that no label calls a channel.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
}

/// Something that people are told.
struct Notification: Sendable {
    var title: String
    var text: String
    /// Unix seconds.
    var time: Double
}
