/// Follows values through a source, and compares their use with the declarations.
///
/// A source is read again until nothing changes any more in what is known of its variables.
struct TypeCheck {
    typealias Misuse = VastNames.Misuse

    /// How often a source is read until it is given up that what is known of it stays the same.
    private static let mostReadings = 8

    private let tokens: [LuaTokens.Token]
    private let hidesVast: Bool
    private let comments: CheckComments
    private let modules: RequiredModules?

    /// - Parameters:
    ///   - hidesVast: whether nothing else looks at what is written `vast`, since it may be a variable.
    ///   - modules: finds what the source requires; nil: globals are not looked at.
    init(_ tokens: [LuaTokens.Token], comments: [LuaTokens.Comment] = [], hidesVast: Bool, modules: RequiredModules? = nil) {
        self.tokens = tokens
        self.comments = CheckComments(comments)
        self.hidesVast = hidesVast
        self.modules = modules
    }

    /// Of a module, of which nothing is said.
    init(_ source: [UInt8]) {
        self.init(LuaTokens.read(source).tokens, hidesVast: false)
    }

    /// What is wrong; nothing in a source that is not Lua, or that exchanges its globals.
    func misuses() -> [Misuse] {
        guard let known = learned() else { return [] }
        return read(known, around: surroundings(of: known), reports: true)?.findings(hiddenBy: comments) ?? []
    }

    /// What reading a source shows of it; nil where it is not Lua, or exchanges its globals.
    func learned() -> TypeKnowledge? {
        guard !tokens.contains(where: { $0.kind == .name("_ENV") }) else { return nil }
        var known = TypeKnowledge()
        for _ in 0..<Self.mostReadings {
            guard let learned = read(known)?.learned else { return nil }
            if learned == known { return known }
            known = learned
        }
        return known.cautious
    }

    /// What others do to the globals of the source, and its comments say of them.
    private func surroundings(of known: TypeKnowledge) -> GlobalNames? {
        guard var names = modules?.globals(of: known.required) else { return nil }
        names.assigned.formUnion(comments.declared)
        if known.requiresUnnamed { names.hasUnreadModule = true }
        return names
    }

    private func read(_ known: TypeKnowledge, around names: GlobalNames? = nil, reports: Bool = false) -> TypeWalk? {
        var walk = TypeWalk(tokens, known, around: names, hidesVast: hidesVast, reports: reports)
        do { try walk.run() } catch { return nil }
        return walk
    }
}
