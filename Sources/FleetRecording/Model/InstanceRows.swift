internal import VastJSON

/// The rows of a list of instances, scrubbed, sorted by id, each once.
struct InstanceRows {
    let rows: [JSONObject]

    /// - Throws: ``ReadingLine/Invalid`` that names the row.
    init(_ list: JSON) throws(ReadingLine.Invalid) {
        var known: [Int64: JSONObject] = [:]
        for (place, element) in list.elements.enumerated() {
            guard let row = RecordedFields.scrubbed(element), case .integer(let id)? = row["id"] else {
                throw ReadingLine.Invalid("row \(place + 1): an object with a whole number \"id\" is wanted")
            }
            guard known.updateValue(row, forKey: id) == nil else { throw ReadingLine.Invalid("instance \(id) is there twice") }
        }
        rows = known.sorted { $0.key < $1.key }.map(\.value)
    }
}
