import FleetClock
import VastAPI

/// Stops what runs and is labelled `scratch…`; returns those that the service has accepted.
func stopScratch(at address: String, key: String) async throws -> [InstanceID] {
    var configuration = ClientConfiguration(
        url: try ServiceURL(address), key: try APIKey(key), clock: SystemClock(), seed: .random(in: .min ... .max))
    configuration.userAgent = "scratch-stopper/1.0"
    let client = try VastClient(configuration)

    let fleet = try await client.list()
    guard fleet.isAuthoritative else { throw VastError(.server, "the fleet could not be read whole") }
    let scratch = fleet.instances.filter { $0.state == .running && $0.label.hasPrefix("scratch") }
    for instance in scratch { print(instance, instance.gpuUtilization.map { "\($0)%" } ?? "unknown") }

    let outcomes = await Operations(client).stop(scratch.map(\.id))
    for id in outcomes.failed {
        switch outcomes[id] {
        case .notSent(let error)?: print(id, "nothing was sent:", error.message)
        case .refused(let error)?: print(id, "refused:", error.kind, error.message)
        case .unknown(let error)?: print(id, "it may have been stopped:", error.message)
        case .satisfied?, .accepted?, nil: break
        }
    }
    await client.shutdown()
    return scratch.map(\.id).filter(outcomes.isDone)
}
