import FleetClock
import VastAPI

/// A client whose changes are written down before they are sent.
func makeJournaledClient(key: APIKey, write: @escaping @Sendable (String) throws -> Void) throws -> VastClient {
    struct Journal: ExchangeObserver {
        let write: @Sendable (String) throws -> Void

        func willSend(_ intent: ChangeIntent) async throws {
            try write("\(intent.number): \(intent.request), try \(intent.attempt)")
        }

        func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {
            switch outcome {
            case .accepted: try? write("\(intent.number): accepted")
            case .failed(let error): try? write("\(intent.number): \(error)")
            }
        }
    }

    var configuration = ClientConfiguration(key: key, clock: SystemClock(), seed: .random(in: .min ... .max))
    configuration.observer = Journal(write: write)
    return try VastClient(configuration)
}
