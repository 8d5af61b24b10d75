import Foundation
import VastAPI

/// What a script was told of one instance.
struct Told: Sendable {
    enum Fate: String, Sendable {
        /// It is done.
        case done
        /// It may have been done.
        case unknown
        /// The service has refused it.
        case refused
        /// Nothing about it has left.
        case notSent
    }

    let verb: String
    let id: InstanceID
    let kind: String
    let attempts: Int
    /// The request that failed; empty when none was made.
    let request: String
    let text: String

    var fate: Fate {
        if kind == "done" { return .done }
        let isOpen = ["not known", "the change was sent", "could NOT be withdrawn", "could not be read"].contains { text.contains($0) }
        if isOpen { return .unknown }
        // What ended the reading before anything was sent is told with the request that failed.
        return attempts == 0 || request.hasPrefix("GET") ? .notSent : .refused
    }
}

/// What the script of a sweep has printed.
struct Saying: Sendable {
    /// An error that a verb has raised.
    struct Raised: Sendable {
        let verb: String
        let kind: String
        let endedBy: String?
        let code: String?
        let text: String
    }

    let told: [Told]
    let raised: [Raised]

    init(_ output: String) {
        let lines = output.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        told = lines.compactMap { words in
            guard words.count == 7, words[0] == "told", let id = Int64(words[2]), let attempts = Int(words[4]) else { return nil }
            return Told(verb: words[1], id: InstanceID(id), kind: words[3], attempts: attempts, request: words[5], text: words[6])
        }
        raised = lines.compactMap { words in
            guard words.count == 6, words[0] == "raised" else { return nil }
            return Raised(
                verb: words[1], kind: words[2], endedBy: words[3] == "-" ? nil : words[3], code: words[4] == "-" ? nil : words[4],
                text: words[5])
        }
    }

    /// Functions for a script: `make(verb, ids, ...)` calls `vast[verb](ids, ...)` and prints what it was told; `finish()`
    /// raises the first error again.
    static let functions = """
        local first
        local function flat(text) return (tostring(text):gsub('[\\n\\t]', ' ')) end
        function make(verb, ids, ...)
          local ok, e = pcall(vast[verb], ids, ...)
          for _, id in ipairs(ids) do
            local r = ok or e.results and e.results[id] or e
            if r == true then print('told', verb, id, 'done', 0, '', '')
            else print('told', verb, id, r.kind, math.tointeger(r.attempts), r.request or '', flat(r.message)) end
          end
          if ok then return end
          print('raised', verb, e.kind, e.ended_by or '-', e.code or '-', flat(e))
          first = first or e
        end
        function finish() io.stdout:flush() if first then error(first, 0) end end
        function range(first, count) local t = {} for i = 1, count do t[i] = first + i - 1 end return t end

        """
}
