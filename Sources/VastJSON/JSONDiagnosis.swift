internal import CJSON

/// Finds out, after simdjson has refused a text without saying where, at which byte it stops being JSON and whether
/// it merely ends too early. Slow and only used on failure.
struct JSONDiagnosis {
    private enum Stop: Error { case end, at(Int, String), number(Int), deep(Int) }

    private let text: UnsafeBufferPointer<UInt8>
    private let depthLimit: Int
    private var position: Int

    /// The error for a text that simdjson refused with `status`.
    static func error(
        status: cjson_status, text: UnsafeBufferPointer<UInt8>, start: Int, depth: Int
    ) -> JSONError {
        switch status {
        case CJSON_OUT_OF_MEMORY: return JSONError(.outOfMemory, offset: nil, detail: "not enough memory")
        case CJSON_TOO_LARGE: return JSONError(.tooLarge, offset: nil, detail: "\(text.count) bytes are too many")
        case CJSON_BAD_UTF8:
            return JSONError(.encoding, offset: firstInvalidByte(text), detail: "not UTF-8")
        default: break
        }
        var diagnosis = JSONDiagnosis(text: text, depthLimit: depth, position: start)
        return diagnosis.run(fallback: status)
    }

    private init(text: UnsafeBufferPointer<UInt8>, depthLimit: Int, position: Int) {
        self.text = text
        self.depthLimit = depthLimit
        self.position = position
    }

    private mutating func run(fallback status: cjson_status) -> JSONError {
        do {
            skipSpace()
            if position == text.count { return JSONError(.empty, offset: nil, detail: "the text is empty") }
            try value(depth: 1)
            skipSpace()
            if position < text.count { throw unexpected("after the end of the value") }
            let kind: JSONError.Kind = status == CJSON_BAD_NUMBER ? .number : .syntax
            return JSONError(kind, offset: nil, detail: "not JSON")
        } catch Stop.end {
            return JSONError(.truncated, offset: text.count, detail: "the text ends in the middle of a value")
        } catch Stop.deep(let offset) {
            return JSONError(.tooDeep, offset: offset, detail: "nested more than \(depthLimit) deep")
        } catch Stop.number(let offset) {
            return JSONError(.number, offset: offset, detail: "a malformed number or one that does not fit 64 bits")
        } catch Stop.at(let offset, let detail) {
            return JSONError(.syntax, offset: offset, detail: detail)
        } catch {
            return JSONError(.syntax, offset: position, detail: "not JSON")
        }
    }

    private func unexpected(_ place: String) -> Stop {
        let byte = text[position]
        let shown = (0x21...0x7E).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
        return .at(position, "unexpected \(shown) \(place)")
    }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    private mutating func peek() throws -> UInt8 {
        skipSpace()
        guard position < text.count else { throw Stop.end }
        return text[position]
    }

    private mutating func value(depth: Int) throws {
        switch try peek() {
        case UInt8(ascii: "{"): try container(depth: depth, close: "}", isObject: true)
        case UInt8(ascii: "["): try container(depth: depth, close: "]", isObject: false)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(isRoot: depth == 1)
        default: throw unexpected("where a value begins")
        }
    }

    private mutating func container(depth: Int, close: Unicode.Scalar, isObject: Bool) throws {
        // simdjson counts the innermost scalar's container as reaching the limit.
        guard depth < depthLimit else { throw Stop.deep(position) }
        position += 1
        if try peek() == UInt8(ascii: close) { position += 1; return }
        while true {
            if isObject {
                guard try peek() == UInt8(ascii: "\"") else { throw unexpected("where a name begins") }
                try string()
                guard try peek() == UInt8(ascii: ":") else { throw unexpected("where ':' is needed") }
                position += 1
            }
            try value(depth: depth + 1)
            let next = try peek()
            if next == UInt8(ascii: close) { position += 1; return }
            guard next == UInt8(ascii: ",") else { throw unexpected("where ',' or '\(close)' is needed") }
            position += 1
        }
    }

    private mutating func string() throws {
        position += 1
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""): position += 1; return
            case UInt8(ascii: "\\"): position += 2
            case 0..<0x20: throw unexpected("inside a string")
            default: position += 1
            }
        }
        throw Stop.end
    }

    private mutating func word(_ expected: StaticString) throws {
        for offset in 0..<expected.utf8CodeUnitCount {
            guard position < text.count else { throw Stop.end }
            guard text[position] == expected.utf8Start[offset] else { throw unexpected("where a value begins") }
            position += 1
        }
    }

    /// What ends with the text may have gone on, unless it is all of it.
    private mutating func number(isRoot: Bool) throws {
        let start = position
        let digits = [UInt8]("+-.eE0123456789".utf8)
        while position < text.count, digits.contains(text[position]) { position += 1 }
        let written = String(decoding: text[start..<position], as: UTF8.self)
        let last = written.utf8.last ?? 0
        let isWhole = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last)
        if position == text.count && (!isRoot || !isWhole) { throw Stop.end }
        let isInteger = !written.contains { ".eE".contains($0) }
        let fits = isInteger ? Int64(written) != nil || UInt64(written) != nil : Double(written)?.isFinite == true
        let unsigned = written.hasPrefix("-") ? written.dropFirst() : written[...]
        let hasLeadingZero = unsigned.hasPrefix("0") && unsigned.dropFirst().first?.isNumber == true
        guard isWhole, fits, !hasLeadingZero else { throw Stop.number(start) }
    }

    private static func firstInvalidByte(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var decoder = UTF8()
        var position = 0
        var iterator = text.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): position += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return position
            }
        }
    }
}
