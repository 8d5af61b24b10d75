package import FleetControl
import FleetClock
package import LuaEngine
package import Logging
import VastAPI

/// Joins a Lua state with a fleet: installs the global `vast` and keeps what the run has read and changed.
///
/// It belongs to the thread of its host.
package final class Runtime {
    package struct Options: Sendable {
        /// How long ``Runtime/finish(wait:)`` waits for changes to be seen.
        package var confirm: Duration
        /// Whether `vast.request` may send writes that it does not know.
        package var allowsRaw: Bool

        package init(confirm: Duration = .seconds(120), allowsRaw: Bool = false) {
            self.confirm = confirm
            self.allowsRaw = allowsRaw
        }
    }

    let host: LuaHost
    let options: Options
    let logger: Logger
    var fleet = FleetMemory()
    private let makeService: @Sendable () throws -> any FleetService
    private var madeService: (any FleetService)?
    private let startedAt: Duration
    private var waited = Duration.zero
    let types = Types()
    private(set) var null: LuaReference?
    private(set) lazy var instanceType = makeInstanceType()
    private(set) lazy var listType = LuaTableType("vast.list", methods: listMethods, metamethods: listMetamethods)
    /// The result of a query that left nothing out: verbs that interrupt refuse it.
    private(set) lazy var unrestrictedListType = LuaTableType(
        "vast.list", methods: listMethods, metamethods: listMetamethods)
    private(set) lazy var moduleType = makeModuleType()

    /// - Parameters:
    ///   - host: the state that gets the global `vast`.
    ///   - service: makes the service when a script first needs it.
    ///   - logger: where `vast.log` goes.
    /// - Throws: `LuaError` of kind `memory`.
    package init(
        host: LuaHost, service: @escaping @Sendable () throws -> any FleetService, logger: Logger,
        options: Options = Options()
    ) throws {
        self.host = host
        self.options = options
        self.logger = logger
        makeService = service
        startedAt = host.clock.uptime
        host.describeError = { [types] in types.error.describe($0) }
        try install()
    }

    private func install() throws {
        try host.register(types.error.type)
        try host.register(types.null)
        try host.register(types.array)
        try host.register(instanceType)
        try host.register(listType)
        try host.register(unrestrictedListType)
        try host.register(moduleType)
        null = try host.build { $0.object(JSONNull(), as: types.null) }
        try host.setGlobal("vast") { writeModule($0) }
    }

    /// The service, made on first use.
    ///
    /// - Throws: what making it throws, such as a missing key.
    func service() throws -> any FleetService {
        if let madeService { return madeService }
        let made = try makeService()
        madeService = made
        return made
    }

    /// Unix seconds.
    var now: Double { host.clock.unixTime }

    // MARK: the end of a run

    /// Whether a change failed or is not confirmed, and nobody dealt with it.
    package var hasOpenChanges: Bool { fleet.ledger.hasOpenChanges }

    /// What the run did, for one line.
    package var report: RunReport {
        RunReport(
            ledger: fleet.ledger, bill: fleet.bill, length: host.clock.uptime - startedAt, waited: waited)
    }

    /// Confirms, after the script has ended, all that the fleet has not shown yet, by reading it again and again.
    ///
    /// - Parameter wait: for how long at most; zero: not at all.
    package func finish(wait: Duration) {
        guard !fleet.ledger.unconfirmed.isEmpty, wait > .zero else { return }
        let began = host.clock.uptime
        let deadline = began + wait
        do {
            let confirm = try host.build { writer in
                writer.function("vast.confirm") { [self] call in try Confirmation(self, deadline: deadline).step(call) }
            }
            try host.run(confirm, name: "confirmation")
        } catch {
            logger.error("the changes could not be confirmed", metadata: ["error": "\(error)"])
        }
        waited = host.clock.uptime - began
    }
}
