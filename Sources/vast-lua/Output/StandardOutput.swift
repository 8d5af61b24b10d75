import FleetRules

/// What commands answer: the one way to standard output, on which nothing that acts on a terminal gets through but our own
/// colours.
enum StandardOutput {
    static func write(_ text: String, terminator: String = "\n") {
        print(PrintableText.screen(text), terminator: terminator)
    }
}
