/// The reference of what scripts see, made from the declarations: as help at the prompt, as definitions for editors and
/// as a page of the manual.
package enum Reference {
    /// A function or method under the name by which people ask for it.
    struct Entry {
        /// `vast.stop` or `inst:is_idle`.
        let name: String
        let declaration: Declaration

        /// `vast.stop(target [, options])`
        var signature: String {
            var text = ""
            for (index, parameter) in declaration.parameters.enumerated() {
                let separator = index == 0 ? "" : ", "
                text += parameter.isOptional && !parameter.isVariadic ? "[\(separator)\(parameter.name)]" : separator + parameter.name
            }
            return "\(name)(\(text.replacing("[, ", with: " [, ")))"
        }

        /// What it returns, as types.
        var returned: String {
            declaration.results.isEmpty ? "" : " -> " + declaration.results.map(\.type).joined(separator: ", ")
        }
    }

    /// The functions of `vast`.
    static let functions = Declaration.all.map { Entry(name: "vast.\($0.name)", declaration: $0) }

    /// The methods of one kind of object.
    static func methods(of object: ObjectDeclaration) -> [Entry] {
        object.methods.map { Entry(name: "\(receiver(of: object)):\($0.name)", declaration: $0) }
    }

    /// What a value of that kind is called in signatures.
    static func receiver(of object: ObjectDeclaration) -> String {
        let name = object.name.dropFirst("vast.".count).lowercased()
        return name == "instance" ? "inst" : name
    }

    static let allMethods = ObjectDeclaration.all.flatMap { methods(of: $0) }

    /// What people can ask for.
    package static let topics = ["vast"] + (functions + allMethods).map(\.name) + ObjectDeclaration.all.map(\.name)

    /// Names of types that are values with few forms.
    static let aliases: [(name: String, type: String, summary: String)] =
        [
            ("vast.Length", "number|string", "a length of time: seconds, or a text such as \"90s\", \"45m\", \"2h\", \"1d12h\""),
            ("vast.Target", "integer|vast.Instance|(integer|vast.Instance)[]", "an id, an instance, or a list of either"),
            (
                "vast.Signals", "table<string, number|boolean>",
                "cpu (percent), network (Mbit/s), disk (GB), temperature (°C), and signals of your own (true)"
            )
        ] + WordSet.all.map { ($0.name, $0.annotation, $0.summary) }
}
