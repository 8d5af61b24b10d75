/// The words of the command line. They are bytes, of which Lua gets every one, whether they are text or not.
struct CommandWords: Equatable {
    /// The program's name first.
    var raw: [[UInt8]]

    /// The words as text; bytes that are not UTF-8 are replaced.
    var text: [String] { raw.map { String(decoding: $0, as: UTF8.self) } }

    init(raw: [[UInt8]]) { self.raw = raw }

    init(_ text: [String]) { raw = text.map { Array($0.utf8) } }

    static func ofProcess() -> CommandWords {
        let words = (0..<Int(CommandLine.argc)).compactMap { index in
            CommandLine.unsafeArgv[index].map { start in
                var length = 0
                while start[length] != 0 { length += 1 }
                return UnsafeBufferPointer(start: start, count: length).map { UInt8(bitPattern: $0) }
            }
        }
        return CommandWords(raw: words)
    }
}
