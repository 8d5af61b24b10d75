import FleetSafety
import FleetRules
import LuaEngine
import VastAPI

/// `inst.field` and `inst:method()`.
extension FleetModule {
    func makeInstanceType() -> LuaType<InstanceObject> {
        LuaType(
            "vast.instance", methods: runtime.methods(.instance),
            metamethods: [
                ("__index", bound { try $0.index($1) }),
                (
                    "__newindex",
                    { _ in
                        throw VastError.invalidArgument("an instance is a snapshot and cannot be changed; use vast.label and the like")
                    }
                ),
                shown { fleet, call in PrintableText.safe(try fleet.receiver(call).description) },
                (
                    "__eq",
                    bound { fleet, call in
                        let type = fleet.instanceType
                        let (left, right) = (call.argument(1).object(type), call.argument(2).object(type))
                        call.results.boolean(left?.instance.id == right?.instance.id && left != nil)
                        return .values
                    }
                ),
                ("__pairs", bound { try $0.pairs($1) })
            ] + ObjectDeclaration.instance.missingOperators)
    }

    func receiver(_ call: borrowing LuaCall) throws -> Instance {
        try call.object(1, "self", instanceType).instance
    }

    private func index(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try receiver(call)
        guard let name = call.argument(2).string else {
            call.results.nil()
            return .values
        }
        guard let value = InstanceFields.value(name, of: instance) else {
            let methods = ObjectDeclaration.instance.methods.map(\.name)
            let closest = InstanceFields.suggestion(for: name, of: instance, methods: methods)
            let hint = LuaSuggestion.didYouMean(closest)
            if let closest, methods.contains(closest) { throw VastError.invalidArgument("unknown method '\(name)' of an instance\(hint)") }
            let isVerb = closest == nil && Change.Verb(rawValue: name) != nil
            throw VastError.invalidArgument(
                "an instance has no field '\(name)'\(hint)\(isVerb ? "; vast.\(name) takes the instance" : "")")
        }
        noteRead(name, of: instance.id)
        runtime.write(value, call.results)
        return .values
    }

    func table(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try receiver(call)
        // What becomes of a copy's fields nobody sees.
        noteRead(Self.utilizationField, of: instance.id)
        let fields = InstanceFields.all(of: instance)
        call.results.table(fields: fields.count) {
            for (name, value) in fields { call.results.field(name) { runtime.write(value, call.results) } }
        }
        return .values
    }

    /// `pairs(inst)` walks over a copy.
    private func pairs(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard case .reference(let next) = try call.host.global("next") else {
            throw VastError.invalidArgument("pairs needs the function 'next', which is gone")
        }
        call.results.reference(next)
        _ = try table(call)
        call.results.nil()
        return .values
    }

    func raw(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let (instance, name) = (try receiver(call), try call.string(2, "name"))
        noteRead(name, of: instance.id)
        if let value = instance.raw(name) { runtime.write(value, call.results) } else { call.results.nil() }
        return .values
    }

    func refresh(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let id = try receiver(call).id
        return try readOne(call, id) { [self] call, instance in
            guard let instance else { throw VastError(.notFound, "instance \(id) is gone", instance: id) }
            runtime.write(instance, call.results)
            return .values
        }
    }
}
