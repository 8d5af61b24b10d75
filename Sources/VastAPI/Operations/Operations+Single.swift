extension Operations {
    /// Replaces the label of instances; an empty text removes it.
    public func label(_ ids: [InstanceID], _ text: String) async throws -> ChangeReport { ChangeReport() }

    /// Restarts containers; the GPUs are kept. Never sent again when the answer was lost.
    public func reboot(_ ids: [InstanceID]) async throws -> ChangeReport { ChangeReport() }

    /// Makes containers again from a fresh image; their data is lost. Never sent again when the answer was lost.
    public func recycle(_ ids: [InstanceID]) async throws -> ChangeReport { ChangeReport() }

    /// Ends rentals; everything on them is lost. An instance that is gone already counts as not found.
    public func destroy(_ ids: [InstanceID]) async throws -> ChangeReport { ChangeReport() }
}
