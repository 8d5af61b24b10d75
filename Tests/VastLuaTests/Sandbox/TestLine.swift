import FleetClock
import FleetRules
import FleetSafety
import Foundation
import Logging
import Synchronization
import ScriptSandbox
import VastLua

/// A script's end of a line and the other, in one process.
final class TestLine: Sendable {
    let remote: RemoteService
    let host: ServiceHost
    /// The script's end itself, for frames that no binding sends.
    let script: Channel
    private let parent: Channel

    init(_ fleet: FakeFleet, service: (any FleetChain)? = nil) throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw CancellationError() }
        (script, parent) = (Channel(descriptor: ends[0]), Channel(descriptor: ends[1]))
        remote = RemoteService(script)
        let noted = LimitsBox()
        let first: any FleetChain = service ?? fleet
        host = ServiceHost(
            parent,
            ServiceHost.Settings(
                service: { first },
                limit: {
                    noted.add($0); return ["noted"]
                },
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), clock: fleet.clock))
        box = noted
        Thread { [host] in try? host.serve() }.start()
        Thread { [remote] in remote.receive { _, _ in } }.start()
    }

    private let box: LimitsBox
    /// The limits that were asked for.
    var limitsAsked: [GuardLimits] { box.all }

    /// Ends the line, and waits for the calls under way.
    func end() async {
        parent.shut()
        await host.drain()
    }

    /// What the host made of a frame, with the line closed behind it.
    static func verdict(on frame: [UInt8]) async throws -> ChannelError? {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw CancellationError() }
        let (script, parent) = (Channel(descriptor: ends[0]), Channel(descriptor: ends[1]))
        let fleet = FakeFleet(clock: VirtualClock(mode: .jumping), rows: [FakeFleet.row(12)])
        let host = ServiceHost(
            parent,
            ServiceHost.Settings(
                service: { fleet }, limit: { _ in [] }, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                clock: fleet.clock))
        // A long frame does not fit into the socket at once.
        Thread {
            try? script.send(frame)
            script.shut()
        }.start()
        do throws(ChannelError) { try host.serve() } catch {
            parent.shut()
            return error
        }
        await host.drain()
        return nil
    }
}

private final class LimitsBox: Sendable {
    private let state = Mutex<[GuardLimits]>([])
    var all: [GuardLimits] { state.withLock { $0 } }
    func add(_ limits: GuardLimits) { state.withLock { $0.append(limits) } }
}
