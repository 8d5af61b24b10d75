/// Functions that run other functions.
extension Declaration {
    static let tasks = [
        Declaration(
            "each", "calls a function on every element, whatever some of them raise; then raises one partial",
            [Parameter("list", .table, "a list"), Parameter("fn", .function("(element: any)"), "called with one element after the other")],
            raises: [.partial], example: "vast.each(vast.instances(), function(inst) print(inst) end)"
        ) { runtime, call in
            let list = try call.table(1, "list")
            return try EachRun(runtime, list, try call.function(2, "fn")).step(call)
        },
        Declaration(
            "try", "a function's results, or nil and the error when it is of that kind",
            [
                Parameter("kinds", .errorKinds, "a kind of error, or a list of kinds"),
                Parameter("fn", .function, "what is called"), .rest("its arguments")
            ],
            returns: [Returned("any", "the first result, or nil"), Returned("any|vast.Error", "the second result, or the error")],
            example: #"local ok, err = vast.try("not_found", vast.stop, 1)"#
        ) { try $0.tasks.tryCall($1) },
        Declaration(
            "spawn", "runs a function side by side with the rest",
            [Parameter("fn", .function, "the task"), .rest("its arguments")], returns: [Returned("vast.Task")],
            example: #"print(vast.spawn(function() return #vast.instances() end):join())"#
        ) { try $0.tasks.spawn($1) },
        Declaration(
            "all", "runs functions together; all end before it returns, or raises partial",
            [Parameter("functions", .list(.function("(): any")), "a list of functions")],
            returns: [Returned("any[]", "the first result of each, in order")], raises: [.partial],
            example: "local fleet, user = table.unpack(vast.all{vast.instances, vast.user})"
        ) { try $0.tasks.all($1) },
        Declaration(
            "map", "runs a function on every element of a list, several at a time",
            [
                Parameter("list", .table, "a list"), Parameter("fn", .function("(element: any): any"), "called with an element"),
                .options([Parameter("concurrency", .integer.within(.from(1)), "how many at a time (8)", optional: true)])
            ],
            returns: [Returned("any[]", "the first result for each, in order")], raises: [.partial],
            example: "local refreshed = vast.map(vast.instances(), function(inst) return inst:refresh() end)"
        ) { try $0.tasks.map($1) }
    ]
}

extension ValueType {
    /// One or several kinds of errors.
    fileprivate static let errorKinds = ValueType(
        "string|string[]", [.string, .table], expected: "string or table", texts: .errorKind,
        tables: .list(ValueType("string", [.string], texts: .errorKind)))
}
