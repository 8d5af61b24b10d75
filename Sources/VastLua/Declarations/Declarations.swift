import LuaEngine

extension Declaration {
    /// Every function of `vast`, by subject, in the order of the reference.
    package static let subjects: [(title: String, declarations: [Declaration])] = [
        ("Changing instances", verbs), ("Reading the fleet", fleet), ("Time, jobs and calendars", time), ("Running functions", tasks),
        ("Policies, budgets, events and limits", policies), ("Tools", tools)
    ]

    /// Every function of `vast`.
    package static let all = subjects.flatMap(\.declarations)

    /// Every name in `vast`, dotted for sub-tables.
    package static let names = all.map(\.name) + FieldDeclaration.module.map(\.name)
}

extension FieldDeclaration {
    /// The fields of instances, ours first.
    static let instanceFields = derivedInstanceFields + serviceInstanceFields
    /// Their names.
    package static let instanceNames = instanceFields.map(\.name)
    /// What each of them holds, by name.
    static let instanceTypes = Dictionary(instanceFields.map { ($0.name, $0.type) }) { first, _ in first }

    /// What `vast` has besides functions.
    package static let module = [
        FieldDeclaration("version", "string", "the version of vast-lua"),
        FieldDeclaration("dry_run", "boolean", "whether changes are only planned; what sets it is `-n`"),
        FieldDeclaration("json.null", "userdata", "null in JSON")
    ]
}

extension ObjectDeclaration {
    /// Every kind of object that scripts get.
    package static let all = [instance, list, result, job, task, policy, subscription, calendar, hours] + plain

    /// What can stand behind a dot or a colon.
    package var names: [String] { fields.map(\.name) + methods.map(\.name) }
}
