/// Where the cursor stands in a line, as far as the text before it tells.
struct CompletionContext: Equatable {
    enum Place: Equatable {
        /// A global, or what `path` leads to, such as `["vast", "log"]` before `.in`.
        case name(path: [String], isMethod: Bool)
        /// In a text that is not closed.
        case text
        /// Where a value can begin, and nothing of it is written yet, or digits.
        case value
    }

    var place: Place
    /// What of the word is written.
    var word: String
    /// The function whose arguments are being written, such as `vast.stop` or `:is_idle`; nil: none.
    var function: String?
    /// Which argument it is, from 0.
    var argument = 0
    /// Whether it is inside a table in that argument.
    var isInTable = false
    /// The option whose value is being written.
    var option: String?

    /// - Parameter text: the line up to the cursor.
    init(_ text: String) {
        var scanner = Scanner()
        for character in text { scanner.take(character) }
        self = scanner.context
    }

    private init(place: Place, word: String) {
        self.place = place
        self.word = word
    }

    /// Walks over the text once.
    private struct Scanner {
        private struct Bracket {
            var opening: Character
            var function: String?
            var argument = 0
            var option: String?
        }

        private var brackets: [Bracket] = []
        private var quote: Character?
        private var isEscaped = false
        private var inside = ""
        /// The word that is being written: names, dots and colons.
        private var word = ""
        /// The word before it, with only space in between.
        private var lastWord = ""

        mutating func take(_ character: Character) {
            if let quote { return takeQuoted(character, quote) }
            if character.isLetter || character.isNumber || "_.:".contains(character) { return word.append(character) }
            if !word.isEmpty { lastWord = word }
            word = ""
            switch character {
            case "\"", "'":
                (quote, inside) = (character, "")
                // `vast.on"…"` is a call too.
                if !lastWord.isEmpty { openCall(character) }
            case "(", "{", "[": openCall(character)
            case ")", "}", "]": _ = brackets.popLast()
            case ",", ";":
                if !brackets.isEmpty {
                    brackets[brackets.count - 1].argument += 1
                    brackets[brackets.count - 1].option = nil
                }
            case "=": if !brackets.isEmpty { brackets[brackets.count - 1].option = lastWord }
            case " ": return
            default: break
            }
            lastWord = ""
        }

        private mutating func openCall(_ character: Character) {
            let isCall = character != "["
            if "\"'".contains(character) {
                brackets.append(Bracket(opening: character, function: lastWord))
            } else {
                brackets.append(Bracket(opening: character, function: isCall && !lastWord.isEmpty ? lastWord : nil))
            }
            lastWord = ""
        }

        private mutating func takeQuoted(_ character: Character, _ quote: Character) {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == quote {
                self.quote = nil
                if brackets.last.map({ "\"'".contains($0.opening) }) == true { brackets.removeLast() }
                lastWord = ""
                return
            }
            inside.append(character)
        }

        var context: CompletionContext {
            var context: CompletionContext
            if quote != nil {
                context = CompletionContext(place: .text, word: inside)
            } else if word.isEmpty || word.allSatisfy(\.isNumber) {
                context = CompletionContext(place: .value, word: word)
            } else {
                var parts = word.split(omittingEmptySubsequences: false) { $0 == "." || $0 == ":" }.map(String.init)
                let last = parts.removeLast()
                let isMethod = word.dropLast(last.count).last == ":"
                context = CompletionContext(place: .name(path: parts, isMethod: isMethod), word: last)
            }
            locate(&context)
            return context
        }

        /// Finds the call around the cursor: the innermost bracket, or one around a table.
        private func locate(_ context: inout CompletionContext) {
            guard let inner = brackets.last else { return }
            context.option = inner.option
            if inner.opening == "{" {
                context.isInTable = true
                let around = inner.function != nil ? inner : brackets.dropLast().last
                context.function = around?.function
                context.argument = inner.function != nil ? 0 : around?.argument ?? 0
            } else {
                (context.function, context.argument) = (inner.function, inner.argument)
            }
        }
    }
}
