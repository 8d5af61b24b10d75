extension Operations {
    /// Stops instances; storage goes on billing.
    public func stop(_ ids: [InstanceID]) async throws -> ChangeReport { ChangeReport() }

    /// Starts instances; never sends a start again without looking first.
    ///
    /// - Parameter unavailable: what to do where the GPUs are rented to somebody else.
    public func start(_ ids: [InstanceID], unavailable: UnavailableRule = .cancel) async throws -> ChangeReport {
        ChangeReport()
    }
}
