import VastLua

/// What the declarations say of the place where a function or a table is written out.
struct ExpectedType {
    /// The parameters with which a function is called that stands here.
    private(set) var parameters: [InferredType.Parameter] = []
    private var options: [Parameter] = []
    private var isQuery = false
    private var element: InferredType?

    /// - Parameter elements: of the list that the function goes through, if it does.
    init(_ parameter: Parameter, elements: InferredType = .unknown) {
        self.init(TypeAnnotation.type(parameter.type.annotation))
        options += parameter.options ?? []
        isQuery = isQuery || parameter.takesQuery
        parameters = parameters.map { $0.name == "element" ? InferredType.Parameter(name: $0.name, type: elements) : $0 }
    }

    private init(_ type: InferredType) {
        switch type.shape {
        case .function(let parameters): self.parameters = parameters
        case .list(let element): self.element = element
        case .object(ValueType.query.annotation): (isQuery, options) = (true, [.wherePredicate])
        case .oneOf(let types):
            for type in types.map(ExpectedType.init) {
                if parameters.isEmpty { parameters = type.parameters }
                element = element ?? type.element
                (isQuery, options) = (isQuery || type.isQuery, options + type.options)
            }
        default: break
        }
    }

    /// Of the entry of a table under a name.
    func entry(_ name: String) -> ExpectedType? {
        if let option = options.first(where: { $0.name == name }) { return ExpectedType(option) }
        guard isQuery, let field = DeclaredTypes.fields["vast.Instance"]?[name] else { return nil }
        return ExpectedType(InferredType(shape: .function([InferredType.Parameter(name: name, type: field)])))
    }

    /// Of an entry of a list.
    var listed: ExpectedType? { element.map { ExpectedType($0) } }
}
