/// Options that later versions have. They must never be taken for something else: `-n` behind a script means that
/// nothing is to be changed.
enum LaterOptions {
    private static let names: Set<String> = [
        "-n", "--dry-run", "--lock-wait", "--live", "--restricted", "--max-changes", "--max-fraction", "--max-stops",
        "--max-starts", "--max-labels", "--max-rate-added", "--keep-at-least", "--protect", "--allow-destroy", "--allow-recycle",
    ]

    /// - Throws: ``UsageError`` when the word is one of them, with or without `=value`.
    static func refuse(_ word: String, behindScript: Bool) throws(UsageError) {
        let name = String(word.prefix { $0 != "=" })
        guard names.contains(name) else { return }
        let hint = behindScript ? "\n  if it is for the script: put -- before it" : ""
        throw UsageError("'\(name)' is not part of this version; nothing was run\(hint)")
    }
}
