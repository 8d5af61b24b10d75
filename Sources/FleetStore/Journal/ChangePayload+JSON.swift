package import VastModels
package import VastJSON

extension ChangePayload {
    /// Under which name journal and plan show it: `label_after`, `price_after`.
    package var afterName: String { "\(kind.rawValue)_after" }

    /// As journal and plan write it: text for a label, a number in $/h for a price, null for a price that no JSON number
    /// can hold.
    package var json: JSONValue {
        switch self {
        case .label(let text): .string(text)
        case .price(let price): price.json ?? .null
        }
    }
}

extension Change.Verb {
    /// What was set beside this verb, from the text that the journal keeps.
    func payload(_ text: String?) -> ChangePayload? { rules.payload.flatMap { kind in text.flatMap { ChangePayload($0, kind) } } }
}
