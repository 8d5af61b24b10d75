import FleetClock
import LuaEngine
import Synchronization
import Testing

/// Runs `body` with a fresh state on a thread of its own, and checks that closing it frees everything.
func withHost<Result: Sendable>(
    clock: any FleetClock = VirtualClock(mode: .jumping), options: LuaHost.Options = LuaHost.Options(),
    _ body: @escaping @Sendable (LuaHost) throws -> Result
) async throws -> Result {
    let service = try await LuaService.open(clock: clock, options: options)
    do {
        let (result, memory) = try await service.perform { host in
            try host.registerTestFunctions()
            let result = try body(host)
            host.close()
            return (result, host.memory)
        }
        #expect(memory.used == 0 && memory.blocks == 0 && memory.bridgeBlocks == 0 && memory.references == 0)
        await service.close()
        return result
    } catch {
        await service.close()
        throw error
    }
}

/// Runs a chunk in a fresh state and gives what it returned.
@discardableResult
func run(_ source: String, name: String = "=test") async throws -> [LuaValue] {
    try await withHost { host in
        let values = try host.run(source, name: name)
        try host.runUntilIdle()
        return values.filter { if case .reference = $0 { false } else { true } }
    }
}

/// The error that a chunk ends with.
func failure(_ source: String, name: String = "=test") async throws -> LuaError {
    try await withHost { host in
        do {
            try host.run(source, name: name)
        } catch let error as LuaError {
            return LuaError(kind: error.kind, message: error.message, traceback: error.traceback)
        }
        throw Unexpected()
    }
}

struct Unexpected: Error {}

/// How many objects are alive.
final class LiveCount: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add(_ difference: Int) { count.add(difference, ordering: .relaxed) }
}

/// A Swift object that scripts hold.
final class Probe {
    let number: Int64
    let live: LiveCount?

    init(_ number: Int64, _ live: LiveCount? = nil) {
        self.number = number
        self.live = live
        live?.add(1)
    }

    deinit { live?.add(-1) }
}

/// A one-shot signal between threads.
final class Flag: Sendable {
    private let stream = AsyncStream.makeStream(of: Void.self)
    func raise() { stream.continuation.yield() }
    func wait() async {
        for await _ in stream.stream { return }
    }
}
