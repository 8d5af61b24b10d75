/// What an expression gives, as far as the declarations say it.
struct InferredValue {
    /// A variable, or a field of a table that is a variable: what an assignment changes.
    struct Slot: Hashable {
        let variable: Int
        var member: String?
    }

    /// An entry with a name of a table that is written out.
    struct Entry {
        let name: String
        let type: InferredType
        /// Where it is written out, if it is a table itself.
        let table: Range<Int>?
    }

    /// The table and the name that an assignment to the expression sets.
    struct Target {
        let base: InferredType
        let name: String
    }

    /// A method of an object that is read with a dot.
    struct Method {
        let name: String
        let object: String
        /// The path of the object.
        let base: String?
    }

    var type = InferredType.unknown
    /// What the expression is called when the same is asked again: the number of its variable, `:`, and its text.
    var path: String?
    /// What else the same value is called.
    var aliases: [String] = []
    /// Paths of which any one that is not nil shows that this value is not nil either.
    var proofs: [String] = []
    /// The paths that are not nil when it is true.
    var whenTrue: [String] = []
    /// The paths that are not nil when it is false or nil.
    var whenFalse: [String] = []
    /// Of a call of `type`: the paths that its argument stands for.
    var kindOf: [String] = []
    /// Of a call: the types of all its results.
    var results: [InferredType]?
    /// Of a text that is written out.
    var text: String?
    /// Of a table that is written out: the entries with names.
    var entries: [Entry]?
    /// The words that it is written with, where it is no part of another expression.
    var tokens: Range<Int>?
    /// Of a table that is written out, or of a variable that holds one: where it is.
    var table: Range<Int>?
    /// Of what a call gives: whether it may be nil for want of anything to give.
    var mayBeAbsent = false
    /// Of a function of the script: where its body begins.
    var body: Int?
    /// Whether its fields may have been tested before.
    var isTested = false
    /// Of a method behind a dot: which.
    var method: Method?
    /// Of `and` and `or`: the same of what stands last.
    var lastMethod: Method?
    var slot: Slot?
    /// Of a global: its name.
    var global: String?
    var target: Target?
    /// Of a name that nobody sets: its position among those.
    var unknown: Int?
    /// Whether it is written `vast`, or a name behind that.
    var isSpelledOut = false
    /// Of a call: whether nothing behind it is reached, as behind `error`.
    var neverReturns = false

    /// A value that is not nil, of a type without fields.
    static func plain(_ name: String) -> InferredValue { InferredValue(type: InferredType(shape: .plain(name))) }

    /// The paths that stand for the value itself.
    var ownPaths: [String] { path.map { [$0] + aliases } ?? aliases }

    /// The paths that show that it is not nil.
    var allProofs: [String] { InferredValue.limited(ownPaths + proofs) }

    /// Whether it is certainly something else than nil.
    var isPresent: Bool {
        switch type.shape {
        case .plain, .words: !type.canBeNil
        default: false
        }
    }

    /// More paths than these are not kept, so that long conditions stay cheap.
    static func limited(_ paths: [String]) -> [String] { paths.count > 32 ? Array(paths.prefix(32)) : paths }
}
