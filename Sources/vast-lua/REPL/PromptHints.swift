/// What the prompt says to those who know other ones.
enum PromptHints {
    private static let leaving = ["exit", "quit", "exit()", "quit()", ":q", ":q!", ":wq", ":quit", ":x", "\\q"]
    private static let helping = ["help", "?", ":h", ":help", "\\?", "\\h"]

    /// What to do in place of a word that ends other programs, or asks them for help; nil for every other line.
    ///
    /// - Parameter isFree: whether a global of that name is none of the person's own.
    static func word(_ line: [UInt8], isFree: (String) throws -> Bool) rethrows -> String? {
        var word = String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace }
        if word.last == ";" { word.removeLast() }
        guard leaving.contains(word) || helping.contains(word) else { return nil }
        let name = word.prefix { $0.isLetter }
        guard try name.isEmpty || isFree(String(name)) else { return nil }
        if leaving.contains(word) { return "Ctrl-D or os.exit() ends the session" }
        return """
            help(vast.stop) and help("is_idle") show how something is called; vast.help() lists everything
            Tab completes names, options, ids and labels; Ctrl-D or os.exit() ends the session
            """
    }

    /// That locals end with the line, where a statement does nothing but make some; nil for every other one.
    ///
    /// - Parameter isLua: whether a text can be compiled.
    static func locals(_ statement: [UInt8], isLua: (String) -> Bool) -> String? {
        let text = String(decoding: statement, as: UTF8.self)
        if let function = text.firstMatch(of: /^\s*local\s+function\s+(\w+)/) {
            return isLua("return function" + text[function.range.upperBound...]) ? hint([String(function.1)]) : nil
        }
        guard let match = text.firstMatch(of: /^\s*local\s+(\w+(?:\s*<\s*\w+\s*>)?(?:\s*,\s*\w+(?:\s*<\s*\w+\s*>)?)*)\s*(=(?!=)|;?\s*$)/)
        else { return nil }
        if match.2.first == "=", !isLua("return " + text[match.range.upperBound...]) { return nil }
        let names = match.1.split(separator: ",").map { name in
            String(name.drop(while: \.isWhitespace).prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        }
        return hint(names)
    }

    private static func hint(_ names: [String]) -> String {
        let one = names.count == 1
        return
            "\(names.joined(separator: ", ")) \(one ? "is" : "are") gone: locals end with the line; without 'local' \(one ? "it stays" : "they stay")"
    }
}
