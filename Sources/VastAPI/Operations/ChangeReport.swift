/// How a verb went for each of its instances.
public struct ChangeReport: Sendable {
    /// Success means: the service has accepted the change.
    public internal(set) var results: [InstanceID: Result<Void, VastError>]

    public init(results: [InstanceID: Result<Void, VastError>] = [:]) { self.results = results }

    /// The instances for which it failed, in ascending order.
    public var failed: [InstanceID] {
        results.filter { if case .failure = $0.value { true } else { false } }.keys.sorted()
    }

    /// Returns when all went well.
    ///
    /// - Throws: ``VastError``: the error itself for a single instance, of kind `partial` with `results` for several.
    public func get() throws {
        guard let first = failed.first, case .failure(let error)? = results[first] else { return }
        guard results.count > 1 else { throw error }
        throw VastError(
            .partial, "\(failed.count) of \(results.count) failed; instance \(first): \(error.message)",
            attempts: error.attempts, results: results, cause: error)
    }
}
