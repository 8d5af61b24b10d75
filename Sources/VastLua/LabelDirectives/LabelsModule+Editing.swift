import FleetRules
import LuaEngine
import VastAPI

/// `inst:set_wish`: one wish of a label, and the rest of it to the letter.
extension LabelsModule {
    /// `inst:set_wish(key [, value])`: a text, true for a wish without a value, nil to take it away.
    ///
    /// The label is read before and after, so that what somebody else writes at the same time is neither lost nor unseen.
    func setWish(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (instance, key) = (try runtime.fleet.receiver(call), try call.string(2, "key").lowercased())
        let value = try wishValue(call)
        return try runtime.fleet.readOne(call, instance.id) { [self] call, fresh in
            guard let fresh else { throw VastError(.notFound, "instance \(instance.id) is gone", instance: instance.id) }
            guard LabelEdit.word(key, in: fresh.label) == LabelEdit.word(key, in: instance.label) else {
                throw VastError(
                    .conflict, "somebody has changed '\(key)' of \(fresh) since it was read; read it again", instance: fresh.id)
            }
            let label: String
            do {
                let calendars = runtime.calendars
                label = try LabelEdit.setting(key, to: value, in: fresh.label, zone: try calendars.defaultZone(), zones: calendars.zones)
            } catch let refused as LabelEdit.Refused {
                throw VastError(.invalidArgument, "\(call.name): \(refused)", instance: fresh.id)
            }
            guard label != fresh.label else {
                runtime.write(fresh, call.results)
                return .values
            }
            return try send(call, label, to: fresh)
        }
    }

    private func wishValue(_ call: borrowing LuaCall) throws -> String? {
        let value = call.argument(3)
        if value.isNil || value.boolean == false { return nil }
        if value.boolean == true { return "" }
        guard let text = value.string ?? value.integer.map(String.init), !text.isEmpty else {
            throw call.wrong(3, "value", "a text, true or nil expected, not a \(value.typeName)")
        }
        return text
    }

    private func send(_ call: borrowing LuaCall, _ label: String, to instance: Instance) throws -> LuaOutcome {
        let arguments: (LuaWriter) -> Void = { writer in
            writer.integer(instance.id.rawValue)
            writer.string(label)
        }
        return try call.call(try runtime.verbs.function(.label), arguments: arguments) { [self] call in
            try runtime.fleet.readOne(call, instance.id) { [self] call, after in
                guard let after, after.label == label else {
                    throw VastError(
                        .conflict,
                        "the label of \(instance.id) is '\(after?.label ?? "")' and not '\(label)': somebody has written it at the same time",
                        instance: instance.id)
                }
                runtime.write(after, call.results)
                return .values
            }
        }
    }
}
