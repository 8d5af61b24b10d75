/// The words in a label's brackets that are somebody's own: `[owner=anna lr=3e-4 v2]`.
///
/// What protects, and what is a wish, is no tag (``LabelDirectives``).
package enum LabelTags {
    /// One word of a bracket that is somebody's own, with or without a value.
    package struct Tag: Sendable, Equatable {
        /// What stands before the equals sign, or the whole word.
        package var name: String
        /// nil for a word alone, such as `v2`.
        package var value: String?
    }

    /// The tags of a label, in their order; of a name that stands twice, the last one.
    package static func all(in label: String) -> [Tag] {
        var tags: [Tag] = []
        var places: [String: Int] = [:]
        for bracket in LabelBracket.all(in: label) where !bracket.isCustodian {
            for word in bracket.words where word.isTag {
                let tag = Tag(name: word.name, value: word.value)
                if let place = places[tag.name] {
                    tags[place] = tag
                } else {
                    places[tag.name] = tags.count
                    tags.append(tag)
                }
            }
        }
        return tags
    }
}
