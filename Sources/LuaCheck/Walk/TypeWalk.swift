import LuaEngine

/// Reads a source once, statement by statement, and infers types on the way.
///
/// Nothing is kept of the source itself, so that long ones cost no memory.
struct TypeWalk {
    typealias Misuse = VastNames.Misuse

    var cursor: TokenCursor
    var scopes = TypeScopes()
    /// What an earlier reading has shown.
    let known: TypeKnowledge
    /// What this one shows.
    var learned = TypeKnowledge()
    var misuses: [Misuse] = []
    let hidesVast: Bool
    /// Whether this is the reading that says what is wrong.
    let reports: Bool
    var calls: CallCheck
    /// The same, knowing only what is written in the call.
    let plainCalls: CallCheck
    /// The fields of tables that are variables, as far as they have got their values.
    var members: [Int: [Evidence.Member]] = [:]
    /// What may be nil where something is asked of it: told where a line has no other finding.
    var absences: [Misuse] = []
    /// Whether the source may set globals that it does not name.
    let setsUnnamed: Bool
    /// What is known of globals, also of what others do to them.
    let names: GlobalNames
    /// Whether globals that nobody sets are mistakes.
    let looksAtGlobals: Bool
    /// Names that nobody sets.
    var unknownNames: [UnknownName] = []
    /// What the functions return that are being read, the innermost last.
    var returns: [ReturnedTypes] = []

    init(_ tokens: [LuaTokens.Token], _ known: TypeKnowledge, around others: GlobalNames?, hidesVast: Bool, reports: Bool) {
        var names = known.names
        if let others { names.formUnion(others) }
        (self.names, looksAtGlobals) = (names, others != nil)
        cursor = TokenCursor(tokens)
        plainCalls = CallCheck(tokens)
        calls = plainCalls
        self.known = known
        self.hidesVast = hidesVast
        self.reports = reports
        setsUnnamed = reports && Self.setsUnnamed(tokens)
    }

    /// Reads the source to its end.
    ///
    /// - Throws: ``TokenCursor/Unreadable``.
    mutating func run() throws {
        _ = try block()
        guard cursor.isAtEnd else { throw TokenCursor.Unreadable() }
    }

    /// Statements to the end of their block, in a scope of their own.
    ///
    /// - Parameters:
    ///   - known: paths that are not nil in it.
    ///   - goesOn: whether what stands behind comes after it, as behind no branch of several.
    /// - Returns: whether what stands behind the block is not reached from it.
    mutating func block(_ known: [String] = [], goesOn: Bool = true) throws -> Bool {
        scopes.open(known)
        defer { scopes.close(goesOn: goesOn) }
        return try statements()
    }

    /// Statements to the end of their block, in the scope that is open.
    mutating func statements() throws -> Bool {
        try cursor.enter()
        defer { cursor.leave() }
        var ends = false
        while !isAtBlockEnd { ends = try statement() }
        return ends
    }

    /// Whether a word stands here that ends a block.
    var isAtBlockEnd: Bool {
        switch cursor.kind() {
        case nil, .name("end"), .name("else"), .name("elseif"), .name("until"): true
        default: false
        }
    }

    // MARK: what is found

    /// Notes a finding.
    mutating func report(_ line: Int, _ message: @autoclosure () -> String, isWarning: Bool = false) {
        guard reports else { return }
        let misuse = Misuse(line: line, message: message(), isWarning: isWarning)
        if misuses.last != misuse { misuses.append(misuse) }
    }

    /// The words for a value, in messages.
    static func words(_ path: String) -> String {
        // Only of a variable does it begin with a number.
        guard path.first?.isNumber == true, let colon = path.firstIndex(of: ":") else { return path }
        return String(path[path.index(after: colon)...])
    }
}
