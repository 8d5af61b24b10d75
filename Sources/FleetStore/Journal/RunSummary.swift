package import VastModels
package import VastJSON

/// One run as `history` lists it.
package struct RunSummary: Sendable, Equatable {
    /// How many changes of a verb came how far.
    package struct Count: Sendable, Equatable {
        /// The verb that is counted.
        package var verb: Change.Verb
        /// How far these changes came.
        package var status: JournalChange.Status
        /// Whether it is the withdrawal of starts that an earlier run has left queued.
        package var isWithdrawal = false
        /// How many they are, one for each instance.
        package var count: Int
    }

    /// The journal's own number of it.
    package var number: Int64
    /// Id, script, command and beginning.
    package var info: RunInfo
    /// The account whose fleet was changed.
    package var account: String
    /// When it ended, in Unix seconds; nil while it goes on, or when it died and nobody has noticed.
    package var ended: Double?
    /// The program's exit code; nil when there was none.
    package var exitCode: Int?
    /// Whether it died without a word.
    package var hasCrashed: Bool
    /// The name of the machine that it ran on.
    package var host: String
    /// Its process there; numbers are used again, so that it may be another one by now.
    package var pid: Int64
    /// Withdrawals of the run's own starts are not counted.
    package var counts: [Count]

    /// For `--json`.
    package var json: JSONObject {
        var object: JSONObject = [
            "run": .string(info.id), "script": .string(info.script), "command": .string(info.command),
            "account": .string(account), "started": .double(info.started), "crashed": .bool(hasCrashed),
            "host": .string(host), "pid": .integer(pid)
        ]
        object["script_hash"] = info.scriptHash.map { .string($0) }
        object["ended"] = ended.map { .double($0) }
        object["exit_code"] = exitCode.map { .integer(Int64($0)) }
        object["changes"] = .array(
            counts.map {
                [
                    "verb": .string($0.verb.rawValue), "status": .string($0.status.rawValue), "compensation": .bool($0.isWithdrawal),
                    "count": .integer(Int64($0.count))
                ]
            })
        return object
    }
}
