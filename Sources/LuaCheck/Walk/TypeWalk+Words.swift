import LuaEngine

/// Texts that are compared with a value of which the words are known.
extension TypeWalk {
    /// A comparison with a text that the value never has tells nothing.
    mutating func checkWords(_ left: InferredValue, _ right: InferredValue, _ line: Int) {
        guard reports else { return }
        for (value, other) in [(left, right), (right, left)] {
            guard let text = other.text, case .words(let words, let isOpen) = value.type.shape, !words.contains(text) else { continue }
            let closest = text.utf8.count <= 64 ? LuaSuggestion.closest(to: text, among: words) : nil
            // A script may have words of its own: only what is nearly a known one is a mistake.
            if isOpen, closest == nil || calls.ownKinds.contains(text) { continue }
            let name = value.path.map { "'\(Self.words($0))'" } ?? "this"
            let hint = closest.map { LuaSuggestion.didYouMean($0) } ?? "; it is one of \(words.joined(separator: ", "))"
            report(line, "\(name) is never '\(text.prefix(64))'\(hint)")
        }
    }
}
