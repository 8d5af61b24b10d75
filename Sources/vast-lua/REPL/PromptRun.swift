import CEditLine
import Glibc
import LuaEngine
import VastLua

/// The prompt of a run: dry at first, with a first screen, a history, and plans shown after each statement.
final class PromptRun {
    private let context: ScriptContext
    private let isUTF8 = vast_locale_take() != 0
    private var shownActions = 0
    private var shownRefusals = 0
    /// What the last statement that failed has come to, where nobody was at a terminal.
    private(set) var failure: LuaError?

    init(_ context: ScriptContext) { self.context = context }

    /// - Throws: `LuaError` of kind `interrupted` when the script asks for the end, or a signal does.
    func run(_ script: ScriptState) throws {
        script.runtime.onLive = { [weak self, weak script] in
            guard let self, let script else { return }
            try goLive($0, script)
        }
        let isDumb = context.terminal == "dumb"
        let prompt = Prompt(script.host, script.runtime, context.watcher, context.voice, session(of: script), isDumb: isDumb)
        if isatty(STDIN_FILENO) == 1 { try greet(script) }
        // All of it: Ctrl-C between two statements must not end the session.
        try context.watcher.whileRunning { try prompt.run() }
        // Who leaves the prompt leaves its jobs.
        script.runtime.serving.endJobs()
        if isatty(STDIN_FILENO) == 0 { failure = prompt.failure }
    }

    private func greet(_ script: ScriptState) throws {
        let greeting = Greeting(context: context, isLive: !script.runtime.isPlanning)
        PromptScreen.write(greeting.opening)
        try script.runtime.prompt.look { result in
            switch result {
            case .success(let seen): PromptScreen.write(greeting.lines(seen.user, seen.instances))
            case .failure(let error): PromptScreen.write(greeting.problem(error))
            }
        }
    }

    private func session(of script: ScriptState) -> Prompt.Session {
        Prompt.Session(
            isLive: { [weak script] in script?.runtime.isPlanning == false }, isSimulated: context.invocation.options.simulator != nil,
            display: { [weak self] in self?.display ?? Display() },
            showPlan: { [weak self, weak script] in
                guard let self, let script else { return }
                showPlan(script)
            }, history: history)
    }

    private var display: Display {
        var (columns, rows): (Int32, Int32) = (0, 0)
        vast_terminal_size(STDOUT_FILENO, &columns, &rows)
        let isTerminal = columns > 0
        return Display(
            width: isTerminal ? Int(columns) : nil, isASCII: isTerminal && !isUTF8,
            isColored: context.voice.allowsColor && isatty(STDOUT_FILENO) == 1)
    }

    /// What was typed is of a person, not of a world: it is kept in a simulated session too.
    private var history: InputHistory? {
        guard let directory = context.process.database?.directoryPath ?? (try? ProcessEnvironment.take().stateDirectory) else { return nil }
        mkdir(directory, 0o700)
        let key = try? context.connection.key()
        return InputHistory(path: directory + "/prompt_history") { key?.appears(in: $0) ?? false }
    }

    private func goLive(_ isLive: Bool, _ script: ScriptState) throws {
        try script.setLive(isLive)
        (shownActions, shownRefusals) = (0, 0)
    }

    /// What the last statement would change, in a dry session.
    private func showPlan(_ script: ScriptState) {
        let (actions, refusals) = (script.chain.planned?.actions ?? [], script.chain.refusals)
        let (new, refused) = (actions.dropFirst(shownActions), refusals.dropFirst(shownRefusals))
        (shownActions, shownRefusals) = (actions.count, refusals.count)
        guard script.runtime.isPlanning, !new.isEmpty || !refused.isEmpty else { return }
        var lines = PlanReport.table(Array(new), display)
        lines += refused.map { PlainText.safe($0.wouldExceed) }
        lines.append("nothing was sent; vast.live() sends changes from then on")
        PromptScreen.write(lines.map { $0 + "\n" }.joined())
    }
}
