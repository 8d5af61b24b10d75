/// What is set for the network cannot be used: what, and what to do. It holds no password.
struct NetworkProblem: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
