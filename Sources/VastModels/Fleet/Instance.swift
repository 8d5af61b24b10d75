#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import VastJSON

/// A rented instance as it was read at one moment: a typed view over the API's own row.
///
/// Every field may be null or missing (Vast API contract, section 4); a field that is unknown is nil, never zero.
/// Fields that this type does not know are in ``raw(_:)``.
public struct Instance: Sendable, Identifiable {
    /// The contract id: it stays the same as long as the instance is rented.
    public let id: InstanceID
    /// The row as the service sent it.
    public let row: JSON
    /// When it was read.
    public let observedAt: Date
    /// What is known from earlier readings.
    public var hints: InstanceHints
    /// Fields that are shown in place of the row's own, as a JSON object; see ``overlaid(with:)``.
    public private(set) var overlay: JSON?

    /// - Parameters:
    ///   - row: a JSON object with an `id`.
    ///   - observedAt: when it was read.
    /// - Returns: nil when `row` is not an object or has no whole-numbered `id`.
    public init?(row: JSON, observedAt: Date, hints: InstanceHints = .none) {
        guard row.kind == .object, let id = row["id"]?.integral else { return nil }
        self.id = InstanceID(id)
        self.row = row
        self.observedAt = observedAt
        self.hints = hints
    }

    /// The API's own value of a field, nil when the row has no such field.
    public func raw(_ name: String) -> JSON? { overlay?[name] ?? row[name] }

    /// A copy that shows these fields in place of the row's own; for dry runs, where the fleet looks as if changes had
    /// worked.
    public func overlaid(with fields: JSONObject) -> Instance {
        var copy = self
        var all = overlay?.value.members ?? JSONObject()
        for (name, value) in fields { all[name] = value }
        // Values that cannot be written (NaN) have no place in a row; the copy then stays as it was.
        guard let text = try? JSONValue.object(all).serialized(), let document = try? JSONDocument(parsing: text) else {
            return self
        }
        copy.overlay = document.root
        // Whatever is wanted of it now is no work of the market.
        if fields["intended_status"] != nil { copy.hints.isOutbid = false }
        return copy
    }

    /// The names of fields that can hold secrets: never printed, logged or stored.
    public static let secretFields: Set<String> = ["jupyter_token", "extra_env", "onstart"]
}

extension JSONValue {
    fileprivate var members: JSONObject {
        if case .object(let object) = self { object } else { JSONObject() }
    }
}

extension Instance: CustomStringConvertible, CustomReflectable {
    /// One short line without secrets, such as `40112233 train-a running 2x RTX 4090 $0.70/h`.
    public var description: String {
        var parts = [id.description]
        if !label.isEmpty { parts.append(label) }
        parts.append(describedState)
        if let gpuName { parts.append("\(gpuCount.map { "\($0)x " } ?? "")\(gpuName)") }
        if let rate { parts.append(rate.description) }
        return parts.joined(separator: " ")
    }

    /// The few fields that matter, for `dump` and debuggers: a whole row may hold secrets.
    public var customMirror: Mirror { Mirror(self, children: ["id": id, "label": label, "state": state]) }
}
