/// Follows values through a source, and compares their use with the declarations.
///
/// A source is read again until nothing changes any more in what is known of its variables.
struct TypeCheck {
    typealias Misuse = VastNames.Misuse

    private let tokens: [LuaTokens.Token]
    private let hidesVast: Bool

    /// - Parameter hidesVast: whether nothing else looks at what is written `vast`, since it may be a variable.
    init(_ tokens: [LuaTokens.Token], hidesVast: Bool) {
        self.tokens = tokens
        self.hidesVast = hidesVast
    }

    /// What is wrong; nothing in a source that is not Lua, or that exchanges its globals.
    func misuses() -> [Misuse] {
        guard !tokens.contains(where: { $0.kind == .name("_ENV") }) else { return [] }
        var known = TypeKnowledge()
        for _ in 0..<6 {
            guard let learned = read(known)?.learned else { return [] }
            if learned == known { return read(known, reports: true)?.findings ?? [] }
            known = learned
        }
        return read(known.cautious, reports: true)?.findings ?? []
    }

    private func read(_ known: TypeKnowledge, reports: Bool = false) -> TypeWalk? {
        var walk = TypeWalk(tokens, known, hidesVast: hidesVast, reports: reports)
        do { try walk.run() } catch { return nil }
        return walk
    }
}
