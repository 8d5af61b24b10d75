extension Operations {
    /// Stops instances; storage goes on billing.
    public func stop(_ ids: [InstanceID]) async -> ChangeOutcomes {
        let ids = ids.unique
        var outcomes = ChangeOutcomes(ids)
        guard ids.count > 1 else { return await stopSingly(ids) }
        var unchecked: [InstanceID] = []
        // What no reading can prove has an answer of its own.
        var singles = ids.filter { !isProvable(.stop, $0) }
        var (refused, reached): (Set<InstanceID>, Set<InstanceID>) = ([], [])
        for chunk in ids.filter({ isProvable(.stop, $0) }).chunks(of: Self.bulkSize) where outcomes.endedBy == nil {
            switch await sendBulk(.stopped, chunk) {
            case .noSuchRoute: singles += chunk
            case .accepted:
                unchecked += chunk
                reached.formUnion(chunk)
            case .refused:
                unchecked += chunk
                refused.formUnion(chunk)
            case .lost(let error):
                reached.formUnion(chunk)
                await stopAgain(chunk, after: error, &unchecked, &outcomes)
            case .ended(let error): enterEnd(error, of: chunk, &outcomes)
            }
            // A check runs on another route while the next change has to wait for its turn.
            if unchecked.count >= Self.checkSize {
                singles += await checkStopped(Array(unchecked.prefix(Self.checkSize)), &outcomes)
                unchecked.removeFirst(Self.checkSize)
            }
        }
        singles += await checkStopped(unchecked, &outcomes)
        if outcomes.endedBy == nil { outcomes.merge(await stopSingly(singles)) }
        outcomes.enterReached(reached, isRefused: false)
        outcomes.enterReached(refused, isRefused: true)
        return outcomes
    }

    private func stopSingly(_ ids: [InstanceID]) async -> ChangeOutcomes {
        await each(ids) { id in await sendSingle(.setState(.stopped, of: id), id) }
    }

    /// Enters those that show the change, and returns the others, to be tried one by one.
    private func checkStopped(_ ids: [InstanceID], _ outcomes: inout ChangeOutcomes) async -> [InstanceID] {
        guard !ids.isEmpty else { return [] }
        do {
            let late = Set(try await StateCheck(client: client, target: .stopped).notProven(ids))
            for id in ids where !late.contains(id) { outcomes.set(id, .accepted) }
            return ids.filter(late.contains)
        } catch {
            enterUnchecked(VastError.of(error), ids, &outcomes)
            return []
        }
    }

    /// Whether a change of these instances was made could not be read.
    func enterUnchecked(_ error: VastError, _ ids: [InstanceID], _ outcomes: inout ChangeOutcomes) {
        for id in ids { outcomes.set(id, .unknown(error.afterUncheckedChange(id))) }
        if error.endsList { outcomes.end(by: error) }
    }

    /// A request for many has got no answer: looks all of them up at once, and sends it once more for those that are as
    /// they were.
    private func stopAgain(
        _ ids: [InstanceID], after lost: VastError, _ unchecked: inout [InstanceID], _ outcomes: inout ChangeOutcomes
    ) async {
        let again = await unchanged(ids, after: lost, &outcomes)
        guard !again.isEmpty else { return }
        switch await sendBulk(.stopped, again) {
        case .accepted, .refused, .noSuchRoute: unchecked += again
        case .lost(let error) where lost.refusalOnTheWay != nil && error.refusalOnTheWay != nil:
            let refusal = error.refusalOnTheWay ?? error
            for id in await unchanged(again, after: error, &outcomes) { outcomes.set(id, .refused(refusal.about(id))) }
        case .lost(let error):
            for id in again { outcomes.set(id, .unknown(error.about(id).after("it was sent twice; \(Self.unknownAdvice)"))) }
        case .ended(let error):
            for id in again { outcomes.set(id, .unknown(error.about(id).after(Self.unknownAdvice))) }
            outcomes.end(by: error)
        }
    }

    /// Looks up stops whose answer was lost, all at once, and enters what became of them.
    ///
    /// - Returns: those of which nothing has happened, so that they may be sent again.
    private func unchanged(_ ids: [InstanceID], after lost: VastError, _ outcomes: inout ChangeOutcomes) async -> [InstanceID] {
        let rows: [InstanceID: Instance]
        do {
            rows = try await client.instances(ids)
        } catch {
            enterUnchecked(VastError.of(error), ids, &outcomes)
            return []
        }
        var unchanged: [InstanceID] = []
        for id in ids {
            if let row = rows[id], Change.Verb.stop.isAccepted(by: row) {
                outcomes.set(id, .accepted)
            } else if mayBeSentAgain(Change(.stop, [id]), rows[id], after: lost) {
                unchanged.append(id)
            } else {
                outcomes.set(id, .unknown(lost.about(id).after(Self.unknownAdvice)))
            }
        }
        return unchanged
    }
}
