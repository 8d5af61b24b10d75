/// Names and values of HTTP headers (RFC 9110, section 5).
package enum HeaderField {
    /// Whether it is a token: printable ASCII, without spaces and delimiters.
    package static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !#"(),/:;<=>?@[\]{}""#.utf8.contains($0) }
    }

    /// No control character but the tab, and nothing that could be taken as a line of its own.
    package static func isValue(_ value: String) -> Bool { value.utf8.allSatisfy { $0 == 9 || $0 >= 0x20 && $0 != 0x7F } }
}
