extension Operations {
    /// Replaces the label of instances; an empty text removes it.
    ///
    /// - Throws: ``VastError`` of kind `invalid_argument`, with nothing sent, for a text of more than 1024 characters.
    public func label(_ ids: [InstanceID], _ text: String) async throws -> ChangeReport {
        let length = text.unicodeScalars.count
        guard length <= 1024 else {
            throw VastError(
                .invalidArgument, "a label has 1024 characters at most, this one has \(length); keep it under 128")
        }
        return try await each(ids.unique) { id in
            _ = try await client.send(.label(id, text), note: note)
        }
    }

    /// Restarts containers; the GPUs are kept. Never sent again when the answer was lost.
    public func reboot(_ ids: [InstanceID]) async throws -> ChangeReport {
        try await interrupt(ids, shownAs: "rebooting", Endpoint.reboot)
    }

    /// Makes containers again from a fresh image; their data is lost. Never sent again when the answer was lost.
    public func recycle(_ ids: [InstanceID]) async throws -> ChangeReport {
        try await interrupt(ids, shownAs: "recycling", Endpoint.recycle)
    }

    /// Ends rentals; everything on them is lost. Fails with `not_found` for an instance that was gone before.
    public func destroy(_ ids: [InstanceID]) async throws -> ChangeReport {
        try await each(ids.unique) { id in
            do {
                _ = try await client.send(.destroy(id), note: note)
            } catch let error as VastError where error.meansGone && error.effect == .unknown {
                // An earlier sending, whose answer was lost, has done it.
            }
        }
    }

    private func interrupt(
        _ ids: [InstanceID], shownAs status: String, _ endpoint: @escaping @Sendable (InstanceID) -> Endpoint
    ) async throws -> ChangeReport {
        try await each(ids.unique) { id in
            do {
                _ = try await client.send(endpoint(id), note: note)
            } catch var error as VastError where error.effect == .unknown && !error.endsList {
                if try await client.instances([id])[id]?.actualStatus == status { return }
                error.message += "; whether it was done is unknown, so it was not sent again: look before you do"
                throw error
            }
        }
    }
}
