import FleetClock
import Foundation
import Testing

@Suite("Numbers from outside")
struct ClampingTests {
    /// The worst there is, and any bit pattern.
    static let numbers: [Double] = {
        var generator = SeededGenerator(seed: 17)
        let edges: [Double] = [
            0, -0.0, 1, -1, 0.5, 1e-320, 1e10, 1e12, 9.3e18, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808, 1e19, 1.7e20, 1e30,
            1e300, 1e308, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, .nan, .signalingNaN
        ]
        return edges + edges.map { -$0 } + (0..<50_000).map { _ in Double(bitPattern: generator.next()) }
    }()

    @Test("become a length in which further arithmetic is safe; small ones are kept: 50,042 numbers")
    func lengths() {
        #expect(Self.numbers.count == 50_042)
        for number in Self.numbers {
            let length = Duration(clampingSeconds: number)
            #expect(length >= .zero - Duration.longestClamped && length <= Duration.longestClamped)
            // None of these may trap.
            _ = (length + length * 1_000 - Duration.longestClamped * 1_000).components
            if abs(number) <= 1e9 { #expect(length == .seconds(number)) }
            if number.isNaN { #expect(length == .zero) }
            if number > 1e12 { #expect(length == Duration.longestClamped) }
            if number < -1e12 { #expect(length == .zero - Duration.longestClamped) }
        }
    }

    @Test("become the nearest integer there is, without their fraction")
    func integers() {
        for number in Self.numbers {
            let (wide, narrow) = (Int64(clampingNumber: number), UInt8(clampingNumber: number))
            if let exact = Int64(exactly: number.rounded(.towardZero)) {
                #expect(wide == exact)
                #expect(narrow == UInt8(clamping: exact))
            } else {
                #expect(wide == (number.isNaN ? 0 : number < 0 ? .min : .max))
                #expect(narrow == (number.isNaN || number < 0 ? 0 : .max))
            }
        }
    }

    @Test("become a date of the years 1 to 9999, and dates in them are kept")
    func dates() {
        for number in Self.numbers {
            let date = Date(clampingUnixSeconds: number)
            #expect(Date.clampedUnixSeconds.contains(date.timeIntervalSince1970))
            if Date.clampedUnixSeconds.contains(number) { #expect(date == Date(timeIntervalSince1970: number)) }
            // The longest difference of two such dates is a length.
            _ = Duration.seconds(date.timeIntervalSince(Date(clampingUnixSeconds: -number))).components
        }
        #expect(Date(clampingUnixSeconds: .nan) == Date(timeIntervalSince1970: 0))
    }
}
