/// What a change sets beside its verb: a label, or a price.
public enum ChangePayload: Hashable, Sendable {
    /// The new label; empty: none.
    case label(String)
    /// The new bid for the whole instance, in $/h.
    case price(USDPerHour)

    /// What a verb needs.
    package enum Kind: String, Sendable, CaseIterable { case label, price }

    /// Which of the two it is, without its value.
    package var kind: Kind {
        switch self {
        case .label: .label
        case .price: .price
        }
    }

    /// The longest label that the service takes, in characters (Vast API contract, section 3).
    package static let longestLabel = 1_024

    /// A price as the service keeps it.
    package static func bid(_ price: Double) -> ChangePayload { .price(USDPerHour(price).roundedAsBid) }

    /// The label, when it is one.
    public var label: String? { if case .label(let text) = self { text } else { nil } }

    /// The price, when it is one.
    package var price: USDPerHour? { if case .price(let price) = self { price } else { nil } }

    /// As journal and plan keep it.
    package var text: String {
        switch self {
        case .label(let text): text
        case .price(let price): "\(price.rawValue)"
        }
    }

    /// Reads ``text``; nil when it says nothing of that kind.
    package init?(_ text: String, _ kind: Kind) {
        switch kind {
        case .label: self = .label(text)
        case .price:
            guard let price = Double(text), price.isFinite else { return nil }
            self = .bid(price)
        }
    }

    /// For people, behind a verb: `'spot'`, `$0.34/h`.
    package var shown: String {
        switch self {
        case .label(let text): "'\(text)'"
        case .price(let price): "$\(price.rawValue)/h"
        }
    }
}
