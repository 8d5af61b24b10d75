internal import VastJSON

/// The first line of a recording of ours.
package struct RecordingHeader: Equatable {
    /// The member that makes a line a header; its value is the version of the format.
    static let member = "vast_lua_recording"
    /// The version that is written, and the only one that is known.
    package static let version: Int64 = 1

    /// The version of the format.
    package var version: Int64
    /// What tells recordings of different accounts apart; see ``tag(of:)``.
    package var account: String

    /// A header of the version that is written.
    package init(account: String) {
        version = Self.version
        self.account = account
    }

    /// - Returns: nil when the line is no header.
    init?(_ line: JSON) {
        guard let version = line[Self.member]?.integral else { return nil }
        self.version = version
        account = line["account"]?.string ?? ""
    }

    /// The line without its end.
    var line: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name(Self.member)
        writer.integer(version)
        writer.name("account")
        writer.string(account)
        writer.endObject()
        return writer.bytes
    }

    /// What stands for an account: it differs between accounts, and shows neither key nor address (FNV-1a).
    ///
    /// - Parameter name: what keeps the accounts apart in the state.
    package static func tag(of name: String) -> String {
        let hash = "vast-lua recording \(name)".utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }

    /// - Throws: ``RecordingError`` when it was written by a later version.
    func check(_ path: String, line: Int) throws(RecordingError) {
        guard version == Self.version else {
            throw RecordingError(
                file: path, line: line, message: "a recording of version \(version); this program knows version \(Self.version)",
                next: "use a newer vast-lua")
        }
    }
}
