import FleetClock

/// Chance that repeats, with the choices that fuzzers make.
struct FuzzDice {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func byte() -> UInt8 { UInt8.random(in: 0...255, using: &generator) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }

    /// Whether one of `sides` comes up.
    mutating func isOne(of sides: Int) -> Bool { number(1...sides) == 1 }

    /// A part of a list, which may be empty.
    mutating func part(of count: Int) -> Range<Int> {
        let start = number(0...count)
        return start..<number(start...min(count, start + 16))
    }
}
