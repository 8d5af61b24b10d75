internal import Crypto

/// SHA-256 (FIPS 180-4), as lower-case hexadecimal digits.
package enum ContentHash {
    /// 64 digits for any number of bytes.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        hash.update(data: Array(bytes))
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The hash of the text's UTF-8.
    package static func sha256(_ text: String) -> String { sha256(text.utf8) }
}
