import LuaEngine

/// A command line that cannot be understood; the process ends with ``ExitCode/usage``.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension ScriptInvocation {
    /// Reads the command line as `lua` does, with our options among `lua`'s or directly after the script.
    ///
    /// - Parameters:
    ///   - words: all of it, the program's name first.
    ///   - isPlan: whether it is that of `vast-lua plan`, which has options of its own.
    /// - Throws: ``UsageError``.
    init(words: CommandWords, isPlan: Bool = false) throws(UsageError) {
        var reader = WordReader(words: words)
        options.plan = isPlan ? PlanOptions() : nil
        self.words = words
        try readOptions(&reader)
        guard let script = reader.nextBytes() else { return }
        scriptIndex = reader.index - 1
        let isDash = script == [UInt8(ascii: "-")] && words.text[scriptIndex - 1] != "--"
        source = isDash ? .standardInput : .file(script)
        try readOptionsAfterScript(&reader)
        arguments = reader.rest
    }

    private mutating func readOptions(_ reader: inout WordReader) throws(UsageError) {
        while let word = reader.peek, word.hasPrefix("-"), word != "-" {
            _ = reader.next()
            if word == "--" { return }
            if try options.plan?.read(word, &reader) == true { continue }
            if word.hasPrefix("--") {
                guard try options.read(word, &reader) else { throw UsageError.unknownOption(word) }
            } else {
                try readShortOption(word, &reader)
            }
        }
    }

    /// `lua`'s options; each is a word of its own, `-e` and `-l` may have their text in the same word.
    private mutating func readShortOption(_ word: String, _ reader: inout WordReader) throws(UsageError) {
        switch word {
        case "-E": ignoresEnvironment = true
        case "-n": options.isDryRun = true
        case "-W": preludes.append(.warningsOn)
        case "-v": showsVersion = true
        case "-i": (isInteractive, showsVersion) = (true, true)
        case _ where word.hasPrefix("-e"):
            preludes.append(.execute(try reader.shortValue(of: "-e")))
        case _ where word.hasPrefix("-l"):
            preludes.append(Self.require(String(decoding: try reader.shortValue(of: "-l"), as: UTF8.self)))
        default: throw UsageError.unknownOption(word)
        }
    }

    private static func require(_ text: String) -> Prelude {
        guard let equals = text.firstIndex(of: "=") else { return .require(global: text, module: text) }
        return .require(global: String(text[..<equals]), module: String(text[text.index(after: equals)...]))
    }

    /// Our long options are also ours directly behind the script, so that `vast-lua nightly.lua --simulator` never
    /// runs against the real service; the first other word, or `--`, begins the script's own.
    private mutating func readOptionsAfterScript(_ reader: inout WordReader) throws(UsageError) {
        while let word = reader.peek, word.hasPrefix("-") {
            if word == "--" {
                _ = reader.next()
                return
            }
            guard RunOptions.isOurs(word) || (options.plan != nil && PlanOptions.isOurs(word)) else { return }
            _ = reader.next()
            if try options.plan?.read(word, &reader) == true { continue }
            _ = try options.read(word, &reader)
        }
    }
}

extension UsageError {
    static func unknownOption(_ word: String) -> UsageError {
        let known = RunOptions.names.sorted()
        let name = String(word.prefix { $0 != "=" })
        guard let meant = LuaSuggestion.closest(to: name, among: known) else {
            return UsageError("unrecognized option '\(word)'\n  see    vast-lua --help")
        }
        return UsageError("unrecognized option '\(word)', did you mean '\(meant)'?\n  see    vast-lua --help")
    }
}
