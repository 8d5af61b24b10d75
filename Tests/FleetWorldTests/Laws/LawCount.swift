import FleetClock
import FleetWorld
import Foundation
import Synchronization

/// Tries a law on many seeds, and says how much was compared and how fast the worlds went.
final class LawCount {
    private let name: String
    private(set) var exchanges = 0, ids = 0, changes = 0, hours = 0.0
    /// How often something happened that a law must have met to mean anything.
    private(set) var met: [String: Int] = [:]

    init(_ name: String) { self.name = name }

    /// Takes a world that is done with.
    func add(_ world: TestWorld) {
        exchanges += world.transport.count
        changes += world.transport.changes.count
        hours += world.clock.uptime.seconds / 3600
    }

    func compared(_ count: Int) { ids += count }

    func meet(_ what: String, _ count: Int = 1) { met[what, default: 0] += count }

    /// - Parameter count: how many seeds, when nobody says.
    func sweep(_ count: Int, _ law: (UInt64) async throws -> String?) async -> Sweep.Result {
        let sweep = Sweep(name, count: count, seeds: Bundle.module.resourcePath.map { "\($0)/Seeds" })
        let result = await sweep.run(law)
        let speed = Int(hours / max(result.length, 0.001) * 60)
        let things = met.sorted { $0.key < $1.key }.map { ", \($0.value) \($0.key)" }.joined()
        print(
            "law \(name): \(exchanges) exchanges, \(changes) changes at the service, \(ids) ids compared\(things); \(speed) fleet-hours a minute"
        )
        return result
    }
}
