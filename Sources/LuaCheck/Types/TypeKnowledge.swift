/// What reading a whole source has shown of it, for reading it once more.
struct TypeKnowledge: Equatable {
    /// The types of what is assigned more than once, and of fields of tables.
    private(set) var types: [InferredValue.Slot: InferredType] = [:]
    private var counts: [InferredValue.Slot: Int] = [:]
    private var fieldNames: [Int: Set<String>] = [:]
    /// Tables that are used other than by the names of their fields.
    var shared: Set<Int> = []
    /// How often each of these tables is.
    var uses: [Int: Int] = [:]
    /// The names of fields that the source sets itself, of whatever.
    var setNames: Set<String> {
        get { names.fields }
        set { names.fields = newValue }
    }
    /// The names of fields that errors of the script itself may have.
    var errorNames: Set<String> = []
    /// Functions of `vast` that the source exchanges.
    var replaced: Set<String> = []
    /// Variables that were assigned a value of which something had been tested.
    var tested: Set<Int> = []
    /// The variables that get a new value in each loop, by the place of the loop.
    var assignedInLoops: [Int: Set<String>] = [:]
    /// The functions that the script calls itself, by the place of their bodies.
    var called: Set<Int> = []
    /// What functions are called with, by the place of their bodies.
    private var arguments: [Int: [InferredType]] = [:]
    /// The globals that the source sets and reads, and what it does to Lua's own tables.
    var names = GlobalNames()
    /// The modules that it requires.
    var required: Set<String> = []
    /// Whether it requires some that it does not name.
    var requiresUnnamed = false
    /// What functions return, by the place of their bodies.
    private var returned: [Int: ReturnedTypes] = [:]
    /// Where the tables are written out that globals are assigned, and how often each is assigned anything.
    private(set) var globalTables: [String: Range<Int>] = [:]
    private var globalCounts: [String: Int] = [:]
    /// The globals that the source reads otherwise than by the names of their fields: it may ask whether they are there.
    var asked: Set<String> = []

    /// Notes that a value is assigned.
    mutating func assign(_ type: InferredType, to slot: InferredValue.Slot) {
        types[slot] = types[slot].map { InferredType.join($0, type) } ?? type
        counts[slot, default: 0] += 1
        if let member = slot.member { fieldNames[slot.variable, default: []].insert(member) }
    }

    /// Notes that a global is assigned a value.
    mutating func assign(global name: String, _ table: Range<Int>?) {
        names.assigned.insert(name)
        globalCounts[name, default: 0] += 1
        if let table { globalTables[name] = table }
    }

    /// Where the table is written out that a global holds which is assigned once.
    func table(ofGlobal name: String) -> Range<Int>? { globalCounts[name] == 1 ? globalTables[name] : nil }

    /// Whether a variable, or a field of a table, is assigned a value in one place only.
    func isAssignedOnce(_ slot: InferredValue.Slot) -> Bool { counts[slot] == 1 }

    /// The type of a field of a table, or of a variable that is assigned more than once.
    func settled(_ slot: InferredValue.Slot) -> InferredType? {
        slot.member != nil || counts[slot, default: 0] > 1 ? types[slot] : nil
    }

    /// The fields of a table that is a variable, wherever they get their values.
    func members(of variable: Int) -> Set<String> { fieldNames[variable] ?? [] }

    /// Notes a use of a function of the script: with which arguments it is called; none when that cannot be told.
    mutating func use(_ body: Int, _ types: [InferredType]) {
        arguments[body] = arguments[body].map { zip($0, types).map(InferredType.join) } ?? types
    }

    /// What a function of the script is called with, everywhere.
    func arguments(of body: Int) -> [InferredType] { arguments[body] ?? [] }

    /// Notes what a function of the script returns.
    mutating func note(_ types: ReturnedTypes, of body: Int) { returned[body] = types }

    /// What a function of the script returns, as far as that is known.
    func returned(by body: Int) -> ReturnedTypes? { returned[body] }

    /// The same, knowing nothing of what is assigned more than once.
    var cautious: TypeKnowledge {
        var result = self
        for slot in types.keys where slot.member != nil || counts[slot, default: 0] > 1 { result.types[slot] = .unknown }
        (result.arguments, result.returned) = ([:], [:])
        return result
    }
}
