import Testing
import VastAPI

@testable import FleetStore

@Suite("Savings") struct SavingsTests {
    private let start = 1_795_000_000.0

    private func change(
        _ verb: Change.Verb, at offset: Double, id: InstanceID = 12, reason: String? = nil, on: Double? = 2.5, off: Double? = 0.5
    ) -> JournalChange {
        var facts = InstanceFacts(id: id, label: "train", state: verb == .stop ? .running : .stopped)
        (facts.rateOn, facts.rateOff) = (on.map { USDPerHour($0) }, off.map { USDPerHour($0) })
        return JournalChange(
            number: 1, run: "7f3a9c", time: start + offset, call: 1, instance: id, verb: verb, isCompensation: false,
            attempts: 1, status: .confirmed, before: facts, reason: reason, confirmed: start + offset)
    }

    private func savings(_ changes: [JournalChange], _ sight: SavingsLedger.Sight = .init()) throws -> [Saving] {
        try SavingsLedger { _, _ in sight }.savings(of: changes)
    }

    @Test("a stop saves the rate less its storage until the instance is started again")
    func amount() throws {
        let saving = try #require(try savings([change(.stop, at: 0, reason: "policy idle: idle"), change(.start, at: 5_400)]).first)
        #expect(saving.amount == 3)
        #expect(saving.isOver && !saving.isRegretted && saving.policy == "idle")
    }

    @Test("a start that only readings have shown ends it too; one within half an hour is a regret")
    func regret() throws {
        let sight = SavingsLedger.Sight(
            spells: [
                .init(began: start - 50, state: .running), .init(began: start + 60, state: .stopped),
                .init(began: start + 1_200, state: .starting)
            ],
            lastSeen: start + 9_000)
        let saving = try #require(try savings([change(.stop, at: 0)], sight).first)
        #expect(saving.to == start + 1_200 && saving.isRegretted)
    }

    @Test("what is off still saves up to the last reading and not a second more")
    func stillOff() throws {
        let saving = try #require(try savings([change(.stop, at: 0)], .init(lastSeen: start + 3_600)).first)
        #expect(saving.amount == 2 && !saving.isOver)
        #expect(try savings([change(.stop, at: 0)]).first?.amount == 0)
    }

    @Test("a rate that is not known saves an unknown amount, not nothing")
    func unknown() throws {
        #expect(try savings([change(.stop, at: 0, off: nil), change(.start, at: 60)]).first?.amount == nil)
    }

    @Test("two stops of one instance do not count the same hours twice")
    func twice() throws {
        let both = try savings([change(.stop, at: 0), change(.stop, at: 3_600)], .init(lastSeen: start + 7_200))
        #expect(both.map(\.amount) == [2, 2])
    }

    @Test("stops of one instance are not ended by starts of another")
    func others() throws {
        let both = try savings([change(.stop, at: 0), change(.start, at: 60, id: 13)], .init(lastSeen: start + 3_600))
        #expect(both.map(\.isOver) == [false])
    }
}
