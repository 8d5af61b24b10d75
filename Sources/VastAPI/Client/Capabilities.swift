/// What a client has found out about its service, so that what does not exist is not asked for again.
struct Capabilities: Sendable {
    /// The collection route for changes is missing.
    var lacksBulk = false
    /// Filters are refused or ignored by the list.
    var lacksFilters = false
}
