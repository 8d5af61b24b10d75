import FleetClock
import FleetSafety
import Logging
import LuaEngine
import Testing
import VastAPI
import VastJSON
import VastLua

/// How a script ended.
struct Ending: Sendable {
    var values: [LuaValue] = []
    var error: LuaError?
    var kind: String?
    /// What a person reads about the error.
    var text = ""
    var report: String?
    var hasOpenChanges = false
}

/// Runs a script against a fleet in memory, on virtual time, and confirms its changes at the end.
///
/// - Parameter chain: what stands between the script and the fleet; nil: nothing.
func run(
    _ script: String, on rows: [JSONObject] = [FakeFleet.row(12)], options: Runtime.Options = Runtime.Options(),
    prepare: (FakeFleet) -> Void = { _ in }, chain: ((FakeFleet) -> any FleetChain)? = nil
) async throws -> (Ending, FakeFleet) {
    let clock = VirtualClock(mode: .jumping)
    let fleet = FakeFleet(clock: clock, rows: rows)
    prepare(fleet)
    let first: any FleetChain = chain?(fleet) ?? fleet
    let service = try await LuaService.open(clock: clock)
    let ending = try await service.perform { host in
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let runtime = try Runtime(host: host, service: { first }, logger: logger, options: options)
        var ending = Ending()
        do {
            ending.values = try host.run(script, name: "@script.lua")
        } catch let error as LuaError {
            ending.error = error
            ending.kind = runtime.errors.errorKind(error)
            ending.text = runtime.errors.describe(error)
        }
        runtime.finish(wait: options.confirm)
        ending.report = runtime.report.line
        ending.hasOpenChanges = runtime.hasOpenChanges
        ending.values = ending.values.map { if case .reference = $0 { "(reference)" } else { $0 } }
        ending.error?.value = nil
        host.close()
        return ending
    }
    await service.close()
    return (ending, fleet)
}

/// What a script returns; it must not fail.
func values(_ script: String, on rows: [JSONObject] = [FakeFleet.row(12)]) async throws -> [LuaValue] {
    let (ending, _) = try await run(script, on: rows)
    #expect(ending.error == nil, "\(ending.text)")
    return ending.values
}
