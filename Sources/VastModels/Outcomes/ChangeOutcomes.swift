/// How a call of a verb went for each of its instances: every one of them is in it, from the beginning as not sent, so
/// that whatever ends the call, each has an outcome.
public struct ChangeOutcomes: Sendable {
    /// What became of the change of one instance.
    public enum Outcome: Sendable {
        /// It was so already; nothing was sent.
        case satisfied
        /// The service has accepted it.
        case accepted
        /// Nothing about this instance has reached the service; why.
        case notSent(VastError)
        /// The service has refused it: nothing was changed.
        case refused(VastError)
        /// It was sent, and whether it was done is not known. Of kind `unavailable`: a start that may be queued at the
        /// service, to run and bill later.
        case unknown(VastError)
    }

    /// The outcome of each instance of the call.
    public private(set) var byID: [InstanceID: Outcome]
    /// What ended the call before everything was tried; nil when everything was.
    public private(set) var endedBy: VastError?
    /// Those that have no outcome of their own yet.
    private var untried: Set<InstanceID>

    /// The outcomes of a call that has not begun.
    public init(_ ids: some Sequence<InstanceID>) {
        untried = Set(ids)
        let error = VastError(.cancelled, "it was not tried")
        byID = Dictionary(uniqueKeysWithValues: untried.map { ($0, .notSent(error)) })
    }

    /// The outcomes of a call of which nothing was sent.
    public init(_ ids: some Sequence<InstanceID>, endedBy error: VastError) {
        self.init(ids)
        end(by: error)
    }

    /// nil for an instance that the call is not about.
    public subscript(id: InstanceID) -> Outcome? { byID[id] }

    /// Enters an outcome; an instance that the call is not about is ignored.
    public mutating func set(_ id: InstanceID, _ outcome: Outcome) {
        guard byID[id] != nil else { return }
        untried.remove(id)
        byID[id] = outcome
    }

    /// Takes the outcomes of a part of the call.
    public mutating func merge(_ part: ChangeOutcomes) {
        for (id, outcome) in part.byID where !part.untried.contains(id) { set(id, outcome) }
        if let error = part.endedBy { end(by: error) }
    }

    /// Nothing more is tried: what has no outcome yet was not sent because of this error. The first error stands.
    public mutating func end(by error: VastError) {
        // What ended it before any of them was tried is the error of all.
        let isOwn = untried.count == byID.count
        for id in untried { byID[id] = .notSent(isOwn ? error.about(id) : error.unsent(id)) }
        untried = []
        if endedBy == nil { endedBy = error }
    }

    /// A request for many has reached the service, so none of them was not sent, whatever has kept what was to follow from
    /// leaving.
    ///
    /// - Parameter isRefused: whether the service has refused it, and shows that nothing was done.
    package mutating func enterReached(_ ids: some Sequence<InstanceID>, isRefused: Bool) {
        for id in ids {
            guard case .notSent(let error)? = byID[id] else { continue }
            byID[id] = isRefused ? .refused(error) : .unknown(error.afterUnprovenChange(id))
        }
    }

    // MARK: reading

    /// The instances in ascending order, with their outcomes.
    public var inOrder: [(id: InstanceID, outcome: Outcome)] { byID.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    /// Whether the change of an instance was accepted, or had no need to be sent.
    public func isDone(_ id: InstanceID) -> Bool { byID[id].map { $0.error == nil } ?? false }

    /// The instances for which it was not done, or is not known to be, in ascending order.
    public var failed: [InstanceID] { byID.filter { $0.value.error != nil }.keys.sorted() }

    /// Whether nothing of the call has reached the service.
    public var isNothingSent: Bool {
        byID.values.allSatisfy {
            switch $0 {
            case .satisfied, .notSent: true
            case .accepted, .refused, .unknown: false
            }
        }
    }

    /// For errors: success where the change is done.
    public var results: [InstanceID: Result<Void, VastError>] {
        byID.mapValues { outcome in outcome.error.map { .failure($0) } ?? .success(()) }
    }

    /// Returns when all is done.
    ///
    /// - Throws: ``VastError``, see ``failure(of:isSingle:)``.
    public func get() throws(VastError) {
        if let error = failure(of: nil, isSingle: byID.count == 1) { throw error }
    }

    /// What a caller of a verb raises; nil when all is done.
    ///
    /// When the service has changed nothing of the call: the error that ended it. For one instance: its own error.
    /// Otherwise one of kind `partial` with the results of every instance, and with what ended the call.
    ///
    /// - Parameters:
    ///   - verb: for the text.
    ///   - isSingle: whether the caller named one instance, and no list.
    public func failure(of verb: Change.Verb?, isSingle: Bool) -> VastError? {
        let failed = failed
        guard let first = failed.first, let error = byID[first]?.error else { return nil }
        if let endedBy, hasChangedNothing(besides: endedBy) { return raised(endedBy) }
        if let refusal = commonRefusal { return raised(refusal) }
        if isSingle { return isNothingSent ? error.sayingNothingWasSent : error }
        let shown = failed.prefix(3).map { "\($0): \(byID[$0]?.error?.message ?? "")" }.joined(separator: "; ")
        let more = failed.count > 3 ? " and \(failed.count - 3) more" : ""
        var partial = VastError(
            .partial, "\(verb.map { "\($0.rawValue): " } ?? "")\(failed.count) of \(byID.count) failed: \(shown)\(more)",
            attempts: error.attempts, results: results, cause: error)
        (partial.endedBy, partial.code) = (endedBy?.endWord, endedBy?.code)
        partial.hint = endedBy?.hint
        return isNothingSent ? partial.sayingNothingWasSent : partial
    }

    /// The reason why nothing was sent, when it is the same for all that failed and one that ends lists; nil otherwise.
    private var commonRefusal: VastError? {
        let errors = failed.compactMap { byID[$0]?.error }
        guard byID.count > 1, isNothingSent, let first = errors.first, first.endsList,
            errors.allSatisfy({ $0.kind == first.kind && $0.code == first.code })
        else { return nil }
        return first
    }

    private func raised(_ ending: VastError) -> VastError {
        var error = isNothingSent ? ending.sayingNothingWasSent : ending
        if byID.count == 1, let id = byID.keys.first { error = error.about(id) }
        error.results = results
        return error
    }

    /// Whether no instance was changed, or may have been, and each failed for the same reason.
    private func hasChangedNothing(besides ending: VastError) -> Bool {
        byID.values.allSatisfy {
            switch $0 {
            case .satisfied: true
            case .notSent(let error), .refused(let error): error.kind == ending.kind
            case .accepted, .unknown: false
            }
        }
    }
}

extension ChangeOutcomes.Outcome {
    /// What a failed request means for its instance: no answer is unknown, an answer is a refusal, and what never left was
    /// not sent.
    public init(_ error: VastError) {
        if error.effect == .unknown {
            self = .unknown(error)
        } else if error.status != nil {
            self = .refused(error)
        } else {
            self = .notSent(error)
        }
    }

    /// Why it is not done, or not known to be; nil when it is.
    public var error: VastError? {
        switch self {
        case .satisfied, .accepted: nil
        case .notSent(let error), .refused(let error), .unknown(let error): error
        }
    }

    /// Whether a start may be queued at the service, although it was to be withdrawn.
    public var mayBeQueued: Bool {
        if case .unknown(let error) = self { error.kind == .unavailable } else { false }
    }
}
