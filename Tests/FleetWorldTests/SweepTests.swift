import FleetWorld
import Foundation
import Testing

@Suite("A sweep over seeds")
struct SweepTests {
    private func sweep(_ environment: [String: String] = [:], seeds: String? = nil) -> Sweep {
        Sweep("sample", count: 10, seeds: seeds, environment: environment)
    }

    @Test("tries as many seeds as it is told, from the first one on")
    func counts() async {
        #expect(await sweep().run { _ in nil }.tried == 10)
        var tried: [UInt64] = []
        let result = await sweep(["VAST_LUA_SEEDS": "3", "VAST_LUA_FIRST_SEED": "40"]).run { seed in
            tried.append(seed)
            return nil
        }
        #expect(tried == [40, 41, 42] && result.failures.isEmpty && result.kept == 0)
        #expect(await sweep(["VAST_LUA_SECONDS": "0"]).run { _ in nil }.tried == 0)
    }

    @Test("tells the seeds that fail, thrown or said, and stops after a few")
    func failures() async {
        struct Broken: Error {}
        let result = await sweep().run { seed in
            if seed == 2 { throw Broken() }
            return seed % 3 == 0 ? "three" : nil
        }
        #expect(result.failures.map(\.seed) == [2, 3, 6, 9] && result.failures[1].text == "three")
        #expect(await sweep().run { _ in "always" }.failures.count == 5)
    }

    @Test("tries first what has failed before")
    func kept() async throws {
        let folder = try TemporaryFolder()
        try "# earlier\n 77 # what it was\n\n18446744073709551615\n".write(
            toFile: "\(folder.path)/sample.txt", atomically: true, encoding: .utf8)
        var tried: [UInt64] = []
        let result = await sweep(["VAST_LUA_SEEDS": "1"], seeds: folder.path).run { seed in
            tried.append(seed)
            return nil
        }
        #expect(tried == [77, .max, 1] && result.kept == 2 && result.tried == 3)
    }

    @Test("the kept seeds of the determinism law are there to be read")
    func resource() throws {
        let path = try #require(Bundle.module.resourcePath)
        #expect(FileManager.default.fileExists(atPath: "\(path)/Seeds/determinism.txt"))
    }
}
