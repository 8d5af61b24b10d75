import FleetClock
import Foundation
import LuaEngine
import Synchronization
import Testing
import VastAPI
@testable import VastSimulator

/// The code of docs/embedding.md, which the files beside this one hold to the letter, does what it says.
@Suite struct EmbeddingTests {
    @Test("each block of the page is a file here", arguments: ["StoppingScratch", "JournaledClient", "RunningRules"])
    func blocks(file: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let code = try String(contentsOf: folder.appendingPathComponent("\(file).swift"), encoding: .utf8)
        let page = folder.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/embedding.md")
        #expect(try String(contentsOf: page, encoding: .utf8).contains("```swift\n\(code)```"))
    }

    private func withSimulator<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let clock = SystemClock()
        let server = SimulatorServer(SimulatedService(Fleet.standard(at: clock.now), clock: clock))
        let url = "http://127.0.0.1:\(try await server.start(port: 0))"
        do {
            let value = try await body(url)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    @Test("VastAPI: what is labelled so and runs is stopped, the rest is left alone")
    func scratch() async throws {
        try await withSimulator { url in
            #expect(try await stopScratch(at: url, key: "simulator") == [])
            var configuration = ClientConfiguration(
                url: try ServiceURL(url), key: try APIKey("simulator"), clock: SystemClock(), seed: 1)
            configuration.pacing = .unpaced
            let client = try VastClient(configuration)
            _ = try await Operations(client).label([40_112_233], "scratch-1")
            #expect(try await stopScratch(at: url, key: "simulator") == [40_112_233])
            await client.shutdown()
        }
    }

    @Test("VastAPI: what a journal refuses is not sent, and what it takes is written with its outcome")
    func journal() async throws {
        let lines = Mutex<[String]>([])
        let client = try makeJournaledClient(key: try APIKey("simulator")) { line in
            lines.withLock { $0.append(line) }
            throw VastError(.conflict, "the disk is full")
        }
        await #expect(throws: VastError.self) { try await Operations(client).label([1], "x").get() }
        #expect(lines.withLock { $0.first }?.contains("PUT /api/v0/instances/1/") == true)
        await client.shutdown()
    }

    @Test("LuaEngine: a chunk of Lua waits for a function of Swift")
    func rules() async throws {
        let values = try await runRules("return fleet.price('H100') * 2, select(2, pcall(fleet.price))") { gpu in gpu == "H100" ? 2.5 : 0 }
        #expect(values.first == .number(5))
        #expect("\(values.last.map { "\($0)" } ?? "")".contains("string expected"))
    }
}
