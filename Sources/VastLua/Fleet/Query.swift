import FleetRules
import LuaEngine
import VastAPI

/// What a script asks the fleet for: fields with a value, a list or a function, and `where`.
///
/// A list means any of its positives and none of its negatives; text with `*`, `?` or a leading `!` is a glob, and a
/// label always is one.
struct Query {
    /// What a field has to be.
    enum Condition {
        case texts([TextPattern])
        case numbers([Double])
        case boolean(Bool)
        /// Several kinds of values for one field: any of them.
        indirect case any([Condition])
        /// A function of the script, called with the field's value.
        case function(LuaReference)
    }

    /// Text that a field has to have.
    enum TextPattern {
        case exactly(String)
        case glob(LabelGlob)

        init(_ text: String, isLabel: Bool) {
            let isPlain = !text.contains { $0 == "*" || $0 == "?" } && !text.hasPrefix("!")
            self = isPlain && !isLabel ? .exactly(text) : .glob(LabelGlob(text))
        }
    }

    var conditions: [(field: String, condition: Condition)] = []
    /// `where = function(inst)`
    var predicate: LuaReference?
    /// What may stand beside the fields, for suggestions.
    var options: [String] = []

    /// Whether it could leave anything out.
    var isRestricted: Bool { predicate != nil || !conditions.isEmpty }

    /// The functions of the script that have to be asked about each instance.
    var functions: [(field: String?, function: LuaReference)] {
        var result: [(String?, LuaReference)] = conditions.compactMap { field, condition in
            if case .function(let function) = condition { (field, function) } else { nil }
        }
        if let predicate { result.append((nil, predicate)) }
        return result
    }

    /// Whether an instance fulfils everything but the script's functions.
    func matchesValues(_ instance: Instance) -> Bool {
        conditions.allSatisfy { field, condition in
            condition.matches(InstanceFields.value(field, of: instance) ?? FieldValue.none)
        }
    }

    /// What is said of label patterns that match none of the rows and are perhaps not meant as they are read.
    func hints(_ rows: some Sequence<Instance>) -> [String] {
        conditions.filter { $0.field == "label" }.flatMap { $0.condition.globs }.filter { glob in
            !glob.isNegated && !rows.contains { glob.matches($0.label) }
        }.compactMap(\.hint)
    }

    /// What the server can filter without changing the meaning: plain ids and GPU names.
    var serverFilter: (ids: [InstanceID]?, gpuNames: [String]?) {
        var filter: (ids: [InstanceID]?, gpuNames: [String]?) = (nil, nil)
        for (field, condition) in conditions {
            switch (field, condition) {
            case ("id", .numbers(let numbers)):
                let ids = numbers.compactMap { Int64(exactly: $0) }.map(InstanceID.init(rawValue:))
                if ids.count == numbers.count { filter.ids = ids }
            case ("gpu_name", .texts(let patterns)):
                let names = patterns.compactMap { if case .exactly(let name) = $0 { name } else { nil } }
                if names.count == patterns.count { filter.gpuNames = names }
            default: break
            }
        }
        return filter
    }
}

extension Query.Condition {
    fileprivate var globs: [LabelGlob] {
        switch self {
        case .texts(let patterns): patterns.compactMap { if case .glob(let glob) = $0 { glob } else { nil } }
        case .any(let conditions): conditions.flatMap(\.globs)
        case .numbers, .boolean, .function: []
        }
    }

    /// Whether a value fulfils it; a function is asked elsewhere.
    func matches(_ value: FieldValue) -> Bool {
        switch self {
        case .texts(let patterns): value.text.map { Self.matches($0, patterns) } ?? Self.matchesAbsence(patterns)
        case .numbers(let numbers): value.double.map(numbers.contains) ?? false
        case .boolean(let wanted): value.bool == wanted
        case .any(let conditions): conditions.contains { $0.matches(value) }
        case .function: true
        }
    }

    private static func matches(_ text: String, _ patterns: [Query.TextPattern]) -> Bool {
        var (hasPositive, isMatch) = (false, false)
        for pattern in patterns {
            switch pattern {
            case .exactly(let wanted):
                hasPositive = true
                isMatch = isMatch || text == wanted
            case .glob(let glob) where glob.isNegated:
                if !glob.matches(text) { return false }
            case .glob(let glob):
                hasPositive = true
                isMatch = isMatch || glob.matches(text)
            }
        }
        return isMatch || !hasPositive
    }

    /// What is not known is nothing that was asked for, and is not excluded either.
    private static func matchesAbsence(_ patterns: [Query.TextPattern]) -> Bool {
        patterns.allSatisfy { if case .glob(let glob) = $0 { glob.isNegated } else { false } }
    }
}
