/// What happens to which exchange of a transport; exchanges are counted from 1.
package struct ExchangePlan: Sendable {
    package typealias Action = @Sendable () -> Void

    package var faults: [Int: ExchangeFault] = [:]
    private var actions: [Int: [ExchangeMoment: [Action]]] = [:]

    package init(_ faults: [Int: ExchangeFault] = [:]) { self.faults = faults }

    /// Does something at a moment of an exchange: freezes, cancels, changes the world. Virtual time stands still
    /// meanwhile, and until whoever was woken by it sleeps again. An action must not hold the world that it belongs to.
    package mutating func at(_ moment: ExchangeMoment, _ number: Int, _ action: @escaping Action) {
        actions[number, default: [:]][moment, default: []].append(action)
    }

    func actions(_ moment: ExchangeMoment, _ number: Int) -> [Action] { actions[number]?[moment] ?? [] }
}
