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

    let report = try await Operations(client).stop(scratch.map(\.id))
    for id in report.failed {
        guard case .failure(let error)? = report.results[id] else { continue }
        print(id, error.kind, error.effect == .none ? "nothing was changed" : "it may have been changed", error.message)
    }
    await client.shutdown()
    return scratch.map(\.id).filter { !report.failed.contains($0) }
}
