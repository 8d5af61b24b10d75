/// Spreads jobs that are due at the same time: a delay that depends on the job's name alone, so that it is the same in
/// every run and on every machine.
package enum Jitter {
    /// From zero up to, not including, `longest`.
    package static func delay(of name: String, upTo longest: Duration) -> Duration {
        longest * (Double(hash(name) >> 11) / Double(1 << 53))
    }

    /// FNV-1a of 64 bits, with the finish of SplitMix64: names that differ in their last letter lie far apart.
    private static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
    }
}
