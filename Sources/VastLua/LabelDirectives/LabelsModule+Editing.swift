import FleetRules
import LuaEngine
import VastAPI

/// `inst:set_wish`: one wish of a label, and the rest of it to the letter.
extension LabelsModule {
    /// `inst:set_wish(key [, value])`: a text, true for a wish without a value, nil to take it away.
    ///
    /// The label is read right before and after, so that what somebody else writes at the same time is neither lost nor unseen.
    /// Where it is not what the script has seen, two readings of different kinds have to agree on it: one of them alone may be
    /// older than the script's.
    func setWish(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (instance, key) = (try runtime.fleet.receiver(call), try call.string(2, "key").lowercased())
        let value = try wishValue(call).map { LabelEdit.oneWord(key, $0) }
        return try runtime.fleet.readOne(call, instance.id) { [self] call, fresh in
            guard let fresh else { throw VastError(.notFound, "instance \(instance.id) is gone", instance: instance.id) }
            guard LabelEdit.words(key, in: fresh.label) == LabelEdit.words(key, in: instance.label) else {
                throw conflict(instance, "somebody has changed '\(key)' since it was read", fresh.label)
            }
            guard fresh.label != instance.label else { return try edit(call, key, value, of: fresh) }
            return try runtime.fleet.read(call, [instance.id]) { [self] call, rows in
                guard let listed = rows.first(where: { $0.id == instance.id }), listed.label == fresh.label else {
                    throw conflict(instance, "somebody is changing it: readings differ", fresh.label)
                }
                return try edit(call, key, value, of: fresh)
            }
        }
    }

    private func conflict(_ instance: Instance, _ what: String, _ found: String) -> VastError {
        let (old, new) = (PrintableText.safe(instance.label), PrintableText.safe(found))
        return VastError(
            .conflict, "the label of \(instance.id) is left as it is: \(what). It was '\(old)' and is '\(new)'; read it again",
            instance: instance.id)
    }

    private func edit(_ call: borrowing LuaCall, _ key: String, _ value: String?, of fresh: Instance) throws -> LuaOutcome {
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

    private func wishValue(_ call: borrowing LuaCall) throws -> String? {
        let value = call.argument(3)
        if value.isNil || value.boolean == false { return nil }
        if value.boolean == true { return "" }
        guard let text = value.string ?? value.integer.map(String.init) else {
            throw call.wrong(3, "value", "a text, true or nil expected, not a \(value.typeName)")
        }
        guard !text.isEmpty else {
            throw call.wrong(3, "value", "the text is empty; true is a wish without a value, such as keep, and nil takes it away")
        }
        return text
    }

    private func send(_ call: borrowing LuaCall, _ label: String, to instance: Instance) throws -> LuaOutcome {
        let arguments: (LuaWriter) -> Void = { writer in
            writer.integer(instance.id.rawValue)
            writer.string(label)
        }
        // A label verb that waits checks its text first; afterwards it does not matter here any more.
        runtime.verbs.labelsWrittenAsTheyAre = [label]
        return try call.call(try runtime.verbs.function(.label), arguments: arguments) { [self] call in
            try runtime.fleet.readOne(call, instance.id) { [self] call, after in
                guard let after, after.label == label else {
                    let (found, sent) = (PrintableText.safe(after?.label ?? ""), PrintableText.safe(label))
                    throw VastError(
                        .conflict,
                        "the label of \(instance.id) is '\(found)' and not '\(sent)': somebody has written it at the same time, and one of "
                            + "the two has replaced the other. Read it again in a minute, and put back what is missing",
                        instance: instance.id)
                }
                runtime.write(after, call.results)
                return .values
            }
        }
    }
}
