/// Options that later versions have. They must never be taken for something else, such as a script's own.
enum LaterOptions {
    private static let names: Set<String> = ["--live"]

    /// - Throws: ``UsageError`` when the word is one of them, with or without `=value`.
    static func refuse(_ word: String, behindScript: Bool) throws(UsageError) {
        let name = String(word.prefix { $0 != "=" })
        guard names.contains(name) else { return }
        let hint = behindScript ? "\n  if it is for the script: put -- before it" : ""
        throw UsageError("'\(name)' is not part of this version; nothing was run\(hint)")
    }
}
