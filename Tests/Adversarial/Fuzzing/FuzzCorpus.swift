import Foundation

/// The inputs of one fuzzer that are kept: good ones, from which others are made, and those that once broke something.
///
/// `Corpus/NAME.txt` has one a line. `\n`, `\\` and `\x1F` are escapes; lines that begin with `#` are remarks.
enum FuzzCorpus {
    static func inputs(_ name: String) throws -> [[UInt8]] {
        let url = Bundle.module.resourceURL?.appendingPathComponent("Corpus/\(name).txt")
        guard let url else { throw CocoaError(.fileNoSuchFile) }
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(unescaped)
    }

    static func unescaped(_ line: Substring) -> [UInt8] {
        var (bytes, rest): ([UInt8], Substring.UTF8View) = ([], line.utf8)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch next {
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "x"):
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            default: bytes.append(next)
            }
        }
        return bytes
    }

    /// A line of a corpus for an input.
    static func escaped(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard Array(text.utf8) == bytes else { return bytes.map(escaped).joined() }
        return text.unicodeScalars.map { $0.isASCII ? escaped(UInt8($0.value)) : String($0) }.joined()
    }

    private static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case 10: "\\n"
        case UInt8(ascii: "\\"): "\\\\"
        case 0x20...0x7E: String(UnicodeScalar(byte))
        default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
}
