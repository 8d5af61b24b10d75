/// A declaration as it stands in a source file, read line by line from what `swift format` has put in order: a declaration
/// begins a line, and what is inside another one stands further to the right.
struct SourceDeclaration {
    let file: String
    /// Counted from 1.
    let line: Int
    /// `struct`, `func`, `let`, …
    let keyword: String
    /// With labels: `list(_:)`, `init(json:)`, `==(_:_:)`.
    let name: String
    /// What its parameters are called inside.
    let parameters: [String]
    /// What stands before the keyword, attributes left out.
    let modifiers: Set<String>
    /// The types around it, from the outermost on; an extension counts as its type.
    let scope: [String]
    /// The keyword of what is directly around it; nil at the top of a file.
    let container: String?
    /// Whether what is around it says `public` or `package` for its members: a protocol or an extension.
    let inheritsAccess: Bool
    /// What stands behind the colon, of a type or an extension.
    let conformances: [String]
    /// The lines of the documentation comment directly above it, without their bars; nil when there is none that says anything.
    let comment: String?

    /// By which others know the type that this declares or extends.
    var path: String { (scope + [name]).joined(separator: ".") }

    /// Whether other targets see it.
    var isVisible: Bool {
        !modifiers.isDisjoint(with: ["public", "package", "open"])
            || inheritsAccess && modifiers.isDisjoint(with: ["internal", "fileprivate", "private"])
    }
    var isRequirement: Bool { container == "protocol" }
    var isExtension: Bool { keyword == "extension" }
}
