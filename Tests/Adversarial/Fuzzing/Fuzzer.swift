import FleetWorld
import Foundation
import Testing

/// Tries a law on the inputs that are kept and then on new ones, one from each seed (``Sweep``).
///
/// `VAST_LUA_SECONDS`, `VAST_LUA_SEEDS` and `VAST_LUA_FIRST_SEED` say how long, how many and from where. With `VAST_LUA_FUZZ_TRACE`,
/// a folder, each input is written to a file there before it is tried, so that one which ends the process can be looked at.
struct Fuzzer {
    private let name: String
    private let count: Int
    private let tokens: [String]
    private let isJSON: Bool

    /// What one input may take, in seconds of the thread's own time; a debug build on a slow machine is far below.
    private static let longest = 1.0
    /// What a minute of one fuzzer may add to the process's memory, in kilobytes.
    private static let mostMemory = 512 << 10

    private let environment = ProcessInfo.processInfo.environment

    /// - Parameter count: how many new inputs when the environment does not say.
    init(_ name: String, count: Int, tokens: [String], isJSON: Bool = false) {
        (self.name, self.count, self.tokens, self.isJSON) = (name, count, tokens, isJSON)
    }

    /// - Parameters:
    ///   - more: inputs beside those of the corpus from which others are made.
    ///   - law: why it does not hold for an input; nil: it does.
    func run(more: [[UInt8]] = [], longest: Int = 2_048, _ law: @escaping ([UInt8]) throws -> String?) async throws {
        let kept = try FuzzCorpus.inputs(name)
        let trace = FuzzTrace(name)
        for input in kept {
            let failure = Self.failure(of: input, trace, law)
            #expect(failure == nil, "the kept input \(FuzzCorpus.escaped(input))")
        }
        let grammar = FuzzGrammar(tokens: tokens, corpus: kept + more, isJSON: isJSON, longest: longest)
        let memory = Self.memory
        let result = await Sweep("fuzz \(name)", count: count, seeds: nil).run { seed in
            let input = grammar.input(seed: seed)
            return Self.failure(of: input, trace, law).map { "\($0)\n  input: \(FuzzCorpus.escaped(input))" }
        }
        #expect(result.failures.isEmpty)
        // Beside other tests it is not this one's alone.
        if environment["VAST_LUA_SECONDS"] != nil { #expect(Self.memory - memory < Self.mostMemory, "memory grew") }
        print("fuzz \(name): \(Int(Double(result.tried) / max(result.length, 1e-3))) inputs a second, \(result.tried) in all")
    }

    private static func failure(of input: [UInt8], _ trace: FuzzTrace?, _ law: ([UInt8]) throws -> String?) -> String? {
        trace?.note(input)
        let began = threadTime
        let failure: String?
        do { failure = try law(input) } catch { failure = "thrown: \(error)" }
        let length = threadTime - began
        return failure ?? (length < longest ? nil : "it takes \(length) s")
    }

    private static var threadTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The most that the process has had in memory, in kilobytes.
    private static var memory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}

/// The file with the input that is being tried.
struct FuzzTrace {
    private let descriptor: Int32

    init?(_ name: String) {
        guard let folder = ProcessInfo.processInfo.environment["VAST_LUA_FUZZ_TRACE"] else { return nil }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        descriptor = open("\(folder)/\(name)", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    }

    func note(_ input: [UInt8]) {
        ftruncate(descriptor, 0)
        pwrite(descriptor, input, input.count, 0)
    }
}
