internal import SQLite

/// The tables, and the steps that bring the database of an earlier version to this one.
enum StateSchema {
    /// Written into the file's header, so that it is known as ours: "VaLu".
    static let applicationID = 0x5661_4C75

    /// Each step brings the database from the version of its position to the next one; steps are only ever added.
    private static let steps: [String] = [initial, samples]

    /// The version that this program writes and reads.
    static let version = steps.count

    /// Brings the database to ``version``; a database that is there already is left alone.
    ///
    /// - Parameter mayBegin: whether one without any table is begun; otherwise somebody has emptied it.
    /// - Throws: ``StateError`` of kind `newer` or `corrupt`, and what SQLite reports.
    static func migrate(_ database: Database, path: String, mayBegin: Bool) throws {
        if try found(database, path: path) == version { return }
        try database.inTransaction(.immediate) {
            // Somebody else may have been faster.
            let found = try found(database, path: path)
            guard found > 0 || mayBegin else { throw StateError.corrupt(path, "it has no tables") }
            for step in steps[found...] { try database.execute(sql: step) }
            // What is new knows no earlier grammar of labels.
            if found == 0 {
                try database.execute(
                    sql: "INSERT INTO value (account, script, key, json) VALUES (?, ?, ?, '2')",
                    arguments: [LabelGrammarStore.everyone, LabelGrammarStore.script, LabelGrammarStore.key])
            }
            try database.execute(sql: "PRAGMA user_version = \(version); PRAGMA application_id = \(applicationID)")
            return .commit
        }
    }

    private static func found(_ database: Database, path: String) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let owner = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard owner == applicationID || isEmpty else {
            throw StateError.corrupt(path, "another program's database")
        }
        guard found <= version else {
            throw StateError(
                .newer, path: path, "\(path) was written by a later vast-lua (version \(found), this one knows \(version))",
                next: "update vast-lua, or set VAST_LUA_STATE to another directory")
        }
        return isEmpty ? 0 : found
    }

    private static let initial = """
        CREATE TABLE job (
            account TEXT NOT NULL, script TEXT NOT NULL, name TEXT NOT NULL,
            first_seen REAL NOT NULL, handled REAL, mark TEXT,
            PRIMARY KEY (account, script, name)
        ) WITHOUT ROWID;
        CREATE TABLE snapshot (
            account TEXT NOT NULL, script TEXT NOT NULL, taken_at REAL NOT NULL, rows TEXT NOT NULL,
            PRIMARY KEY (account, script)
        ) WITHOUT ROWID;
        CREATE TABLE value (
            account TEXT NOT NULL, script TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (account, script, key)
        ) WITHOUT ROWID;
        CREATE TABLE fleet_size (
            account TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, at REAL NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE run (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL, account TEXT NOT NULL, script TEXT NOT NULL,
            script_hash TEXT, command TEXT NOT NULL, started REAL NOT NULL, ended REAL, exit_code INTEGER,
            host TEXT NOT NULL, pid INTEGER NOT NULL, lease TEXT NOT NULL, crashed INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX run_by_id ON run (id);
        CREATE INDEX run_by_account ON run (account, number);
        CREATE INDEX run_open ON run (account) WHERE ended IS NULL;
        CREATE TABLE exchange (
            number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run, account TEXT NOT NULL, at REAL NOT NULL,
            request TEXT NOT NULL, verb TEXT NOT NULL, attempt INTEGER NOT NULL, is_compensation INTEGER NOT NULL,
            outcome TEXT, finished REAL, error_kind TEXT, error_code TEXT, error_text TEXT
        );
        CREATE INDEX exchange_by_run ON exchange (run);
        CREATE INDEX exchange_in_doubt ON exchange (account) WHERE outcome IS NULL;
        CREATE TABLE change (
            number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run, account TEXT NOT NULL, at REAL NOT NULL,
            call INTEGER NOT NULL, instance INTEGER NOT NULL, verb TEXT NOT NULL, is_compensation INTEGER NOT NULL,
            exchange INTEGER REFERENCES exchange, attempts INTEGER NOT NULL, status TEXT NOT NULL,
            was_lost INTEGER NOT NULL DEFAULT 0,
            label_after TEXT, before TEXT, rate REAL, gpus INTEGER, reason TEXT, line TEXT,
            confirmed REAL, error_kind TEXT, error_text TEXT,
            UNIQUE (run, call, instance, verb, is_compensation)
        );
        CREATE INDEX change_by_time ON change (account, at);
        CREATE INDEX change_counts ON change (run, is_compensation, verb, status);
        CREATE INDEX change_by_exchange ON change (exchange);
        CREATE INDEX change_open ON change (account) WHERE status IN ('sent', 'accepted', 'unknown');
        """

    // A sample's numbers are whole, in hundredths or so, and its table is in the order of time: it only grows at its end,
    // and 2 million rows fit into 100 MB.
    private static let samples = """
        CREATE TABLE series (
            number INTEGER PRIMARY KEY, account TEXT NOT NULL, instance INTEGER NOT NULL,
            seen INTEGER NOT NULL, state INTEGER NOT NULL, UNIQUE (account, instance)
        );
        CREATE TABLE sample (
            at INTEGER NOT NULL, series INTEGER NOT NULL, state INTEGER NOT NULL, gpu_util INTEGER, gpu_temp INTEGER,
            cpu_util INTEGER, mem INTEGER, disk INTEGER, net_up INTEGER, net_down INTEGER, rate INTEGER, gpus INTEGER,
            PRIMARY KEY (at, series)
        ) WITHOUT ROWID;
        CREATE TABLE spell (
            series INTEGER NOT NULL, began INTEGER NOT NULL, state INTEGER NOT NULL, PRIMARY KEY (series, began)
        ) WITHOUT ROWID;
        CREATE TABLE sample_care (name TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        """
}
