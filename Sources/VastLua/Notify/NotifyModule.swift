import FleetClock
import FleetSafety
import LuaEngine
import VastAPI

/// `vast.notify`
final class NotifyModule: RuntimeModule {
    /// nil until a script tells people something: opening what was sent before needs a key.
    private var madeNotifier: Notifier?
    private var notifier: Notifier {
        let notifier = madeNotifier ?? Notifier(kept: runtime.memory?.notices)
        madeNotifier = notifier
        return notifier
    }

    /// How long the same text is not sent again without `every`.
    private static let usualInterval = Duration.seconds(3_600)

    /// `vast.notify(text [, {title=, every=, url=, kind=}])`
    func notify(_ call: borrowing LuaCall) throws -> LuaOutcome {
        var notice = Notification(title: "vast-lua", text: try call.host.text(of: call.argument(1)), time: now)
        var (url, kind, every) = (String?.none, String?.none, Self.usualInterval)
        try call.options(2, "options") { name, value in
            if name == "every" { return every = try value.length("every") }
            guard let text = value.string else { throw VastError.invalidArgument("\(name) is a text, not a \(value.typeName)") }
            switch name {
            case "title": notice.title = text
            case "url": url = text
            default: kind = text
            }
        }
        let target: NoticeTarget
        do {
            guard let found = try url.map({ try NoticeTarget(url: $0, kind: kind) }) ?? runtime.options.notices else {
                return answer(call, "nobody is told: no url here, and no notify.url in config.json")
            }
            target = found
        } catch {
            return answer(call, "\(error)")
        }
        if notifier.isKnown(notice, within: every) { return answer(call, nil) }
        guard !leavesOutsideAlone else {
            logger.notice("would notify \(target.host): \(notice.text)")
            return answer(call, nil)
        }
        return deliver(call, notice, target)
    }

    private func deliver(_ call: borrowing LuaCall, _ notice: Notification, _ target: NoticeTarget) -> LuaOutcome {
        deliver(call, notice, to: target) { [self] call, error in answer(call, error.map { "\($0)" }) }
    }

    /// Sends something on the program's own account, and goes on whatever comes of it.
    func deliver(
        _ call: borrowing LuaCall, _ notice: Notification, to target: NoticeTarget, then body: @escaping LuaBinding
    ) -> LuaOutcome {
        deliver(call, notice, to: target) { call, _ in try body(call) }
    }

    private func deliver(
        _ call: borrowing LuaCall, _ notice: Notification, to target: NoticeTarget,
        then body: @escaping (borrowing LuaCall, (any Error)?) throws -> LuaOutcome
    ) -> LuaOutcome {
        let (web, clock, pauses) = (runtime.web.client, clock, runtime.options.noticePauses)
        return call.wait(
            for: { try await clock.working { try await Self.send(notice, target, web, pauses: pauses) } },
            thenResult: { [self] call, result in
                switch result {
                case .success:
                    notifier.noteSent(notice)
                    return try body(call, nil)
                case .failure(let error):
                    notifier.noteFailed(notice, to: target)
                    logger.warning("nobody was told: \(error)")
                    return try body(call, error)
                }
            })
    }

    private func answer(_ call: borrowing LuaCall, _ problem: String?) -> LuaOutcome {
        if let problem {
            call.results.nil()
            call.results.string(problem)
        } else {
            call.results.boolean(true)
        }
        return .values
    }

    /// - Throws: `VastError` for what the last try came to.
    private static func send(_ notice: Notification, _ target: NoticeTarget, _ web: WebClient, pauses: [Duration]) async throws {
        var pauses = pauses[...]
        while true {
            do {
                let response = try await web.send(target.request(notice))
                guard !(200..<300).contains(response.status) else { return }
                throw VastError(
                    response.status >= 500 || response.status == 429 ? .server : .forbidden, "\(target.host) answers \(response.status)")
            } catch let error as VastError {
                guard [.server, .network, .timeout].contains(error.kind), let pause = pauses.popFirst() else { throw error }
                try await SystemClock().sleep(for: pause)
            }
        }
    }

    /// Before the end, what could not be sent is tried once more.
    func retryPending() {
        let pending = leavesOutsideAlone ? [] : madeNotifier?.takePending() ?? []
        guard !pending.isEmpty else { return }
        do {
            let function = try host.build { writer in
                writer.function("vast.notify", bound { $0.retry($1, pending) })
            }
            try host.run(function, name: "notices")
        } catch {
            logger.error("notices could not be sent: \(error)")
        }
    }

    private func retry(_ call: borrowing LuaCall, _ pending: [Notifier.Pending]) -> LuaOutcome {
        let (web, clock) = (runtime.web.client, clock)
        return call.wait(for: { await clock.working { await Self.problems(of: pending, web) } }) { [self] _, problems in
            for (pending, problem) in zip(pending, problems) {
                if let problem {
                    logger.error("nobody was told: \(problem)", metadata: ["notice": "\(pending.notice.text)"])
                } else {
                    notifier.noteSent(pending.notice)
                }
            }
            return .values
        }
    }

    /// Sends one after the other: what each came to, nil for those that arrived.
    private static func problems(of pending: [Notifier.Pending], _ web: WebClient) async -> [String?] {
        var problems: [String?] = []
        for (target, notice) in pending {
            do {
                try await send(notice, target, web, pauses: [])
                problems.append(nil)
            } catch {
                problems.append("\(error)")
            }
        }
        return problems
    }
}
