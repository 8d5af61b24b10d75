/// Why what stands in the place of a key can be none, without a word of it.
enum KeyObjection {
    /// What is wrong with the bytes of a file; nil where they are a text.
    static func text(to bytes: [UInt8], limit: Int) -> String? {
        guard bytes.count <= limit else { return "is longer than \(limit / 1_024) KiB" }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return utf16 }
        guard bytes.contains(0) else { return String(validating: bytes, as: UTF8.self) == nil ? "is no text in UTF-8" : nil }
        // Every other byte of ASCII in UTF-16 is one.
        let zeros = [0, 1].map { first in stride(from: first, to: bytes.count, by: 2).allSatisfy { bytes[$0] == 0 } }
        return bytes.count > 1 && zeros.contains(true) && bytes.contains { $0 != 0 } ? utf16 : "holds a NUL"
    }

    private static let utf16 = "is a text in UTF-16, not in UTF-8"

    /// What is wrong with a text that is not blank.
    static func text(to text: String) -> String {
        if text.unicodeScalars.contains("\0") { return "holds a NUL" }
        let parts = text.unicodeScalars.split(whereSeparator: APIKey.isPadding)
        if parts.count > 1 {
            let isOneLine = !text.unicodeScalars.drop(while: APIKey.isPadding).reversed().drop(while: APIKey.isPadding).contains {
                $0 == "\n" || $0 == "\r"
            }
            return isOneLine ? "holds \(parts.count) words" : "holds \(parts.count) words on several lines"
        }
        return "holds characters that no key has"
    }
}
