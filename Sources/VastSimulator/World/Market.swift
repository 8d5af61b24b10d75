/// The market as one interruptible instance meets it. Prices are dollars an hour for the whole instance, to four decimals.
package struct Market: Sendable, Equatable {
    /// A change of priority that is on its way.
    enum Pending: Sendable, Equatable {
        case loss, regain
    }

    /// What the owner bids.
    package private(set) var bid: Double
    /// What the machine asks for at least.
    package private(set) var floor: Double
    /// The bid of somebody who has outbid this one; nil when there is none.
    private(set) var rival: Double?
    /// The own bid as `min_bid` shows it: three decimals, and some minutes old.
    private(set) var echo: Double
    /// Counts the own bids, so that an older echo does not replace a newer one.
    private(set) var bids: UInt64 = 0
    private var echoed: UInt64 = 0

    /// Whether it was stopped because its bid did not win, and runs again when priority returns.
    var isParked = false
    /// Whether a queued start, or a return of priority, waits only for the price or the GPUs.
    var isDue = false
    private(set) var pending: Pending?
    /// Counts the changes of ``pending``; an event that was planned before the latest one is void.
    private(set) var turn: UInt64 = 0
    /// Counts losses and starts; the end of a container that was planned before the latest one is void.
    var losses: UInt64 = 0

    init(bid: Double, floor: Double) {
        self.bid = Self.price(bid)
        self.floor = Self.price(floor)
        echo = self.bid.rounded(digits: 3)
    }

    /// What a bid must reach.
    package var priceToBeat: Double { max(floor, rival ?? 0) }

    /// Whether the bid is high enough to run.
    package var wins: Bool { bid >= priceToBeat }

    /// A price that wins, as the server picks it when none is given: about 1.18 times the price to beat.
    var winningPrice: Double { max(0.001, priceToBeat, (priceToBeat * 1.18).rounded(digits: 3)) }

    mutating func setBid(_ price: Double) {
        bid = Self.price(price)
        bids += 1
    }

    /// The price to beat becomes `price`.
    mutating func setFloor(_ price: Double) {
        floor = Self.price(price)
        rival = nil
    }

    /// Somebody bids more, unless the bid does not win anyhow.
    mutating func outbid() {
        guard wins else { return }
        rival = max(bid * 1.1, bid + 0.001).rounded(digits: 4)
    }

    /// Nobody bids more.
    mutating func win() {
        rival = nil
        floor = min(floor, bid)
    }

    /// `min_bid` shows the own bid of that number from now on.
    mutating func show(_ price: Double, number: UInt64) {
        guard number > echoed else { return }
        echoed = number
        echo = price.rounded(digits: 3)
    }

    mutating func expect(_ change: Pending?) {
        pending = change
        turn += 1
    }

    /// The owner, or the end of credit or contract, has decided: priority no longer does.
    mutating func leave() {
        isParked = false
        isDue = false
        expect(nil)
    }

    /// The member `min_bid` of the row.
    func shown(_ choice: Behaviour.MinBid) -> Double {
        switch choice {
        case .echo: echo
        case .floor: priceToBeat
        case .max: max(priceToBeat, (bid * 1.2).rounded(digits: 4))
        }
    }

    /// A number from outside as a price; zero for what is none.
    private static func price(_ number: Double) -> Double {
        number.isNaN ? 0 : min(max(number, 0), 1e12).rounded(digits: 4)
    }
}
