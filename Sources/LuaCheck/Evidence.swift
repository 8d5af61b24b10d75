/// What a walk through a script knows of an expression that is an argument, or that stands in a table.
struct Evidence {
    /// Where the table is written out that the expression, a variable, holds.
    struct Table {
        let literal: Range<Int>
        /// What is assigned to its fields before the expression, in order.
        var members: [Member] = []
        /// Whether nothing else can have changed it.
        var isWhole = false
    }

    /// A field of a table that a value is assigned to.
    struct Member: Equatable {
        let name: String
        let value: Range<Int>
        let line: Int
    }

    /// The words of the expression.
    let tokens: Range<Int>
    let type: InferredType
    var table: Table?
    /// Whether it is a call.
    var isCall = false
    /// Whether it is a call that gives nothing.
    var isNothing = false
}
