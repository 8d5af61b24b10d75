import VastJSON
import VastModels

@testable import FleetRecording

/// What rows say of states.
enum InstanceStates {
    static let running = InstanceState.running.statusFields
}
