package import LuaEngine
import VastJSON

/// A character in a source that Lua has only in texts and comments, as word processors and web pages put it in.
package struct ForeignCharacter {
    /// nil where the bytes are no character.
    private let scalar: Unicode.Scalar?
    private let byte: UInt8
    private let line: Int
    /// In characters, from 1.
    private let column: Int

    /// - Returns: nil when the source has none outside texts and comments.
    private init?(in source: [UInt8]) {
        guard let (offset, line) = LuaTokens.foreignCharacter(in: source) else { return nil }
        let start = source[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        var rest = source[offset...].prefix(16).makeIterator()
        var decoder = UTF8()
        let decoded = decoder.decode(&rest)
        (byte, self.line) = (source[offset], line)
        column = String(decoding: source[start..<offset], as: UTF8.self).unicodeScalars.count + 1
        scalar = if case .scalarValue(let scalar) = decoded { Self.escaped(source[offset...]) ?? scalar } else { nil }
    }

    /// What stands behind `\u{` where an escape was put in the place of a character that cannot be seen.
    private static func escaped(_ source: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard source.starts(with: Array("\\u{".utf8)) else { return nil }
        let digits = source.dropFirst(3).prefix(8).prefix { $0 != UInt8(ascii: "}") }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
    }

    /// A syntax error that is about such a character names it, its column, and what to write; every other error stays.
    package static func explained(_ error: LuaError, in source: [UInt8]) -> LuaError {
        guard case .syntax = error.kind, let found = ForeignCharacter(in: source) else { return error }
        let near = found.byte == UInt8(ascii: "\\") ? "near '\\'" : "near '<\\\(found.byte)>'"
        let mark = ":\(found.line): "
        guard error.message.contains(near), let place = error.message.firstRange(of: mark) else { return error }
        var explained = error
        explained.message = String(error.message[..<place.lowerBound]) + mark + found.text
        return explained
    }

    private var text: String {
        guard let scalar else { return "column \(column): the byte \(byte) is no character of UTF-8; save the file as UTF-8" }
        if scalar == "\\" { return "column \(column): '\\' has a meaning only in texts" }
        let code = String(scalar.value, radix: 16, uppercase: true)
        let number = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
        let name = scalar.properties.name?.lowercased() ?? "a character"
        let isSeen = !HiddenCharacter.contains(scalar) && !scalar.properties.isWhitespace
        return "column \(column): \(name) (\(isSeen ? "\(scalar), " : "")\(number)) is no Lua outside texts; \(Self.advice(scalar))"
    }

    private static func advice(_ scalar: Unicode.Scalar) -> String {
        if let plain = plain(scalar) { return "write \(plain == " " ? "a plain space" : plain) in its place" }
        if HiddenCharacter.contains(scalar) { return "take it out: it cannot be seen" }
        if scalar.properties.isAlphabetic { return "names are made of the letters a-z and A-Z, figures and _" }
        return "take it out, or put it between quotes"
    }

    /// What of a keyboard was meant.
    private static func plain(_ scalar: Unicode.Scalar) -> String? {
        if scalar.properties.generalCategory == .spaceSeparator { return " " }
        // The wide forms of East Asian keyboards.
        if (0xFF01...0xFF5E).contains(scalar.value) { return Unicode.Scalar(scalar.value - 0xFEE0).map { String($0) } }
        return meant[scalar]
    }

    private static let meant: [Unicode.Scalar: String] = {
        var meant: [Unicode.Scalar: String] = [
            "\u{D7}": "*", "\u{F7}": "/", "\u{2026}": "...", "\u{2260}": "~=", "\u{2264}": "<=", "\u{2265}": ">=", "\u{2044}": "/"
        ]
        for scalar in "\u{201C}\u{201D}\u{201E}\u{201F}\u{AB}\u{BB}\u{2033}\u{301D}\u{301E}".unicodeScalars { meant[scalar] = "\"" }
        for scalar in "\u{2018}\u{2019}\u{201A}\u{201B}\u{2039}\u{203A}\u{2032}\u{B4}".unicodeScalars { meant[scalar] = "'" }
        for scalar in "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}".unicodeScalars { meant[scalar] = "-" }
        return meant
    }()
}
