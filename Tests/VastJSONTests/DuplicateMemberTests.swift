import Testing
import VastJSON

@Suite("Members of the same name")
struct DuplicateMemberTests {
    @Test(
        "are found at any depth, the first in the order of the text, by what their names mean",
        arguments: [
            (#"{"guard":{"max_stops":0},"guard":{"max_stops":9}}"#, "guard"),
            (#"{"a":1,"b":{"c":{"d":1,"e":2,"d":3}}}"#, "b.c.d"),
            (#"{"guard":1,"gu\u0061rd":2}"#, "guard"),
            (#"[{"a":1},{"a":1,"b":[0,{"x":1,"x":2}]}]"#, "[1].b[1].x"),
            (#"[[[{"x":1,"x":2}]]]"#, "[0][0][0].x"),
            (#"{"a":{"x":1,"x":1},"a":2}"#, "a.x"), (#"{"":1,"":2}"#, ""),
            (#"{"é":1,"é":2}"#, "é"), (#"{"\ud83d\ude00":1,"😀":2}"#, "😀"),
            (#"{"a":1,"b":[{"a":1}],"c":{"a":{"a":1}}}"#, nil), ("[1,1,1]", nil), (#""a""#, nil), ("{}", nil), (#"{"a":1,"A":2}"#, nil)
        ] as [(String, String?)])
    func places(text: String, place: String?) throws {
        #expect(try JSONDocument(parsing: text).root.firstDuplicateMember == place)
    }

    /// A random document, and where one of its objects may get a member twice.
    private struct Maker {
        var dice: Dice
        /// Which of the objects with members gets one twice, counted in the order of their ends.
        var target: Int
        var place: String?

        mutating func value(_ depth: Int, _ path: String) -> String {
            switch depth > 3 ? 0 : dice.number(below: 4) {
            case 0: return ["1", "null", "\"t\"", "-0.5", "[]", "{}"][dice.number(below: 6)]
            case 1:
                let count = dice.number(below: 4)
                return "[" + (0..<count).map { value(depth + 1, "\(path)[\($0)]") }.joined(separator: ",") + "]"
            default:
                let count = 1 + dice.number(below: 4)
                var members = (0..<count).map { number in
                    let inner = path.isEmpty ? "m\(number)" : "\(path).m\(number)"
                    return "\"m\(number)\":\(value(depth + 1, inner))"
                }
                target -= 1
                if target == 0 {
                    let number = dice.number(below: count)
                    place = path.isEmpty ? "m\(number)" : "\(path).m\(number)"
                    members.append(dice.number(below: 2) == 0 ? "\"m\(number)\":1" : "\"\\u006d\(number)\":1")
                }
                return "{" + members.joined(separator: ",") + "}"
            }
        }
    }

    /// Chance that repeats (SplitMix64).
    private struct Dice {
        var state: UInt64

        mutating func number(below limit: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
        }
    }

    @Test("one put into a random document is found where it is, and none elsewhere: 3,000 documents")
    func random() throws {
        var found = 0
        for seed in 0..<3_000 {
            var maker = Maker(dice: Dice(state: UInt64(seed)), target: seed % 4)
            let text = maker.value(0, "")
            #expect(try JSONDocument(parsing: text).root.firstDuplicateMember == maker.place, "\(text)")
            found += maker.place == nil ? 0 : 1
        }
        #expect((500...2_500).contains(found))
    }
}
