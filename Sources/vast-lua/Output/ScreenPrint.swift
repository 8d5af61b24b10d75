import FleetRules
import Glibc
import LuaEngine

extension LuaHost {
    /// Gives a script at a terminal a `print` that shows what its texts hold: labels of others may be among them. Colours stay.
    /// `io.write` writes bytes as they are, as in `lua`.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    func installScreenPrint() throws {
        guard isatty(STDOUT_FILENO) == 1 || isatty(STDERR_FILENO) == 1 else { return }
        let screen = try build { writer in
            writer.function("screen") { call in
                // Where standard output leads can change: a preview of schedules sends it to standard error.
                guard isatty(STDOUT_FILENO) == 1 else {
                    call.results.view(call.argument(1))
                    return .values
                }
                let text = call.argument(1).withBytes { String(decoding: $0, as: UTF8.self) } ?? ""
                call.results.string(PrintableText.screen(text))
                return .values
            }
        }
        let chunk = try load(Self.screenPrint, name: "=print")
        _ = try run(chunk, name: "print") { $0.reference(screen) }
    }

    private static let screenPrint = """
        local screen = ...
        local write, tostring, find, pack, unpack = print, tostring, string.find, table.pack, table.unpack
        function print(...)
          local texts = pack(...)
          for index = 1, texts.n do
            local text = tostring(texts[index])
            texts[index] = find(text, "[^\\n\\t -~]") and screen(text) or text
          end
          return write(unpack(texts, 1, texts.n))
        end
        """
}
