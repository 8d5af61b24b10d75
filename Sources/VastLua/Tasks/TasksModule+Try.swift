import LuaEngine
import VastAPI

/// `vast.each`, `vast.try`, `vast.sleep`, `vast.now`.
extension TasksModule {
    /// Errors after which the rest of a list would fare no better.
    static let endingKinds: Set<String> = ["guard", "unauthorized", "cancelled"]

    /// What `vast.try` may be asked for: the kinds, and two words that tell more than a kind.
    static let tryKinds = VastError.Kind.all.map(\.rawValue) + [VastError.unconfirmedCode, "state"]

    /// `vast.try("unavailable", vast.start, 12)`
    func tryCall(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let kinds = try kinds(call)
        return try call.protectedCall(
            try call.function(2, "fn"),
            arguments: { writer in
                for position in stride(from: 3, through: call.count, by: 1) { writer.view(call.argument(position)) }
            },
            then: { [self] call in
                guard call.calleeFailed else { return call.returnCalleeResults() }
                let error = call.calleeError()
                // A list that was ended by something goes through with what ended it, not as a list that failed in part.
                let end = runtime.errors.endWord(error)
                guard let kind = end ?? runtime.errors.errorKind(error),
                    kinds.contains(kind) || kinds.contains(runtime.errors.publicKind(error) ?? kind), end.map(kinds.contains) ?? true
                else { throw error }
                settle(error)
                call.results.nil()
                call.results.value(error.value)
                return .values
            })
    }

    private func kinds(_ call: borrowing LuaCall) throws -> [String] {
        var kinds: [String] = []
        if call.argument(1).kind == .string {
            kinds.append(try call.string(1, "kinds"))
        } else {
            guard call.argument(1).kind == .table else { throw call.expected("kind or list of kinds", 1, "kinds") }
            try call.argument(1).forEachElement { _, element in
                guard let kind = element.string else { throw call.expected("kind or list of kinds", 1, "kinds") }
                kinds.append(kind)
            }
        }
        // A misspelt one would let the error through when it comes.
        for kind in kinds where !Self.tryKinds.contains(kind) {
            throw call.wrong(1, "kinds", LuaSuggestion.unknown("kind of error", kind, among: Self.tryKinds))
        }
        return kinds
    }

    /// The failures that such an error stands for were dealt with on purpose.
    private func settle(_ error: LuaError) {
        let ids = runtime.errors.instances(of: error)
        // A request that names no instance stands under the number 0.
        runtime.ledger.handleFailures(of: ids.isEmpty && runtime.errors.isRequest(error) ? [0] : ids)
    }
}

/// Calls a function on every element of a list, then raises one `partial` if some of them failed.
final class EachRun {
    private let runtime: Runtime
    private let elements: [LuaValue]
    private let keys: [Int64]
    private let function: LuaReference
    private var position = 0
    private var errors: [LuaError?] = []

    init(_ runtime: Runtime, _ list: LuaView, _ function: LuaView) throws {
        self.runtime = runtime
        self.function = try function.reference()
        var (elements, keys) = ([LuaValue](), [Int64]())
        try list.forEachElement { position, element in
            elements.append(try element.value())
            keys.append(runtime.tasks.key(of: element, at: position))
        }
        self.elements = elements
        self.keys = keys
    }

    func step(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard position < elements.count else { return try finish() }
        return try call.protectedCall(
            function, arguments: { $0.value(elements[position]) },
            then: { [self] call in
                let error = call.calleeFailed ? call.calleeError() : nil
                // Whatever comes next would fail the same way.
                errors.append(error)
                if let error, runtime.errors.endsList(error) {
                    throw runtime.errors.endedList("vast.each", of: elements.count, by: error, Array(zip(keys, errors))) ?? error
                }
                position += 1
                return try step(call)
            })
    }

    private func finish() throws -> LuaOutcome {
        let failed = errors.compactMap(\.self)
        guard let first = failed.first else { return .values }
        throw EachFailure(
            message: "\(failed.count) of \(elements.count) failed; the first: \(first.message.aboutOneOfMany)",
            results: zip(keys, errors).map { ($0, $1?.value) })
    }
}
