import VastLua

/// The types that the declarations give, by name.
enum DeclaredTypes {
    static let functions = Dictionary(Declaration.all.map { ($0.name, $0) }) { first, _ in first }

    static let objects = Dictionary(ObjectDeclaration.all.map { ($0.name, $0) }) { first, _ in first }

    /// The sets of words that have a name.
    static let words = Dictionary(WordSet.all.map { ($0.name, $0) }) { first, _ in first }

    /// The types of the fields of each object.
    static let fields = objects.mapValues { object in
        Dictionary(object.fields.map { ($0.name, TypeAnnotation.type($0.type)) }) { first, _ in first }
    }

    /// The elements of objects that are lists.
    static let elements = objects.compactMapValues { $0.element.map(TypeAnnotation.type) }

    private static let moduleFields = Dictionary(FieldDeclaration.module.map { ($0.name, $0) }) { first, _ in first }
    private static let tables = Set(Declaration.names.compactMap { $0.contains(".") ? String($0.prefix { $0 != "." }) : nil })

    /// The name in full of what stands in `vast` or one of its sub-tables.
    static func name(_ name: String, in module: String) -> String { module.isEmpty ? name : "\(module).\(name)" }

    /// A field, as opposed to a function, of `vast` or one of its sub-tables.
    static func moduleField(_ name: String, in module: String) -> FieldDeclaration? { moduleFields[self.name(name, in: module)] }

    /// What stands under a name in `vast` or one of its sub-tables; nil: nothing.
    static func member(_ name: String, of module: String) -> InferredType? {
        let full = self.name(name, in: module)
        if functions[full] != nil { return InferredType(shape: .declared(full)) }
        if let field = moduleFields[full] { return TypeAnnotation.type(field.type) }
        return module.isEmpty && tables.contains(name) ? InferredType(shape: .module(name)) : nil
    }

    /// A method of an object.
    static func method(_ name: String, of object: String) -> Declaration? { objects[object]?.methods.first { $0.name == name } }

    /// What a function or a method returns, one after the other.
    static func results(of declaration: Declaration) -> [InferredType] {
        declaration.results.map { TypeAnnotation.type($0.type) }
    }
}
