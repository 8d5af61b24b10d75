/// What a script finds, and what others find of it: names that are set or read elsewhere than in its own text.
struct GlobalNames: Equatable {
    /// The globals that somebody sets.
    var assigned: Set<String> = []
    /// The globals that somebody reads.
    var read: Set<String> = []
    /// The fields that somebody sets, of whatever.
    var fields: Set<String> = []
    /// The tables of Lua's own to which somebody adds what he does not name.
    var extended: Set<String> = []
    /// Whether somebody sets globals that he does not name.
    var setsUnnamed = false
    /// Whether there is a module that cannot be read: who knows what it sets.
    var hasUnreadModule = false

    mutating func formUnion(_ other: GlobalNames) {
        assigned.formUnion(other.assigned)
        read.formUnion(other.read)
        fields.formUnion(other.fields)
        extended.formUnion(other.extended)
        setsUnnamed = setsUnnamed || other.setsUnnamed
        hasUnreadModule = hasUnreadModule || other.hasUnreadModule
    }
}
