import VastLua

/// Functions where their results are meant: behind `if` and `return`, and in comparisons.
extension TypeWalk {
    /// A value that decides something.
    ///
    /// - Parameter isWhole: whether nothing but its truth counts, as behind `if`.
    mutating func noteTruth(of value: InferredValue, _ line: Int, isWhole: Bool = true) {
        noteTest(of: value)
        guard reports else { return }
        if let method = value.method ?? (isWhole ? value.lastMethod : nil) { return report(line, Self.uncalled(method)) }
        guard case .declared(let name) = value.type.shape, value.slot == nil else { return }
        // A script may ask whether there is such a function.
        report(line, "'vast.\(name)' is a function, and always true: write 'vast.\(name)(…)' for what it returns", isWarning: true)
    }

    /// What a function returns.
    mutating func checkReturned(_ values: [InferredValue], _ line: Int) {
        guard reports, let method = values.first.flatMap({ $0.method ?? $0.lastMethod }) else { return }
        report(line, Self.uncalled(method))
    }

    /// What is compared, calculated with or made a part of a text.
    mutating func checkUncalled(_ values: [InferredValue], _ line: Int) {
        guard reports else { return }
        for value in values {
            if let method = value.method { return report(line, Self.uncalled(method)) }
            if let name = functionName(value) { return report(line, "'\(name)' is a function: write '\(name)()' for what it returns") }
        }
    }

    /// What is shown: nobody wants to see the address of a method.
    mutating func checkPrinted(_ values: [InferredValue], _ line: Int) {
        guard reports, let method = values.lazy.compactMap(\.method).first else { return }
        report(line, Self.uncalled(method))
    }

    /// The name of a function of ours or Lua's that is written out.
    private func functionName(_ value: InferredValue) -> String? {
        guard value.slot == nil, value.unknown == nil else { return nil }
        switch value.type.shape {
        case .declared(let name): return "vast.\(name)"
        case .standard(let name): return value.type.kind == .function && !names.fields.contains(Self.lastPart(name)) ? name : nil
        default: return nil
        }
    }

    private static func lastPart(_ name: String) -> String { String(name.split(separator: ".").last ?? "") }

    /// What is said of a method that stands where its result is meant.
    private static func uncalled(_ method: InferredValue.Method) -> String {
        let hasArguments = DeclaredTypes.method(method.name, of: method.object)?.parameters.first?.isOptional == false
        let call = "\(method.base.map(words) ?? "…"):\(method.name)(\(hasArguments ? "…" : ""))"
        return "'\(method.name)' of \(method.object) is a method, and always true: write '\(call)' for what it returns"
    }
}
