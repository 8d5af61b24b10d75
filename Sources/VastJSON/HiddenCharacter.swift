/// Characters that are not seen and yet do something to a terminal, or to how the text around them is read: controls of both
/// sets (C0, C1) and what turns the direction of writing.
package enum HiddenCharacter {
    /// Joiners stay: emoji and some scripts are written with them.
    package static func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F..<0xA0: return true
        // None of the letters and signs here is one, and nearly all text is made of them.
        case ..<0xAD, 0x3000..<0xD800: return false
        case 0x200D: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
        default: return false
        }
    }
}
