import VastJSON

/// `vast.bid`: the price of an interruptible instance, in $/h for the whole of it (Vast API contract, part 2, section C).
///
/// A bid below the present one parks a running instance as soon as somebody else's is above it, so it counts as an
/// interruption. A raise may bring up an instance that is off.
struct BidVerb: ChangeVerb {
    let name = "bid"
    let past = "bid on"
    let payload: ChangePayload.Kind? = .price
    let aspect = ChangeAspect.price
    let boots = true

    private static let route = Route(.put, "/api/v0/instances/bid_price/{id}/")
    /// What the service takes, in $/h; the highest one for each GPU.
    private static let (lowest, highestOfGPU) = (0.001, 32.0)
    let pause = 60.0

    /// A running instance is parked within about a minute of a bid that is too low, in seconds.
    private static let parkingTime = 120.0

    func effect(_ payload: ChangePayload?, on facts: InstanceFacts?) -> ChangeEffect {
        var effect = ChangeEffect()
        guard let price = payload?.price, let facts, let bid = facts.bid?.roundedAsBid else {
            (effect.caps, effect.delay) = ([.maxStops, .maxStarts], Self.parkingTime)
            (effect.interrupts, effect.turnsOff, effect.addsToBill) = (true, true, true)
            return effect
        }
        if price < bid {
            effect = interruption(under: .maxStops, turnsOff: true)
            effect.delay = Self.parkingTime
            return effect
        }
        effect.isAllowedOnProtected = true
        guard price > bid else { return effect }
        effect.addsToBill = true
        effect.rateAdded = facts.state == .running ? price - bid : price
        if facts.state != .running { effect.caps = [.maxStarts] }
        return effect
    }

    func isApplicable(to facts: InstanceFacts) -> Bool { facts.isInterruptible != false }

    func refusal(_ payload: ChangePayload?, _ bounds: ChangeBounds, on facts: InstanceFacts) -> VastError? {
        guard let price = payload?.price else { return VastError(.invalidArgument, "a bid is a price", instance: facts.id) }
        guard facts.isInterruptible == true else {
            let why = facts.isInterruptible == false ? "is on demand and has no bid" : "does not say whether it is interruptible"
            return VastError(
                .invalidArgument, "\(facts.name) \(why)", instance: facts.id,
                hint: "leave it out: vast.instances {is_bid = true} are those with a bid")
        }
        let highest = Self.highestOfGPU * Double(max(1, facts.gpuCount ?? 1))
        guard (Self.lowest...highest).contains(price.rawValue) else {
            return VastError(
                .invalidArgument,
                "a bid for \(facts.name) is between \(Self.lowest) and \(highest.plainText) $/h, not \(price.rawValue.plainText)",
                instance: facts.id, hint: "bid a price in that range, in $/h for the whole instance")
        }
        guard let bid = facts.bid?.roundedAsBid else {
            return VastError(.conflict, "the present bid for \(facts.name) is not known", instance: facts.id)
        }
        if let highest = bounds.highest, price > highest {
            return VastError(
                .guard, "a bid of \(price.rawValue.plainText) $/h for \(facts.name) is above max = \(highest.rawValue.plainText)",
                code: "above_max",
                instance: facts.id)
        }
        if price == bid { return nil }
        if let since = bounds.sinceLast, since < pause {
            return VastError(
                .conflict,
                "the bid for \(facts.name) was changed \(Int(since)) s ago: what the market shows may be the echo of it; "
                    + "bid once a minute at most", code: "too_soon", instance: facts.id,
                hint: "bid again in \(max(1, Int(pause - since) + 1)) s")
        }
        guard price.rawValue > 2 * bid.rawValue, bounds.highest == nil else { return nil }
        return VastError(
            .guard, "\(price.rawValue.plainText) $/h is more than twice the present bid of \(bid.rawValue.plainText) $/h for \(facts.name)",
            code: "bid_doubled", instance: facts.id,
            hint: "to allow   vast.bid(\(facts.id), \(price.rawValue.plainText), {max = \(price.rawValue.plainText)})")
    }

    func request(for id: InstanceID, _ payload: ChangePayload?) -> Endpoint? {
        guard let price = payload?.price else { return nil }
        return Endpoint(
            .put, "/api/v0/instances/bid_price/\(id)/", route: Self.route,
            body: ["client_id": "me", "price": .double(price.rawValue)], repetition: .never,
            change: Change(.bid, [id], payload: .price(price)))
    }

    /// Without a price the service picks one, perhaps a lower one: that is no bid of ours.
    func recognise(_ request: RequestShape) -> Change? {
        guard let ids = request.single(Self.route) else { return nil }
        let price: Double
        switch (request.exactly(["client_id", "price"]) ?? request.exactly(["price"]))?["price"] {
        case .double(let number)?: price = number
        case .integer(let number)?: price = Double(number)
        default: return nil
        }
        guard price.isFinite else { return nil }
        return Change(.bid, ids, payload: .bid(price))
    }

    func isSatisfied(_ facts: InstanceFacts, _ payload: ChangePayload?) -> Bool { payload != nil && present(facts) == payload }

    func isAccepted(by row: Instance, _ payload: ChangePayload?) -> Bool { isSatisfied(InstanceFacts(row), payload) }

    func isSettled(by row: Instance?, _ payload: ChangePayload?) -> Bool { row.map { isAccepted(by: $0, payload) } ?? false }

    func overlay(on row: Instance, _ payload: ChangePayload?) -> JSONObject {
        guard let price = payload?.price else { return [:] }
        var object: JSONObject = ["dph_base": .double(price.rawValue)]
        guard let bid = row.bid else { return object }
        let change = price.rawValue - bid.rawValue
        if let total = row.raw("dph_total")?.double { object["dph_total"] = .double((total + change).withoutNoise) }
        // What it costs now changes with it only while it runs; what it would cost, always.
        for group in row.billing == .gpu ? ["search", "instance"] : ["search"] {
            guard case .object(var costs)? = row.raw(group)?.value, let total = row.raw(group)?["totalHour"]?.double else { continue }
            costs["totalHour"] = .double((total + change).withoutNoise)
            object[group] = .object(costs)
        }
        return object
    }

    func changed(_ facts: InstanceFacts, _ payload: ChangePayload?) -> InstanceFacts? {
        guard let price = payload?.price else { return facts }
        var facts = facts
        if let bid = facts.bid, let rateOn = facts.rateOn { facts.rateOn = rateOn - bid + price }
        facts.bid = price
        return facts
    }

    func rateAfter(_ row: Instance, _ payload: ChangePayload?) -> USDPerHour? {
        guard row.billing == .gpu, let price = payload?.price, let bid = row.bid else { return row.rate }
        return row.rate.map { $0 - bid + price }
    }

    func risks(_ facts: InstanceFacts, _ payload: ChangePayload?, _ circumstances: ChangeRisk.Circumstances) -> [ChangeRisk] {
        let effect = effect(payload, on: facts)
        if effect.interrupts { return facts.isOn ? [.mayBeOutbid] : [] }
        guard effect.caps.contains(.maxStarts) else { return [] }
        return facts.state == .outbid ? [.mayStart, .offUntilBidWins] : [.mayStart]
    }

    func present(_ facts: InstanceFacts) -> ChangePayload? { facts.bid.map { .price($0.roundedAsBid) } }
}
