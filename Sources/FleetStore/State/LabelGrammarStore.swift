internal import SQLite
package import VastModels
import VastJSON

/// How far the account has come from the label grammar of version 0.1 to the present one.
///
/// It is kept among the small values, so that a state that was only read is still one that 0.1 can read.
package struct LabelGrammarStore: Sendable {
    /// A day in which what 0.1 left alone, and this version would not, is left alone still.
    package struct Transition: Sendable, Equatable {
        /// A label as it stood when the day began.
        package struct Label: Sendable, Equatable {
            /// The instance that had it.
            package var id: InstanceID
            /// The whole label.
            package var text: String

            /// A label of an instance.
            package init(id: InstanceID, text: String) { (self.id, self.text) = (id, text) }
        }

        /// When it began, in Unix seconds.
        package var since: Double
        /// The labels that were found then.
        package var labels: [Label]

        /// - Parameter since: when it began, in Unix seconds.
        package init(since: Double, labels: [Label]) { (self.since, self.labels) = (since, labels) }

        /// Until when, in Unix seconds.
        package var end: Double { since + 86_400 }
    }

    /// How far the account has come.
    package enum State: Sendable, Equatable {
        /// Nothing that 0.1 has written is there.
        case settled
        /// 0.1 has written the state, and nobody has read the whole fleet since.
        case pending
        case begun(Transition)
    }

    static let script = "vast-lua"
    static let key = "label grammar"
    /// Whose value says that the database was made by a version with the present grammar: nobody's.
    static let everyone = ""

    private let database: StateDatabase
    private let account: String

    /// - Parameter account: whose way it is; another account of the same database goes its own.
    package init(_ database: StateDatabase, account: String) {
        self.database = database
        self.account = account
    }

    /// - Throws: ``StateError``, as all methods here.
    package func state() throws -> State { try database.read { try state($0) } }

    /// Begins the day, unless it has begun already.
    ///
    /// - Returns: the one that holds, and whether it begins with this call; nil where there is none.
    package func begin(_ transition: Transition) throws -> (holds: Transition, isNew: Bool)? {
        try database.write("label grammar") { database in
            switch try state(database) {
            case .settled: return nil
            case .begun(let earlier): return (earlier, false)
            case .pending:
                try database.execute(
                    sql: "INSERT INTO value (account, script, key, json) VALUES (?, ?, ?, ?)",
                    arguments: [account, Self.script, Self.key, Self.text(transition)])
                return (transition, true)
            }
        }
    }

    private func state(_ database: Database) throws -> State {
        if try Self.kept(database, account: Self.everyone) != nil { return .settled }
        if let text = try Self.kept(database, account: account) { return Self.transition(text).map(State.begun) ?? .settled }
        let tables = ["run", "job", "snapshot", "value", "fleet_size", "series"]
        let wasUsed = try tables.contains { table in
            try Int.fetchOne(database, sql: "SELECT 1 FROM \(table) WHERE account = ? LIMIT 1", arguments: [account]) != nil
        }
        return wasUsed ? .pending : .settled
    }

    private static func kept(_ database: Database, account: String) throws -> String? {
        try String.fetchOne(
            database, sql: "SELECT json FROM value WHERE account = ? AND script = ? AND key = ?", arguments: [account, script, key])
    }

    private static func text(_ transition: Transition) throws -> String {
        let labels = transition.labels.map { label -> JSONValue in
            .object(["id": .integer(label.id.rawValue), "label": .string(label.text)])
        }
        let root: JSONObject = ["since": .double(transition.since), "labels": .array(labels)]
        return String(decoding: try JSONValue.object(root).serialized(), as: UTF8.self)
    }

    private static func transition(_ text: String) -> Transition? {
        guard let root = try? JSONDocument(parsing: text).root, let since = root["since"]?.double else { return nil }
        let labels = (root["labels"]?.elements).map(Array.init) ?? []
        return Transition(
            since: since,
            labels: labels.compactMap { row in
                guard let id = row["id"]?.integral, let text = row["label"]?.string else { return nil }
                return .init(id: InstanceID(id), text: text)
            })
    }
}
