/// The verbs on many instances: as few requests as the service allows, each change checked, what did not work tried
/// one by one, and everything that could be done done.
///
/// Every verb returns a report for each id. Errors that end a list at once (`unauthorized`, `cancelled`, `guard`) are
/// thrown with the `results` so far; what an observer throws is thrown as it is.
public struct Operations: Sendable {
    public let client: VastClient
    /// Handed to the observer with every intent.
    public var note: (any ChangeNote)?

    /// How many ids the official client sends in one request at most (Vast API contract, section 2.2).
    static let bulkSize = 64
    /// How many ids one check asks about at most: more make the request line too long.
    static let checkSize = 300
    /// How many single requests are under way at once; on a paced route they leave one by one all the same.
    private static let concurrency = 8

    public init(_ client: VastClient, note: (any ChangeNote)? = nil) {
        self.client = client
        self.note = note
    }

    /// Runs `body` for each id, several at once, and returns how it went for each.
    ///
    /// - Throws: the first error that ends a list, with the results so far.
    func each(
        _ ids: [InstanceID], _ body: @escaping @Sendable (InstanceID) async throws -> Void
    ) async throws -> ChangeReport {
        var report = ChangeReport()
        do {
            try await withThrowingTaskGroup(of: (InstanceID, Result<Void, VastError>).self) { group in
                var waiting = ids.makeIterator()
                func addNext() {
                    guard let id = waiting.next() else { return }
                    group.addTask { (id, try await Self.result(id, body)) }
                }
                for _ in 0..<Self.concurrency { addNext() }
                while let (id, result) = try await group.next() {
                    report.results[id] = result
                    addNext()
                }
            }
        } catch var error as VastError {
            error.results = report.results
            throw error
        }
        return report
    }

    private static func result(
        _ id: InstanceID, _ body: (InstanceID) async throws -> Void
    ) async throws -> Result<Void, VastError> {
        do {
            try await body(id)
            return .success(())
        } catch var error as VastError {
            if error.instance == nil { error.instance = id }
            if error.endsList { throw error }
            return .failure(error)
        }
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
