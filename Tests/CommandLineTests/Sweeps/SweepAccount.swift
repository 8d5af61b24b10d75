import FleetStore
import Testing
import VastAPI

/// What everybody says of a run that was ended: the script, the journal, the report and the service.
struct SweepAccount {
    /// For what is said when something is wrong.
    let place: String
    let end: ListEnd
    let outcome: VastLua.Outcome
    let service: SweepService
    let stoppedBefore: Set<InstanceID>
    let journal: SweepJournal

    var saying: Saying { Saying(outcome.output) }

    private var comment: Comment { "\(place)\n\(outcome.output.suffix(1_500))\n\(outcome.errors)" }

    func check() throws {
        let saying = saying
        #expect(!saying.told.isEmpty, comment)
        for told in saying.told { checkTruth(told) }
        for raised in saying.raised { checkNothingSent(raised, saying) }
        checkExitCode(saying)
        // On a disk that is full the journal stays as it was; the next run completes it.
        if end == .fullDisk, outcome.errors.contains("journal") { return }
        try checkJournal(saying)
        try checkReport(saying)
    }

    // MARK: the service

    private func isMade(_ told: Told) -> Bool {
        switch told.verb {
        case "stop": service.stopped.contains(told.id)
        case "label": service.labelled("night").contains(told.id)
        case "reboot": service.carriedOut("reboot").contains(told.id)
        default: service.running.contains(told.id)
        }
    }

    private func hasReached(_ told: Told) -> Bool {
        isMade(told) || told.verb == "start" && service.everWantedOn.contains(told.id)
    }

    private func checkTruth(_ told: Told) {
        let comment: Comment =
            "\(told.verb) of \(told.id) is told as \(told.fate) (\(told.kind), \(told.attempts): \(told.text)); \(self.comment)"
        if isMade(told) { #expect(told.fate == .done || told.fate == .unknown, comment) }
        if told.fate == .done { #expect(isMade(told), comment) }
        if told.fate == .notSent { #expect(!hasReached(told), comment) }
        if told.verb == "start", service.queued.contains(told.id) {
            #expect(told.fate == .unknown, comment)
            #expect(ReportLine.namesQueued(told.id, outcome.errors), comment)
        }
    }

    private func checkNothingSent(_ raised: Saying.Raised, _ saying: Saying) {
        let ids = Set(saying.told.lazy.filter { $0.verb == raised.verb }.map(\.id))
        let routes = ["stop": ["bulk", "manage"], "label": ["manage"], "reboot": ["reboot"], "start": ["bulk", "manage"]][raised.verb] ?? []
        let sent = service.changes.filter { request in
            let id = request.target.split(separator: "/").last.flatMap { Int64($0) }.map { InstanceID($0) }
            return routes.contains(request.route) && id.map(ids.contains) ?? true
        }
        #expect(raised.text.contains("Nothing was sent") == sent.isEmpty, "\(raised.verb): \(sent.count) requests; \(comment)")
    }

    // MARK: the exit code

    /// What the first error that the script raises again stands for, or the stronger of that and of what is open.
    private func checkExitCode(_ saying: Saying) {
        let isOpen = outcome.errors.contains("STILL ") || outcome.errors.contains("not seen after")
        guard let first = saying.raised.first else {
            #expect(outcome.code == (isOpen ? 6 : 0), comment)
            return
        }
        let word = first.endedBy ?? first.kind
        switch (first.code, word) {
        case ("frozen"?, _): #expect(outcome.code == 7, comment)
        case (_, "guard"), (_, "state"): #expect(outcome.code == 3, comment)
        case (_, "unauthorized"): #expect(outcome.code == 4, comment)
        default: #expect(outcome.code == 6, comment)
        }
        let expected: Set<String> =
            switch end {
            case .freeze, .lostAnswerThenFreeze: ["guard", "partial"]
            case .refusedKey: ["unauthorized", "partial"]
            case .lostAnswer: ["partial"]
            case .fullDisk: ["guard", "state", "partial"]
            }
        #expect(expected.contains(word), comment)
    }

    // MARK: the journal

    private func checkJournal(_ saying: Saying) throws {
        let runs = try journal.runs()
        let changes = try journal.changes()
        #expect(runs.count <= 1 && runs.allSatisfy { $0.ended != nil && !$0.hasCrashed && $0.exitCode == Int(outcome.code) }, comment)
        #expect(changes.allSatisfy { $0.status != .reserved && $0.status != .sent }, comment)
        for told in saying.told {
            let statuses = changes.filter { $0.instance == told.id && $0.verb.rawValue == told.verb && !$0.isCompensation }.map(\.status)
            #expect(statuses.count <= 1, comment)
            #expect(
                Self.statuses(told.fate).contains(statuses.first),
                "\(told.verb) of \(told.id) is told as \(told.fate), the journal has \(statuses); \(comment)")
        }
        let counted = try journal.counted().sorted()
        let made = saying.told.filter { $0.fate == .done || $0.fate == .unknown }.map(\.id).sorted()
        #expect(counted == made, comment)
    }

    private static func statuses(_ fate: Told.Fate) -> [JournalChange.Status?] {
        switch fate {
        case .done: [.accepted, .confirmed]
        case .unknown: [.unknown, .sent, .confirmed]
        // What was not tried any more is told what ended the list.
        case .refused: [.failed, nil]
        case .notSent: [.failed, nil]
        }
    }

    // MARK: the report

    private func checkReport(_ saying: Saying) throws {
        let lines = ReportLine.lines(outcome.errors, script: "work.lua")
        #expect(lines.count == 1, comment)
        guard let line = lines.first.map({ ReportLine($0) }) else { return }
        let changes = try journal.changes().filter { !$0.isCompensation }
        let open = changes.filter { [.accepted, .sent, .unknown].contains($0.status) }.count
        #expect(line.confirmed == changes.filter { $0.status == .confirmed }.count, comment)
        #expect(line.open == open, comment)
        #expect(line.confirmed + line.open + line.failed == saying.told.count, comment)
    }

    // MARK: the run after a full disk

    /// There is room again: a run that only reads completes what the journal says of this one.
    func checkNextRun(_ vast: VastLua, _ url: String) async throws {
        guard try !journal.runs().isEmpty || outcome.errors.contains("journal") else { return }
        try journal.empty()
        let next = try await vast.run("--url", url, "--pacing", "none", "-e", "vast.instances()")
        #expect(next.code == 0, "\(comment)\n\(next.errors)")
        let (runs, changes) = (try journal.runs(), try journal.changes())
        #expect(runs.allSatisfy { $0.ended != nil }, comment)
        #expect(changes.allSatisfy { $0.status != .reserved && $0.status != .sent }, "\(changes.map(\.status)); \(comment)")
        let counted = Set(try journal.counted())
        for told in saying.told where isMade(told) { #expect(counted.contains(told.id), "\(told.id); \(comment)") }
        let named = Set(changes.filter { !$0.isCompensation }.map(\.instance))
        for told in saying.told where told.fate == .done || told.fate == .unknown { #expect(named.contains(told.id), comment) }
    }
}
