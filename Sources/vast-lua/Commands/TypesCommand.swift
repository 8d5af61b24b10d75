import ArgumentParser
import Glibc
import VastLua

/// `vast-lua types`: definitions for editors.
struct TypesCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua types",
        abstract: "Writes definitions of `vast` for editors: completion, help and checks in LuaLS and EmmyLua.",
        discussion: """
            Without a folder they go to standard output. In the settings of the editor, name the folder as a library:
            {"workspace": {"library": ["library"]}} in .luarc.json.
            """)

    @Argument(help: "The folder that gets vast.lua; made when missing.") var folder: String?
    @Flag(help: "The reference as Markdown instead, to standard output.") var markdown = false

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        if markdown {
            StandardOutput.write(Reference.markdown, terminator: "")
            return .done
        }
        guard let folder else {
            StandardOutput.write(Reference.annotations, terminator: "")
            return .done
        }
        mkdir(folder, 0o777)
        try FileBytes.write(Array(Reference.annotations.utf8), to: folder + "/vast.lua", for: "the definitions")
        return .done
    }
}
