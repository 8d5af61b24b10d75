import FleetClock
import FleetWorld
import Foundation
import Testing

@Suite("The speed of a world")
struct SpeedTests {
    /// `VAST_LUA_MEASURE=1`: a whole day is read, and what it took is printed; to be run alone.
    private let isMeasured = ProcessInfo.processInfo.environment["VAST_LUA_MEASURE"] != nil
    private var minutes: Int { isMeasured ? 1440 : 60 }

    @Test("a script that reads the fleet each minute takes as long as it says")
    func reading() async throws {
        for size in [5, 40] {
            var options = TestWorld.Options()
            options.fleetSize = size
            let world = try TestWorld(seed: 1, options: options)
            let clock = SystemClock()
            let began = clock.uptime
            let run = try await world.run(script: "for i = 1, \(minutes) do local fleet = vast.instances() vast.sleep(60) end return 'day'")
            let length = (clock.uptime - began).seconds
            #expect(run.values == ["string(\"day\")"] && run.trace.count >= minutes)
            #expect(run.ended >= .seconds(60 * minutes) && run.ended < .seconds(63 * minutes))
            let hours = Int(run.ended.seconds / 3600 / length * 60)
            if isMeasured {
                print(
                    "measured: a fleet of \(size), \(run.trace.count) requests: \(hours) hours of the fleet in a minute, \(Int(length * 1000)) ms"
                )
            }
        }
    }
}
