import Foundation
import Testing
import VastJSON

/// The only reader of JSON: of the service's answers, of files, and of what restricted scripts send.
@Suite("Fuzzed JSON", .serialized) struct JSONFuzzTests {
    private enum Outcome: Equatable {
        case text([UInt8])
        case refused(JSONError)
    }

    private static func read(_ bytes: [UInt8], unfit: Bool = false) throws -> Outcome {
        var limits = JSONDocument.Limits()
        limits.acceptsUnfitValues = unfit
        do {
            let document = try JSONDocument(parsing: bytes, limits: limits)
            guard document.footprint <= 64 * bytes.count + 4_096 else { return .refused(try Self.refusal("[")) }
            var writer = JSONWriter()
            try document.root.visit(&writer)
            return .text(writer.bytes)
        } catch {
            return .refused(try Self.same(error))
        }
    }

    private static func same(_ error: any Error) throws -> JSONError {
        guard let error = error as? JSONError else { throw error }
        return error
    }

    private static func refusal(_ text: String) throws -> JSONError {
        do { _ = try JSONDocument(parsing: text) } catch { return error }
        throw CocoaError(.coderInvalidValue)
    }

    @Test("what is read is written and read the same; cut off it is refused; what is refused has a place inside the text")
    func json() async throws {
        let fuzzer = Fuzzer(
            "json", count: 4_000,
            tokens: [
                "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\uD800", "\\uDC00", "\\u0000", "true", "false", "null", "1e5", "\"a\"",
                "\"a\":",
                "[1,", "{\"a\":{", "Infinity", "-", ".5", "1.", "01", "\u{EF}\u{BB}"
            ], isJSON: true)
        try await fuzzer.run { bytes in
            let outcome = try Self.read(bytes)
            guard try outcome == Self.read(bytes) else { return "it is read in two ways" }
            switch outcome {
            case .text(let text): return try Self.problem(ofRead: bytes, text)
            case .refused(let error): return try Self.problem(ofRefused: bytes, error)
            }
        }
    }

    private static func problem(ofRead bytes: [UInt8], _ text: [UInt8]) throws -> String? {
        guard try read(text) == .text(text) else { return "written it is another value" }
        guard try read(bytes, unfit: true) == .text(text) else { return "it is read in another way where unfit numbers are allowed" }
        guard try read(text + [32, 10]) == .text(text), try read([9, 13] + text) == .text(text) else { return "blanks around it count" }
        if let problem = try problem(ofParts: text) { return problem }
        let document = try JSONDocument(parsing: bytes)
        let hasDuplicate = hasDuplicate(document.root)
        guard (document.root.firstDuplicateMember != nil) == hasDuplicate else { return "duplicate: \(hasDuplicate)" }
        // With one member of a name there is one value to speak of.
        guard try hasDuplicate || document.root.value.serialized() == text else { return "copied it is another value" }
        return others(bytes) == false ? "Foundation refuses it" : nil
    }

    /// A part of a list or an object is never a whole.
    private static func problem(ofParts text: [UInt8]) throws -> String? {
        guard let first = text.first, "[{\"".utf8.contains(first) else { return nil }
        for length in stride(from: 1, to: text.count, by: max(1, text.count / 24)) {
            guard case .refused(let error) = try read(Array(text[..<length])) else { return "the first \(length) bytes are read" }
            let isCharacter = length < text.count && text[length] & 0xC0 == 0x80
            guard error.kind == .truncated || isCharacter && error.kind == .encoding else {
                return "the first \(length) bytes are refused as \(error.kind), not as a part"
            }
        }
        return nil
    }

    private static func hasDuplicate(_ json: JSON) -> Bool {
        let names = json.members.map(\.name)
        return Set(names).count < names.count || json.members.contains { hasDuplicate($0.value) }
            || json.elements.contains(where: hasDuplicate)
    }

    private static func problem(ofRefused bytes: [UInt8], _ error: JSONError) throws -> String? {
        guard (error.offset ?? 0) <= bytes.count, (error.offset ?? 0) >= 0, !error.detail.isEmpty else {
            return "its place is outside: \(error)"
        }
        if case .text(let text) = try read(bytes, unfit: true) {
            guard [.number, .syntax, .encoding].contains(error.kind) else { return "unfit values mend what is refused as \(error.kind)" }
            guard try read(text) == .text(text) else { return "with unfit values it is written as something else" }
        }
        let isForm = [.syntax, .truncated, .empty].contains(error.kind)
        return isForm && others(bytes) == true ? "Foundation reads what is refused: \(error)" : nil
    }

    /// Whether Foundation reads it; nil where it is known to judge by other rules.
    private static func others(_ bytes: [UInt8]) -> Bool? {
        // It guesses at UTF-16 and UTF-32, skips marks, and goes its own way with surrogates and large numbers.
        let text = String(decoding: bytes, as: UTF8.self)
        guard !bytes.contains(0), bytes.first ?? 0 < 0x80, !text.contains("\\u"), !text.contains("\\U") else { return nil }
        // A comma behind the last element does not trouble it.
        guard !text.contains(/[0-9]{15}|[eE]|,\s*[\]}]/), Array(text.utf8) == bytes else { return nil }
        return (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }
}
