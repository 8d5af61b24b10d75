import FleetRules

/// What commands answer: the one way to standard output, on which nothing that acts on a terminal gets through.
enum StandardOutput {
    static func write(_ text: String, terminator: String = "\n") {
        print(PrintableText.lines(text), terminator: terminator)
    }

    /// The same for a text with our own colours; what it shows of others was cleaned before they were put in.
    static func writeColored(_ text: String) {
        print(PrintableText.screen(text))
    }
}
