import FleetClock
import FleetWorld
import Testing

@Suite("The speed of a world")
struct SpeedTests {
    @Test("a script that reads the fleet each minute for a day; prints how many hours that is in a minute")
    func reading() async throws {
        for size in [5, 40] {
            var options = TestWorld.Options()
            options.fleetSize = size
            let world = try TestWorld(seed: 1, options: options)
            let clock = SystemClock()
            let began = clock.uptime
            let run = try await world.run(script: "for i = 1, 1440 do local fleet = vast.instances() vast.sleep(60) end return 'day'")
            let length = (clock.uptime - began).seconds
            #expect(run.values == ["string(\"day\")"] && run.trace.count >= 1440)
            #expect(run.ended >= .seconds(86_400) && run.ended < .seconds(90_000))
            let hours = Int(run.ended.seconds / 3600 / length * 60)
            print("measured: a fleet of \(size), \(run.trace.count) requests: \(hours) hours of the fleet in a minute, \(Int(length * 1000)) ms")
        }
    }
}
