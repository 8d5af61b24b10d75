internal import CLuaBridge

extension vl_instant {
    /// An instant as C carries it.
    init(_ instant: Duration) {
        let whole = instant.attoseconds
        self.init(low: UInt64(truncatingIfNeeded: whole), high: Int64(truncatingIfNeeded: whole >> 64))
    }

    /// The same as a value of Swift.
    var duration: Duration { Duration(attoseconds: Int128(high) << 64 | Int128(low)) }
}
