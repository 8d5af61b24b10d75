/// Texts between quotation marks, as Lua and JSON write them.
package enum QuotedText {
    /// - Parameter special: what stands for another character than those that both write alike; nil: itself.
    package static func quoted(_ text: String, special: (UInt32) -> String?) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if let words = special(scalar.value) { result += words } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result + "\""
    }
}
