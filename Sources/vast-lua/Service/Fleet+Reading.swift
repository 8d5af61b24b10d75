#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import VastSimulator

extension Fleet {
    /// A fleet from a file, or the built-in one when there is no path.
    ///
    /// - Throws: ``UsageError`` when the file cannot be read or is no fleet.
    static func read(_ path: String?, at now: Date, seed: UInt64) throws(UsageError) -> Fleet {
        guard let path else { return .standard(at: now, seed: seed) }
        return try read(fileBytes(path), from: path, at: now, seed: seed)
    }

    /// The bytes of a fleet file.
    ///
    /// - Throws: ``UsageError`` when it cannot be read.
    static func fileBytes(_ path: String) throws(UsageError) -> [UInt8] {
        try FileBytes.read(path, for: "the fleet file", limit: 512 << 20)
    }

    /// A fleet from the bytes of a file.
    ///
    /// - Throws: ``UsageError`` when they are no fleet.
    static func read(_ bytes: [UInt8], from path: String, at now: Date, seed: UInt64) throws(UsageError) -> Fleet {
        do {
            return try FleetFile.fleet(bytes, at: now, seed: seed)
        } catch {
            throw UsageError("\(path): \(error.description)")
        }
    }
}
