import VastAPI

/// Whom a call is about: what fails before anything of it was sent is about all of them.
struct CallSubject: Sendable {
    let ids: [InstanceID]
    /// Whether it was one id or instance and no list.
    let isSingle: Bool

    /// The error of a failure that concerns the whole call.
    func error(_ error: VastError) -> VastError {
        guard error.instance == nil, error.results.isEmpty, let first = ids.first else { return error }
        if isSingle { return error.about(first) }
        var about = error
        about.results = ChangeOutcomes(ids, endedBy: error).results
        return about
    }

    /// Runs something that concerns the whole call.
    func attributing<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as VastError { throw self.error(error) }
    }

    /// The same of something that waits.
    func attributing<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> @Sendable () async throws -> Value {
        { do { return try await body() } catch let error as VastError { throw self.error(error) } }
    }
}
