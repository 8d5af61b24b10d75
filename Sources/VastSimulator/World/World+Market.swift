extension World {
    /// Who has moved the bid or the price to beat.
    private enum Mover { case owner, market }

    /// Changes the bid of an interruptible instance, dollars an hour for the whole instance. Below the price to beat it is
    /// parked some seconds later.
    ///
    /// - Returns: false when there is no such interruptible instance.
    package mutating func setBid(_ price: Double, of id: Int64) -> Bool {
        guard instances[id]?.market != nil else { return false }
        reprice(id, by: .owner) { $0.setBid(price) }
        change(id) { $0.gpuRate = $0.bid ?? $0.gpuRate }
        guard let market = instances[id]?.market else { return true }
        let due = now.addingTimeInterval(draw(timing.echo, id))
        events.add(.init(at: due, instance: id, course: nil, event: .echoes(market.bid, number: market.bids)))
        return true
    }

    /// The market's side of what happens to an interruptible instance; nothing else has one.
    mutating func happen(_ event: WorldEvent, toBidOf instance: SimulatedInstance) {
        guard let market = instance.market else { return }
        let id = instance.id
        switch event {
        case .outbid: reprice(id, by: .market) { $0.outbid() }
        case .bidWins:
            reprice(id, by: .market) { $0.win() }
            if !instance.holdsGPUs, market.isParked || instance.isQueued { clearRoom(for: instance) }
        case .floor(let price): reprice(id, by: .market) { $0.setFloor(price) }
        case .echoes(let price, let number): change(id) { $0.market?.show(price, number: number) }
        case .losesPriority(let turn): if turn == market.turn { park(instance) }
        case .regainsPriority(let turn): if turn == market.turn { resume(instance) }
        case .parkedContainerEnds(let loss): if loss == market.losses { endParked(instance) }
        default: break
        }
    }

    /// A bid that is below the price to beat from the beginning loses in the usual time.
    mutating func checkFirstBid(of id: Int64) {
        guard let instance = instances[id], instance.isOn, !instance.bidWins else { return }
        planLoss(id)
    }

    /// GPUs have become free for what waits only for them.
    mutating func returnIfDue(_ instance: SimulatedInstance) {
        guard let market = instance.market, market.isDue, market.wins, market.pending == nil else { return }
        planReturn(instance.id)
    }

    private mutating func reprice(_ id: Int64, by mover: Mover, _ body: (inout Market) -> Void) {
        guard let before = instances[id]?.market else { return }
        change(id) {
            guard var market = $0.market else { return }
            body(&market)
            $0.market = market
        }
        guard let instance = instances[id], let market = instance.market else { return }
        guard market.wins else { return fallBehind(instance, market) }
        if market.pending == .loss { change(id) { $0.market?.expect(nil) } }
        guard market.isParked || instance.isQueued, market.pending != .regain else { return }
        let returns =
            switch mover {
            case .market: market.priceToBeat < before.priceToBeat || market.isDue || !before.wins
            case .owner: market.isDue || behaviour.raiseResumes || instance.isQueued && behaviour.queuedStart == .waits
            }
        if returns { planReturn(id) }
    }

    private mutating func fallBehind(_ instance: SimulatedInstance, _ market: Market) {
        change(instance.id) {
            if market.pending == .regain { $0.market?.expect(nil) }
            if !$0.isQueued { $0.market?.isDue = false }
        }
        if instance.isOn, market.pending != .loss { planLoss(instance.id) }
    }

    private mutating func planLoss(_ id: Int64) {
        change(id) { $0.market?.expect(.loss) }
        guard let instance = instances[id], let market = instance.market else { return }
        guard behaviour.outbidIntended == .stopped else { return park(instance) }
        let due = now.addingTimeInterval(draw(timing.priorityLoss, id))
        events.add(.init(at: due, instance: id, course: nil, event: .losesPriority(turn: market.turn)))
    }

    private mutating func planReturn(_ id: Int64) {
        change(id) { $0.market?.expect(.regain) }
        guard let market = instances[id]?.market else { return }
        let due = now.addingTimeInterval(draw(timing.priorityReturn, id))
        events.add(.init(at: due, instance: id, course: nil, event: .regainsPriority(turn: market.turn)))
    }

    /// The contract stops; the container ends some seconds later, or at once where `intended_status` stays.
    private mutating func park(_ instance: SimulatedInstance) {
        guard instance.isOn else {
            change(instance.id) { $0.market?.expect(nil) }
            return
        }
        let intended = behaviour.outbidIntended
        let word = behaviour.stoppedStatus.rawValue
        change(instance.id) {
            $0.market?.expect(nil)
            if $0.status.actual == "frozen" { $0.interrupted = nil }
            if $0.interrupted == nil { $0.course += 1 }
            $0.isStarting = false
            $0.market?.isParked = true
            $0.status.intended = intended.rawValue
            $0.status.current = "stopped"
            $0.status.next = "stopped"
            if intended == .running, $0.interrupted == nil { $0.status.actual = word }
        }
        if intended == .stopped { planEnd(instance.id, after: timing.priorityExit) }
    }

    /// The container of a stopped contract ends after a while, unless the contract runs again.
    private mutating func planEnd(_ id: Int64, after range: ClosedRange<Double>) {
        change(id) { $0.market?.losses += 1 }
        guard let market = instances[id]?.market else { return }
        let due = now.addingTimeInterval(draw(range, id))
        events.add(.init(at: due, instance: id, course: nil, event: .parkedContainerEnds(loss: market.losses)))
    }

    /// A start that is queued for its bid alone, while its owner's stop is still under way: that goes on.
    mutating func finishStop(_ instance: SimulatedInstance) {
        guard let market = instance.market, instance.holdsGPUs, !market.isParked else { return }
        change(instance.id) { $0.status.current = "stopped" }
        planEnd(instance.id, after: timing.containerStop)
    }

    private mutating func endParked(_ instance: SimulatedInstance) {
        guard instance.status.current == "stopped", instance.interrupted == nil else { return }
        let word = behaviour.stoppedStatus.rawValue
        change(instance.id) { $0.status.actual = word }
    }

    private mutating func resume(_ instance: SimulatedInstance) {
        let hasRoom = instance.holdsGPUs || hasRoom(for: instance)
        let hasCredit = account.credit > 0 || behaviour.startsWithoutCredit
        change(instance.id) {
            $0.market?.expect(nil)
            $0.market?.isDue = !hasRoom
        }
        guard instance.market?.isParked == true || instance.isQueued, instance.bidWins, !instance.hasEnded, hasRoom, hasCredit
        else { return }
        endParked(instance)
        boot(instance.id, within: timing.resumption)
    }
}
