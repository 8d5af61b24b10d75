/// Definitions for editors, in the annotations of LuaLS, which EmmyLua reads too.
extension Reference {
    /// The file `library/vast.lua`.
    package static let annotations: String = {
        var out = [
            "---@meta vast", "-- Made from the declarations of vast-lua \(Runtime.version) by `vast-lua types`; not to be edited.", ""
        ]
        for alias in aliases { out += ["---\(alias.summary)", "---@alias \(alias.name) \(alias.type)", ""] }
        out += queryClass()
        for object in ObjectDeclaration.all { out += annotated(object) }
        out += module()
        return out.joined(separator: "\n") + "\n"
    }()

    /// A table whose names are known: with the keyed parent, a misspelt one is found.
    private static func options(_ name: String, _ options: [Parameter], takesQuery: Bool) -> [String] {
        var names = options.map(\.name)
        if takesQuery { names += FieldDeclaration.instanceNames.filter { !names.contains($0) } }
        let keys = names.map { "\"\($0)\"" }.joined(separator: "|")
        return ["---@class \(name): table<\(keys), any>"]
            + options.map { "---@field \($0.name)\($0.isOptional ? "?" : "") \($0.type.annotation) \($0.described)" } + [""]
    }

    private static func queryClass() -> [String] {
        let fields = FieldDeclaration.instanceFields.map { field in
            Parameter(field.name, .any, "a value, a list, or a function of it", optional: true)
        }
        return ["---Which instances: any field with a value, a list or a function; texts are globs, \"!\" negates."]
            + options("vast.Query", fields + [.wherePredicate], takesQuery: false)
    }

    private static func annotated(_ object: ObjectDeclaration) -> [String] {
        let local = object.name.split(separator: ".").last.map(String.init) ?? object.name
        var lines = object.methods.flatMap { optionClasses(of: $0, prefix: local) }
        lines += ["---\(object.summary)", "---@class \(object.name)"]
        lines += object.fields.map { "---@field \($0.name) \($0.type) \($0.summary)" }
        if let element = object.element { lines.append("---@field [integer] \(element)") }
        lines += ["local \(local) = {}", ""]
        return lines + object.methods.flatMap { annotated($0, "\(local):\($0.name)", prefix: local) }
    }

    private static func module() -> [String] {
        var lines = Declaration.all.flatMap { optionClasses(of: $0, prefix: "") }
        lines += ["---Automates instances rented on Vast.ai.", "---@class vast"]
        lines += FieldDeclaration.module.filter { !$0.name.contains(".") }.map { "---@field \($0.name) \($0.type) \($0.summary)" }
        lines += ["vast = {}", ""]
        for group in Set(Declaration.all.compactMap(\.group)).sorted() {
            lines += ["---@class vast.\(group)"]
            lines += FieldDeclaration.module.filter { $0.name.hasPrefix("\(group).") }
                .map { "---@field \($0.name.dropFirst(group.count + 1)) \($0.type) \($0.summary)" }
            lines += ["vast.\(group) = {}", ""]
        }
        return lines + Declaration.all.flatMap { annotated($0, "vast.\($0.name)", prefix: "") }
    }

    private static func optionClasses(of declaration: Declaration, prefix: String) -> [String] {
        declaration.parameters.flatMap { parameter -> [String] in
            guard let fields = parameter.options, parameter.type != .query else { return [] }
            return options(optionsName(declaration, prefix), fields, takesQuery: parameter.takesQuery)
        }
    }

    /// `vast.StopOptions`, `vast.HttpGetOptions`, `vast.InstanceStopOptions`
    private static func optionsName(_ declaration: Declaration, _ prefix: String) -> String {
        let words = declaration.name.split { $0 == "." || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return "vast.\(prefix)\(words.joined())Options"
    }

    private static func annotated(_ declaration: Declaration, _ name: String, prefix: String) -> [String] {
        var lines = ["---\(declaration.summary)", "---"]
        lines += ["---```lua"] + declaration.example.split(separator: "\n").map { "---\($0)" } + ["---```"]
        for parameter in declaration.parameters {
            let isTable = parameter.options != nil && parameter.type != .query
            let type = isTable ? optionsName(declaration, prefix) : parameter.type.annotation
            let mark = parameter.isOptional && !parameter.isVariadic ? "?" : ""
            lines.append("---@param \(parameter.name)\(mark) \(type) \(parameter.described)".trimmedEnd)
        }
        lines += declaration.results.map { "---@return \($0.type) \($0.summary.isEmpty ? "" : "# \($0.summary)")".trimmedEnd }
        return lines + ["function \(name)(\(declaration.parameters.map(\.name).joined(separator: ", "))) end", ""]
    }
}

extension Declaration {
    /// The sub-table it belongs to.
    var group: String? { name.contains(".") ? String(name.prefix { $0 != "." }) : nil }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
