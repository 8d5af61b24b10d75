/// The documented thresholds (Vast API contract, section 6), and a floor of our own where none is documented: a loop in a script
/// shall not have the key throttled.
enum PacingTable {
    static func documented(_ route: Route) -> Duration {
        switch route {
        case .show: .seconds(2)
        case .destroy: .seconds(3)
        case .user: floor
        case Route(.put, "/api/v0/instances/request_logs/{id}/"): floor
        case Route(.put, "/api/v0/instances/command/{id}/"): .milliseconds(1500)
        case Route(.put, "/api/v0/instances/bid_price/{id}/"): .milliseconds(5500)
        case Route(.put, "/api/v0/instances/prepay/{id}/"): .seconds(2)
        case Route(.post, "/api/v0/instances/start/"): .seconds(2)
        case Route(.put, "/api/v0/asks/{id}/"): .milliseconds(4500)
        case Route(.post, "/api/v0/bundles/"), Route(.get, "/api/v0/bundles/"): .seconds(6)
        default: .seconds(1)
        }
    }

    private static let floor = Duration.milliseconds(500)

    /// What a refusal without figures leads to, also where nothing is documented.
    static func afterRefusal(_ route: Route) -> Duration { max(documented(route), floor) }
}
