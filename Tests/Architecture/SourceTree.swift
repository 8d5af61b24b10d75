import Foundation

/// The sources of the package, as they lie in the tree.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The Swift files of a target, with their paths from the root of the package on.
    static func files(of target: String) -> [String] {
        let folder = root.appendingPathComponent("Sources/\(target)")
        let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
        return paths.filter { $0.hasSuffix(".swift") }.map { "Sources/\(target)/\($0)" }.sorted()
    }

    /// The modules that a file imports, whatever stands before `import`.
    static func imports(of path: String) throws -> Set<String> {
        let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        let lines = text.split(separator: "\n").compactMap { line -> String? in
            guard let match = line.firstMatch(of: /^(?:@\w+ )*(?:(?:public|package|internal|fileprivate|private) )?import (?:\w+ )?(\w+)/)
            else { return nil }
            return String(match.1)
        }
        return Set(lines)
    }

    /// Every folder below `Sources`, with its Swift files.
    static func folders() -> [String: [String]] {
        let paths = (FileManager.default.subpaths(atPath: root.appendingPathComponent("Sources").path) ?? []).filter {
            $0.hasSuffix(".swift")
        }
        return Dictionary(grouping: paths) { ($0 as NSString).deletingLastPathComponent }
    }
}
