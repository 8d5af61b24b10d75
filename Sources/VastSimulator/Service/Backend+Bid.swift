import VastJSON

extension Backend {
    /// Dollars an hour for each GPU; a bid is for the whole instance (API contract, bids).
    private static let highestBidPerGPU = 32.0
    private static let lowestBid = 0.001

    /// Changes a bid. A price of null leaves it to the server, which picks one that wins and may be lower than the present bid.
    mutating func changeBid(_ id: Int64, _ request: SimulatedRequest) -> SimulatedResponse {
        guard let instance = world.instances[id] else {
            return .failure(404, "no_such_instance", "Instance with that ID does not exist.")
        }
        guard let body = Self.object(request.body) else { return Self.invalidJSON }
        guard let market = instance.market else {
            return .failure(400, "invalid_args", "Instance \(id) is not interruptible.")
        }
        let most = Self.highestBidPerGPU * Double(max(1, instance.gpus))
        let price = body["price"] == .null ? min(market.winningPrice, most) : body["price"]?.number
        guard let price, price >= Self.lowestBid else {
            return .failure(400, "invalid_args", "Please set a bid price >= \(Self.lowestBid).")
        }
        guard price <= most else { return .failure(400, "invalid_args", "Please set a bid price <= \(most).") }
        _ = world.setBid(price, of: id)
        return .success
    }
}
