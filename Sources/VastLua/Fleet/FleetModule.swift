import FleetClock
import FleetSafety
import LuaEngine
import VastAPI

final class FleetModule: RuntimeModule {
    private(set) lazy var instanceType = makeInstanceType()
    private(set) lazy var listTypes = makeListTypes()
    /// What the run knows by its readings.
    var memory = FleetMemory()
    /// What is known where changes are not planned while they are, and the other way round.
    private var otherMemory = FleetMemory()
    private(set) lazy var readings = SharedReadings(clock)
    /// What was said of patterns that match nothing.
    private var toldHints: Set<String> = []
    /// The fields that the script has read, by instance; kept for plans.
    var seenFields: [InstanceID: Set<String>] = [:]
    /// The instances of which the script has asked how busy they are.
    var utilizationReads: Set<InstanceID> = []
    /// The same of the policy that is about to call a verb; nil: no policy is.
    var policyUtilization: Set<InstanceID>?

    /// A plan begins with what is known, and what it knows is forgotten at its end.
    func setPlanning(_ isPlanning: Bool) {
        swap(&memory, &otherMemory)
        if isPlanning { memory = otherMemory }
        readings.forget()
    }

    func instances(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let query = try Query(try optionalTable(call, 1), function: call.name)
        return try read(call, query) { [self] call, rows in try returnList(call, rows, query) }
    }

    func optionalTable(_ call: borrowing LuaCall, _ position: Int) throws -> LuaView {
        try call.optionalTable(position, "query") ?? call.argument(position)
    }

    func instance(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let id = try call.integer(1, "id")
        if let problem = NumberForm.id.problem(with: Double(id)) { throw call.wrong(1, "id", problem) }
        return try readOne(call, InstanceID(id)) { [self] call, instance in
            if let instance { runtime.write(instance, call.results) } else { call.results.nil() }
            return .values
        }
    }

    func user(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let service = try runtime.service()
        return call.wait(for: { try await service.user() }) { [self] call, user in
            write(user, call.results)
            return .values
        }
    }

    func write(_ user: User, _ writer: LuaWriter) {
        writer.table(fields: 3, like: "vast.User", runtime.types) {
            writer.field("id") { writer.integer(user.id) }
            if let email = user.email { writer.field("email") { writer.string(email) } }
            if let credit = user.credit { writer.field("credit") { writer.number(credit) } }
        }
    }

    // MARK: readings

    typealias Rows = (borrowing LuaCall, [Instance]) throws -> LuaOutcome

    /// Reads what a query can mean and continues with the rows that fulfil all but the script's functions.
    ///
    /// - Parameter subject: whom a failure is about; nil: nobody.
    func read(
        _ call: borrowing LuaCall, _ query: Query, about subject: CallSubject? = nil, then body: @escaping Rows
    ) throws -> LuaOutcome {
        call.wait(for: try reading(query.listQuery, about: subject)) { [self] call, snapshot in
            let rows = note(snapshot)
            try query.check(rows)
            let meant = rows.filter(query.matchesValues)
            if meant.isEmpty { hint(query, rows) }
            noteRead(query, of: meant)
            return try body(call, meant)
        }
    }

    /// Tells, once each, of label patterns that are perhaps not meant as they are read.
    func hint(_ query: Query, _ rows: [Instance]) {
        for hint in query.hints(rows) where toldHints.insert(hint).inserted { logger.notice("\(hint)") }
    }

    /// How to read what a query means; jobs that begin together share a reading of everything.
    func reading(_ query: ListQuery, about subject: CallSubject? = nil) throws -> @Sendable () async throws -> FleetSnapshot {
        guard let subject else { return try plainReading(query) }
        return subject.attributing(try subject.attributing { try plainReading(query) })
    }

    private func plainReading(_ query: ListQuery) throws -> @Sendable () async throws -> FleetSnapshot {
        let service = try runtime.service()
        let read: @Sendable () async throws -> FleetSnapshot = { try await service.list(query) }
        guard query == .all else { return read }
        let shared = readings.reading(for: host.currentTask, read: read)
        return { try await shared.snapshot() }
    }

    /// Takes a reading, and tells those who want to know what it shows.
    func note(_ snapshot: FleetSnapshot) -> [Instance] {
        // A reading that began while changes were only planned says nothing about what is so.
        if snapshot.isPlanned, !isPlanning { return snapshot.instances }
        // What earlier runs saw minutes ago tells a container that ended from one that has not begun yet.
        runtime.samples.kept.load(into: &memory.readings, since: now - InstanceHints.startTime, now: now)
        let rows = memory.note(snapshot, runtime.ledger)
        // Before anything of this run is kept: it is about what earlier ones have left.
        if snapshot.isAuthoritative { runtime.labels.transition.note(rows) }
        keep(rows)
        forget(memory.forgetGone(snapshot))
        runtime.events.poller.note(memory.takeNews())
        return rows
    }

