import VastJSON

/// Reads the members of one JSON object, with errors that name the place.
struct PlanReader {
    let json: JSON
    /// Where it stands, such as `actions[3].before`.
    let place: String

    init(_ json: JSON, _ place: String) {
        self.json = json
        self.place = place
    }

    func text(_ name: String) throws(PlanError) -> String {
        guard let text = try optionalText(name) else { throw wrong(name, "a text") }
        return text
    }

    func optionalText(_ name: String) throws(PlanError) -> String? {
        guard let value = json[name], !value.isNull else { return nil }
        guard let text = value.string else { throw wrong(name, "a text") }
        return text
    }

    func texts(_ name: String) throws(PlanError) -> [String] {
        guard let value = json[name] else { return [] }
        let texts = value.elements.map(\.string)
        guard value.kind == .array, !texts.contains(nil) else { throw wrong(name, "a list of texts") }
        return texts.compactMap(\.self)
    }

    func integer(_ name: String) throws(PlanError) -> Int64 {
        guard let number = json[name]?.int64 else { throw wrong(name, "a whole number") }
        return number
    }

    func number(_ name: String) throws(PlanError) -> Double {
        guard let number = try optionalNumber(name) else { throw wrong(name, "a number") }
        return number
    }

    func optionalNumber(_ name: String) throws(PlanError) -> Double? {
        guard let value = json[name], !value.isNull else { return nil }
        guard let number = value.double else { throw wrong(name, "a number") }
        return number
    }

    func object(_ name: String) throws(PlanError) -> PlanReader {
        guard let value = json[name], value.kind == .object else { throw wrong(name, "an object") }
        return PlanReader(value, "\(place).\(name)")
    }

    func array(_ name: String) throws(PlanError) -> [PlanReader] {
        guard let value = json[name], value.kind == .array else { throw wrong(name, "a list") }
        return value.elements.enumerated().map { PlanReader($0.element, "\(name)[\($0.offset)]") }
    }

    private func wrong(_ name: String, _ wanted: String) -> PlanError {
        let found = json[name].map { "\($0.kind)" } ?? "missing"
        return PlanError(.form, "\(place).\(name) is \(found == "missing" ? found : "of kind \(found)"), and has to be \(wanted)")
    }
}
