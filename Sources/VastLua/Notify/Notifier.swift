import FleetStore
import VastJSON

/// Which notices were sent, and which could not be.
final class Notifier {
    /// How long what was sent is remembered, in seconds.
    private static let memory = 86_400.0

    typealias Pending = (target: NoticeTarget, notice: Notification)

    private let kept: KeyValueStore?
    private lazy var sent = load()
    /// What could not be sent, for another try at the end.
    private(set) var pending: [Pending] = []

    /// - Parameter kept: where it is remembered from run to run; nil: nowhere.
    init(kept: KeyValueStore?) { self.kept = kept }

    /// Whether the same was sent within the last `every`.
    func isKnown(_ notice: Notification, within every: Duration) -> Bool {
        guard let time = sent[Self.key(notice)] else { return false }
        return time <= notice.time && notice.time - time < every.seconds
    }

    func noteSent(_ notice: Notification) {
        sent[Self.key(notice)] = notice.time
        sent = sent.filter { $0.value > notice.time - Self.memory }
        // It is sent once more in the worst case.
        var object = JSONObject()
        for (key, time) in sent { object[key] = .double(time) }
        guard let text = try? JSONValue.object(object).serialized() else { return }
        try? kept?.set("sent", String(decoding: text, as: UTF8.self))
    }

    /// That it could not be sent was logged; at the end the latest are tried once more.
    func noteFailed(_ notice: Notification, to target: NoticeTarget) {
        pending.append((target, notice))
        if pending.count > Self.mostPending { pending.removeFirst(pending.count - Self.mostPending) }
    }

    private static let mostPending = 100

    /// What is to be tried once more; it is asked for once.
    func takePending() -> [Pending] {
        defer { pending = [] }
        return pending
    }

    private func load() -> [String: Double] {
        guard let text = (try? kept?.get("sent")) ?? nil, let root = try? JSONDocument(parsing: text).root else { return [:] }
        return Dictionary(root.members.compactMap { name, value in value.double.map { (name, $0) } }) { $1 }
    }

    private static func key(_ notice: Notification) -> String { ContentHash.sha256(Array("\(notice.title)\u{0}\(notice.text)".utf8)) }
}