    /// Forgets instances that are gone.
    private func forget(_ ids: Set<InstanceID>) {
        guard !ids.isEmpty else { return }
        for id in ids { seenFields[id] = nil }
        utilizationReads.subtract(ids)
        runtime.samples.signals.forget(ids)
    }

    /// Takes a reading of one instance.
    func note(_ instance: Instance) -> Instance {
        let row = memory.note(instance, runtime.ledger)
        keep([row])
        return row
    }

    /// Of a dry run nothing is kept: its rows are as if its changes had been made.
    private func keep(_ rows: [Instance]) {
        guard !isPlanning else { return }
        let samples = rows.compactMap { row in memory.readings.last(of: row.id).map { (id: row.id, sample: $0) } }
        runtime.samples.kept.keep(samples, now: now)
    }

    /// Reads single instances by their ids; those that are gone are missing from the rows.
    func read(
        _ call: borrowing LuaCall, _ ids: [InstanceID], about subject: CallSubject? = nil, then body: @escaping Rows
    ) throws -> LuaOutcome {
        var query = Query()
        query.conditions = [("id", .numbers(ids.map { Double($0.rawValue) }))]
        return try read(call, query, about: subject, then: body)
    }

    func readOne(
        _ call: borrowing LuaCall, _ id: InstanceID, then body: @escaping (borrowing LuaCall, Instance?) throws -> LuaOutcome
    ) throws -> LuaOutcome {
        let (service, wasPlanning) = (try runtime.service(), isPlanning)
        return call.wait(for: { try await service.show(id) }) { [self] call, instance in
            try body(call, wasPlanning == isPlanning ? instance.map { note($0) } : instance)
        }
    }

    /// Asks the script's functions of a query, and returns the list.
    func returnList(_ call: borrowing LuaCall, _ rows: [Instance], _ query: Query) throws -> LuaOutcome {
        try FilterRun(runtime, rows, query.functions) { [self] call, kept in
            runtime.write(kept, from: query.origin, call.results)
            return .values
        }.step(call)
    }
}

extension Query {
    /// So many values of a filter fit into a request.
    private static let mostFiltered = 300

    /// The part that the server filters; more ids and names than fit into a request are filtered here.
    var listQuery: ListQuery {
        var query = ListQuery.all
        if let ids = serverFilter.ids, ids.count <= Self.mostFiltered { query = .ids(ids) }
        if let names = serverFilter.gpuNames, names.count <= Self.mostFiltered {
            query = query.filtered("gpu_name", "in", .array(names.map { .string($0) }))
        }
        return query
    }

    /// Where nothing is read yet: a field that is nearly a known one is misspelt. Rows may have others that nobody has heard of.
    func checkSpelling(_ function: String) throws {
        for (field, _) in conditions {
            guard let problem = FieldDeclaration.misspelling(of: field) else { continue }
            throw VastError.invalidArgument("\(function): \(problem)")
        }
    }

    /// A misspelt field would match nothing, silently: one that is neither documented nor in any row is an error.
    func check(_ rows: [Instance]) throws {
        for (field, _) in conditions where !InstanceFields.derived.contains(field) {
            if InstanceFields.documented.contains(field) || rows.contains(where: { $0.raw(field) != nil }) { continue }
            let known = FieldDeclaration.instanceNames + ["where"] + options
            throw VastError.invalidArgument(FieldDeclaration.unknown(field, among: known) + " (in a query)")
        }
    }
}

/// Asks functions of the script about one instance after the other; each may wait.
final class FilterRun {
    private let runtime: Runtime
    private let candidates: [Instance]
    private let functions: [(field: String?, function: LuaReference)]
    private let body: FleetModule.Rows
    private var kept: [Instance] = []
    private var position = 0
    private var functionIndex = 0

    init(
        _ runtime: Runtime, _ candidates: [Instance], _ functions: [(field: String?, function: LuaReference)],
        then body: @escaping FleetModule.Rows
    ) {
        self.runtime = runtime
        self.candidates = candidates
        self.functions = functions
        self.body = body
    }

    func step(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard !functions.isEmpty else { return try body(call, candidates) }
        guard position < candidates.count else { return try body(call, kept) }
        let instance = candidates[position]
        let (field, function) = functions[functionIndex]
        return try call.call(
            function,
            arguments: { writer in
                if let field {
                    runtime.write(InstanceFields.value(field, of: instance) ?? FieldValue.none, writer)
                } else {
                    runtime.write(instance, writer)
                }
            },
            then: { [self] call in
                note(call.calleeResults[0].isTrue)
                return try step(call)
            })
    }

    private func note(_ isFulfilled: Bool) {
        functionIndex = isFulfilled ? functionIndex + 1 : functions.count
        guard functionIndex == functions.count else { return }
        if isFulfilled { kept.append(candidates[position]) }
        position += 1
        functionIndex = 0
    }
}
