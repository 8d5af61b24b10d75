/// Reads a type as declarations write it, such as `vast.Instance?` or `fun(inst: vast.Instance): boolean?`.
struct TypeAnnotation {
    private let text: [UInt8]
    private var index = 0

    /// The type of an annotation; unknown when it says nothing that is followed.
    static func type(_ annotation: String) -> InferredType {
        var reader = TypeAnnotation(text: Array(annotation.utf8))
        guard let type = reader.union(), reader.index == reader.text.count else { return .unknown }
        return type
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func union() -> InferredType? {
        var members: [InferredType] = []
        repeat {
            guard let member = postfix() else { return nil }
            members.append(member)
        } while accept("|")
        let canBeNil = members.contains(where: \.canBeNil)
        guard let first = members.first, members.count > 1 else { return members.first }
        if members.allSatisfy({ $0.shape == first.shape }) { return InferredType(shape: first.shape, canBeNil: canBeNil) }
        if let words = Self.words(members) { return InferredType(shape: .words(words, isOpen: false), canBeNil: canBeNil) }
        return InferredType(shape: .oneOf(members.map(\.present)), canBeNil: canBeNil)
    }

    /// All words of members that are words; nil where one may be something else.
    private static func words(_ members: [InferredType]) -> [String]? {
        let sets = members.compactMap { if case .words(let words, isOpen: false) = $0.shape { words } else { nil } }
        return sets.count == members.count ? sets.flatMap(\.self) : nil
    }

    private mutating func postfix() -> InferredType? {
        guard var type = atom() else { return nil }
        while true {
            if accept("[]") {
                type = InferredType(shape: .list(type))
            } else if accept("?") {
                type.canBeNil = true
            } else {
                return type
            }
        }
    }

    private mutating func atom() -> InferredType? {
        if accept("(") {
            guard let inner = union(), accept(")") else { return nil }
            return inner
        }
        if accept("fun(") { return function() }
        if accept("table<") {
            guard union() != nil, accept(","), let value = union(), accept(">") else { return nil }
            return InferredType(shape: .map(value))
        }
        if accept("\"") {
            let word = take { $0 != UInt8(ascii: "\"") }
            return accept("\"") ? InferredType(shape: .words([word], isOpen: false)) : nil
        }
        let name = take(Self.isNameByte)
        if name.isEmpty { return nil }
        if name == "any" { return .unknown }
        if let set = DeclaredTypes.words[name] { return InferredType(shape: .words(set.words, isOpen: set.isOpen)) }
        return InferredType(shape: name.contains(".") ? .object(name) : .plain(name))
    }

    private mutating func function() -> InferredType? {
        var parameters: [InferredType.Parameter] = []
        while !accept(")") {
            let name = take(Self.isNameByte)
            guard !name.isEmpty, accept(":"), let type = union() else { return nil }
            parameters.append(InferredType.Parameter(name: name, type: type))
            if !accept(","), text[index...].first != UInt8(ascii: ")") { return nil }
        }
        if accept(":") {
            repeat { if union() == nil { return nil } } while accept(",")
        }
        return InferredType(shape: .function(parameters))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        if byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") { return true }
        return (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private mutating func take(_ belongs: (UInt8) -> Bool) -> String {
        skipSpace()
        let start = index
        while index < text.count, belongs(text[index]) { index += 1 }
        return String(decoding: text[start..<index], as: UTF8.self)
    }

    private mutating func accept(_ word: String) -> Bool {
        skipSpace()
        guard text[index...].starts(with: word.utf8) else { return false }
        index += word.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
    }
}
