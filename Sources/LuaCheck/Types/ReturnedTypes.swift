/// What the `return` statements of a function give, all together.
struct ReturnedTypes: Equatable {
    /// Of the first value; what is nil somewhere is what it is elsewhere.
    private(set) var type = InferredType.unknown
    /// Where the table is written out that the only statement gives.
    private(set) var table: Range<Int>?
    private var statements = 0
    private var isBegun = false

    /// Notes one statement.
    mutating func add(_ values: [InferredValue]) {
        statements += 1
        table = statements == 1 && values.count == 1 && values[0].entries != nil ? values[0].table : nil
        let first = values.first?.type.present
        guard let first else { return }
        type = isBegun ? InferredType.join(type, first).present : first
        isBegun = true
    }
}
