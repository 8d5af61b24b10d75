/// Makes inputs from kept ones and from the tokens of a grammar: each seed gives one input.
struct FuzzGrammar {
    let tokens: [[UInt8]]
    let corpus: [[UInt8]]
    /// Whether inputs are JSON, of which values are then exchanged as well as bytes.
    let isJSON: Bool
    let longest: Int

    /// What numbers and texts are read badly by many programs.
    private static let oddities = [
        "0", "-1", "1e308", "1e400", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e-320", "-0", "NaN", "inf",
        "0x10", "\u{663}", "\u{BD}", "\0", "\u{301}", "\u{FEFF}", "\u{1F4A5}", "\u{200B}", " ", "\n", "\t", "\r\n", "\u{A0}", ".", "+", "-"
    ]

    init(tokens: [String], corpus: [[UInt8]], isJSON: Bool = false, longest: Int = 2_048) {
        self.tokens = (tokens + tokens + Self.oddities).map { Array($0.utf8) }
        self.corpus = corpus.isEmpty ? [[]] : corpus
        (self.isJSON, self.longest) = (isJSON, longest)
    }

    func input(seed: UInt64) -> [UInt8] {
        var dice = FuzzDice(seed: seed)
        var bytes = dice.isOne(of: 4) ? made(&dice) : dice.pick(corpus)
        if isJSON, dice.isOne(of: 2) { bytes = FuzzedJSON.mutated(bytes, &dice) ?? bytes }
        for _ in 0..<dice.number(0...(isJSON ? 2 : 4)) { mutate(&bytes, &dice) }
        return Array(bytes.prefix(longest))
    }

    /// Tokens in a row, mostly without anything between them.
    private func made(_ dice: inout FuzzDice) -> [UInt8] {
        let separator: [UInt8] = dice.isOne(of: 3) ? [32] : []
        return Array((0..<dice.number(0...14)).map { _ in dice.pick(tokens) }.joined(separator: separator))
    }

    private func mutate(_ bytes: inout [UInt8], _ dice: inout FuzzDice) {
        let place = dice.number(0...bytes.count)
        switch dice.number(0...9) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(dice.number(0...7))
        case 1 where place < bytes.count: bytes[place] = dice.byte()
        case 2: bytes.removeSubrange(dice.part(of: bytes.count))
        case 3: bytes.insert(contentsOf: bytes[dice.part(of: bytes.count)], at: place)
        case 4: splice(&bytes, at: place, &dice)
        case 5: bytes.removeSubrange(place...)
        case 6: replaceNumber(&bytes, near: place, with: dice.pick(tokens))
        case 7: bytes.replaceSubrange(dice.part(of: bytes.count), with: dice.pick(tokens))
        default: bytes.insert(contentsOf: dice.pick(tokens), at: place)
        }
    }

    private func splice(_ bytes: inout [UInt8], at place: Int, _ dice: inout FuzzDice) {
        let other = dice.pick(corpus)
        bytes = Array(bytes[..<place]) + other[dice.number(0...other.count)...]
    }

    private func replaceNumber(_ bytes: inout [UInt8], near place: Int, with token: [UInt8]) {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: token)
    }
}
