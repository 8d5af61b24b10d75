import VastJSON

/// Texts as a script would write them between double quotes.
package enum LuaLiteral {
    /// With every character that cannot be seen written as an escape, so that the literal means the same text.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where HiddenCharacter.contains(scalar): result += escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a text can stand behind a dot.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
    }

    /// Three figures for a byte, so that a figure behind it is none of its own.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        guard scalar.value >= 0x80 else { return "\\" + String(String(1_000 + scalar.value).dropFirst()) }
        return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
}
