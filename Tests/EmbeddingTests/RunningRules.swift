import FleetClock
import LuaEngine

/// Runs a chunk of Lua that can call `fleet.price(gpu)`, and returns its results.
func runRules(_ source: String, price: @escaping @Sendable (String) async throws -> Double) async throws -> [LuaValue] {
    var options = LuaHost.Options()
    options.memoryLimit = 64 << 20
    let service = try await LuaService.open(clock: SystemClock(), options: options) { host in
        try host.setGlobal("fleet") { writer in
            writer.table(fields: 1) {
                writer.field("price") {
                    writer.function("fleet.price") { call in
                        let gpu = try call.string(1, "gpu")
                        return call.wait(
                            for: { try await price(gpu) },
                            then: { call, dollars in
                                call.results.number(dollars)
                                return .values
                            })
                    }
                }
            }
        }
    }
    let outcome: Result<[LuaValue], any Error>
    do {
        outcome = .success(
            try await service.perform { host in
                let values = try host.run(source, name: "=rules")
                try host.runUntilIdle()
                return values
            })
    } catch {
        outcome = .failure(error)
    }
    await service.close()
    return try outcome.get()
}
