/// The account that owns the fleet.
package struct Account: Sendable, Equatable {
    /// The id that the user object has.
    package var id: Int64 = 200_417
    /// Nil: the user object has none.
    package var email: String? = "ops@lab.example"
    /// Spendable dollars; below zero once storage has used more than there was.
    package var credit: Double = 812
    /// Dollars spent since the simulation began.
    package var spent: Double = 0

    /// An account with 812 dollars that has spent nothing.
    package init() {}
}
