/// Chance without state: the same seed, instance, step and purpose always give the same number, so a reading does not
/// depend on how often, or in which order, somebody looked.
struct Noise: Sendable {
    private let base: UInt64

    /// - Parameters:
    ///   - seed: the world's seed.
    ///   - instance: the instance or machine that the numbers belong to.
    init(seed: UInt64, instance: Int64) {
        base = Self.mix(seed &+ UInt64(bitPattern: instance) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// A number from 0 up to, but not including, 1.
    func unit(_ step: Int64, _ purpose: UInt64 = 0) -> Double {
        let bits = Self.mix(base ^ Self.mix(UInt64(bitPattern: step) &+ purpose &* 0xD6E8_FEB8_6659_FD93))
        return Double(bits >> 11) * 0x1p-53
    }

    /// A number inside `range`.
    func value(in range: ClosedRange<Double>, _ step: Int64, _ purpose: UInt64 = 0) -> Double {
        range.lowerBound + unit(step, purpose) * (range.upperBound - range.lowerBound)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Double {
    /// Rounded to a number of digits after the point.
    func rounded(digits: Int) -> Double {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (self * scale).rounded()
        return scaled.isFinite ? scaled / scale : self
    }
}
