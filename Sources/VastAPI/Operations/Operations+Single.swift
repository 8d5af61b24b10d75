extension Operations {
    /// The longest label that the service takes, in characters (Vast API contract, section 3).
    public static let labelLimit = 1_024

    /// Replaces the label of instances; an empty text removes it. Nothing is sent for a text that is too long.
    public func label(_ ids: [InstanceID], _ text: String) async -> ChangeOutcomes {
        let length = text.unicodeScalars.count
        guard length <= Self.labelLimit else {
            return ChangeOutcomes(
                ids,
                endedBy: VastError(
                    .invalidArgument,
                    "a label has \(Self.labelLimit) characters at most, this one has \(length); keep it under 128"))
        }
        return await each(ids.unique) { id in await sendSingle(.label(id, text), id) }
    }

    /// Restarts containers; the GPUs are kept. Never sent again when the answer was lost.
    public func reboot(_ ids: [InstanceID]) async -> ChangeOutcomes {
        await each(ids.unique) { id in await sendSingle(.reboot(id), id) }
    }

    /// Makes containers again from a fresh image; their data is lost. Never sent again when the answer was lost.
    public func recycle(_ ids: [InstanceID]) async -> ChangeOutcomes {
        await each(ids.unique) { id in await sendSingle(.recycle(id), id) }
    }

    /// Ends rentals; everything on them is lost. Refused with `not_found` for an instance that was gone before.
    public func destroy(_ ids: [InstanceID]) async -> ChangeOutcomes {
        await each(ids.unique) { id in await sendSingle(.destroy(id), id) }
    }
}
