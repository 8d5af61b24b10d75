/// The account that owns the fleet.
package struct Account: Sendable, Equatable {
    package var id: Int64 = 200_417
    package var email: String? = "ops@lab.example"
    /// Spendable dollars; below zero once storage has used more than there was.
    package var credit: Double = 812
    /// Dollars spent since the simulation began.
    package var spent: Double = 0

    package init() {}
}
