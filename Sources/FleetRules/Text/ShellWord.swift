package import VastJSON

/// A text as one word of a command that somebody pastes into a shell.
package enum ShellWord {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+:@%,".utf8)

    /// The text as it is, or quoted where a shell would read it otherwise.
    package static func quoted(_ text: String) -> String {
        if !text.isEmpty, text.utf8.allSatisfy(plain.contains), !text.hasPrefix("-") { return text }
        if text.unicodeScalars.allSatisfy({ !HiddenCharacter.contains($0) }) {
            return "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
        }
        // What acts on a terminal never gets there: it would be cut out of the word.
        return "$'\(text.utf8.map(escaped).joined())'"
    }

    private static func escaped(_ byte: UInt8) -> String {
        if plain.contains(byte) || byte == UInt8(ascii: " ") { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 16)
        return "\\x\(digits.count < 2 ? "0" : "")\(digits)"
    }
}
