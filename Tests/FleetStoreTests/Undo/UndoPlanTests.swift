import FleetFixtures
import Testing
import VastAPI
import VastJSON

@testable import FleetStore

@Suite("Undo")
struct UndoPlanTests {
    private let now = 1_795_000_100.0

    private func change(
        _ verb: Change.Verb, _ before: Instance, label: String? = nil, status: JournalChange.Status = .confirmed,
        isCompensation: Bool = false, isKnown: Bool = true
    ) -> JournalChange {
        JournalChange(
            number: 1, run: "7f3a9c", time: now, call: 1, instance: before.id, verb: verb, isCompensation: isCompensation,
            attempts: 1, status: status, payload: label.map { .label($0) }, before: isKnown ? InstanceFacts(before) : nil)
    }

    private func undo(_ changes: [JournalChange], _ fleet: [Instance], isComplete: Bool = true) -> UndoPlan {
        UndoPlan(changes, fleet: TestFleet.snapshot(fleet, isComplete: isComplete), now: now)
    }

    private func steps(_ plan: UndoPlan) -> [String] {
        plan.steps.map { "\($0.verb) \($0.id)" + ($0.payload.map { " \($0.shown)" } ?? "") }
    }

    @Test("starts come first, the most valuable before the others, then stops, the dearest first, then labels")
    func order() throws {
        let on = try (1...6).map { try TestFleet.row($0, rateOn: Double($0)) }
        let off = try (1...6).map { try TestFleet.row($0, .stopped, rateOn: Double($0)) }
        let plan = undo(
            [
                change(.label, on[0], label: "new"), change(.stop, on[1]), change(.start, off[2]), change(.stop, on[3]),
                change(.start, off[4])
            ],
            [try TestFleet.row(1, label: "new"), off[1], on[2], off[3], on[4]])
        #expect(steps(plan) == ["start 4", "start 2", "stop 5", "stop 3", "label 1 ''"])
        #expect(plan.lost.isEmpty && plan.unneeded.isEmpty)
        #expect(plan.steps.first?.reason == "undo of stop by run 7f3a9c")
    }

    @Test("of several changes the last one may have come to nothing: what the fleet shows is put back")
    func lastInVain() throws {
        let on = try (1...3).map { try TestFleet.row($0, label: "a") }
        let off = try (1...3).map { try TestFleet.row($0, .stopped) }
        let plan = undo(
            [
                change(.start, off[0]), change(.stop, on[0]), change(.stop, on[1]), change(.start, off[1]),
                change(.label, on[2], label: "x"),
                change(.label, on[2], label: "y")
            ],
            [on[0], off[1], try TestFleet.row(3, label: "x")])
        #expect(Set(steps(plan)) == ["stop 1", "start 2", "label 3 'a'"])
        #expect(plan.lost.isEmpty)
    }

    @Test("what cannot come back is named with the reason")
    func lost() throws {
        let on = try (1...8).map { try TestFleet.row($0) }
        let ended = try TestFleet.row(2, .stopped, more: ["end_date": .double(now - 3_600)])
        let plan = undo(
            [
                change(.stop, on[0]), change(.stop, on[1]), change(.label, on[2], label: "b"), change(.destroy, on[3]),
                change(.recycle, on[4]), change(.reboot, on[5]), change(.label, on[6], label: "b", isKnown: false)
            ],
            [ended, try TestFleet.row(3, label: "theirs"), on[4], on[5], on[6]])
        #expect(plan.steps.isEmpty)
        #expect(
            plan.lost.map(\.why) == [
                "the instance is gone", "its contract ended 1h ago", "changed since by someone else: the run set 'b', now it is 'theirs'",
                "a destroyed instance does not come back", "the data of a recycled container does not come back",
                "what a reboot interrupted does not come back", "what the label was before is not known"
            ])
        #expect(plan.lost[0].text == "stop of 1: the instance is gone")
    }

    @Test("what somebody has put back already needs nothing")
    func unneeded() throws {
        let plan = undo(
            [change(.stop, try TestFleet.row(1)), change(.label, try TestFleet.row(2, label: "a"), label: "b")],
            [try TestFleet.row(1), try TestFleet.row(2, label: "a")])
        #expect(plan.steps.isEmpty)
        #expect(plan.unneeded.map(\.id) == [1, 2])
    }

    @Test("what the run itself put back needs no word")
    func ownReversal() throws {
        let (on, off) = (try TestFleet.row(1), try TestFleet.row(1, .stopped))
        let plan = undo([change(.stop, on), change(.start, off)], [on])
        #expect(plan == undo([], []))
        // Stopped, started, and stopped again: it had been on.
        #expect(steps(undo([change(.stop, on), change(.start, off), change(.stop, on)], [off])) == ["start 1"])
    }

    @Test("two labels of one run go back to the first one")
    func labels() throws {
        let (a, b) = (try TestFleet.row(1, label: "a"), try TestFleet.row(1, label: "b"))
        #expect(
            steps(undo([change(.label, a, label: "b"), change(.label, b, label: "c")], [try TestFleet.row(1, label: "c")])) == [
                "label 1 'a'"
            ])
    }

    @Test(
        "what failed, was satisfied, or compensated is not undone",
        arguments: [
            JournalChange.Status.failed, .satisfied, .notApplied
        ])
    func notMade(status: JournalChange.Status) throws {
        let (on, off) = (try TestFleet.row(1), try TestFleet.row(1, .stopped))
        #expect(undo([change(.stop, on, status: status)], [off]) == undo([], []))
        #expect(undo([change(.stop, on, isCompensation: true)], [off]) == undo([], []))
    }

    @Test(
        "a change whose outcome nobody knows is undone if the fleet shows it", arguments: [JournalChange.Status.sent, .accepted, .unknown])
    func inDoubt(status: JournalChange.Status) throws {
        let (on, off) = (try TestFleet.row(1), try TestFleet.row(1, .stopped))
        #expect(steps(undo([change(.stop, on, status: status)], [off])) == ["start 1"])
        #expect(steps(undo([change(.stop, on, status: status)], [on])) == [])
    }

    @Test("an instance that was not read is not called gone")
    func notRead() throws {
        let plan = undo([change(.stop, try TestFleet.row(1))], [], isComplete: false)
        #expect(plan.lost.map(\.why) == ["the instance was not read"])
    }

    @Test("a stopped bid was wanted running, and is put back")
    func bid() throws {
        let before = try TestFleet.row(1, .outbid)
        #expect(steps(undo([change(.stop, before)], [try TestFleet.row(1, .stopped)])) == ["start 1"])
    }
}
