internal import CJSON

// @unchecked: both pointers refer to memory that is written once, before `init` returns, and freed in `deinit`.
/// One parsed JSON text: immutable, shareable between tasks, freed when the last ``JSON`` that looks into it is gone.
///
/// Holds simdjson's tape and string buffer, cut to the size that is in use; nothing is copied into Swift values until
/// it is asked for.
public final class JSONDocument: @unchecked Sendable {
    let words: UnsafePointer<UInt64>
    let strings: UnsafePointer<UInt8>
    private var tape: cjson_tape

    /// What a text may be at most, so that a hostile answer cannot exhaust memory.
    public struct Limits: Sendable {
        /// How deeply arrays and objects may nest.
        public var depth: Int
        /// How many bytes the text may have.
        public var bytes: Int
        /// Whether whole numbers beyond 64 bits are read as the nearest `Double`, numbers beyond that one, `NaN` and `Infinity` as
        /// null, and what is no Unicode in strings as U+FFFD, in place of refusing the whole text.
        public var acceptsUnfitValues = false

        /// - Parameters:
        ///   - depth: how deeply arrays and objects may nest.
        ///   - bytes: how many bytes the text may have.
        public init(depth: Int = 128, bytes: Int = 256 << 20) {
            self.depth = depth
            self.bytes = bytes
        }
    }

    /// Parses one JSON text; a byte order mark before it is skipped.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 text; it is not kept.
    ///   - limits: what the text may be at most.
    /// - Throws: ``JSONError``.
    public init(parsing bytes: UnsafeBufferPointer<UInt8>, limits: Limits = Limits()) throws(JSONError) {
        let tape = try Self.parse(bytes, limits)
        guard let words = tape.words, let strings = tape.strings else {
            throw JSONError(.outOfMemory, offset: nil, detail: "no tape")
        }
        self.tape = tape
        self.words = words
        self.strings = strings
    }

    /// Parses one JSON text held in an array.
    ///
    /// - Throws: ``JSONError``.
    public convenience init(parsing bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) {
        try self.init(copying: bytes, limits)
    }

    /// Parses one JSON text held in a string.
    ///
    /// - Throws: ``JSONError``.
    public convenience init(parsing text: String, limits: Limits = Limits()) throws(JSONError) {
        try self.init(copying: Array(text.utf8), limits)
    }

    private convenience init(copying bytes: [UInt8], _ limits: Limits) throws(JSONError) {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: bytes)
        try self.init(parsing: UnsafeBufferPointer(copy), limits: limits)
    }

    deinit { cjson_free(&tape) }

    /// The outermost value.
    public var root: JSON { JSON(document: self, index: 1) }

    /// How many bytes of memory the document holds.
    public var footprint: Int { tape.word_count * 8 + tape.string_bytes }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, _ limits: Limits
    ) throws(JSONError) -> cjson_tape {
        guard bytes.count <= limits.bytes else {
            throw JSONError(.tooLarge, offset: nil, detail: "\(bytes.count) bytes, limit \(limits.bytes)")
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard let base = bytes.baseAddress, bytes.count > start else {
            throw JSONError(.empty, offset: nil, detail: "the text is empty")
        }
        var tape = cjson_tape()
        let status = cjson_parse(base + start, bytes.count - start, limits.depth, &tape)
        let isUnfit = [CJSON_BAD_NUMBER, CJSON_BAD_SYNTAX, CJSON_BAD_UTF8].contains(status)
        if isUnfit, limits.acceptsUnfitValues, let replaced = UnfitValues.replaced(in: bytes) {
            var limits = limits
            limits.acceptsUnfitValues = false
            do throws(JSONError) { return try replaced.withBytes { bytes throws(JSONError) in try parse(bytes, limits) } } catch {
                throw JSONDiagnosis.error(status: status, text: bytes, start: start, depth: limits.depth)
            }
        }
        guard status == CJSON_OK else {
            throw JSONDiagnosis.error(status: status, text: bytes, start: start, depth: limits.depth)
        }
        return tape
    }
}
