import FleetRules
import Testing

struct LabelGlobTests {
    @Test(
        "only * and ? are special, case and outer spaces do not matter",
        arguments: [
            ("keep*", "keep-7b", true), ("keep*", "Keep", true), ("keep*", " keep ", true), ("keep*", "do keep", false),
            ("*", "", true), ("?", "a", true), ("?", "", false), ("a*b*c", "aXXbYYc", true), ("a*b*c", "aXXbYY", false),
            ("[keep]", "[keep]", true), ("[keep]", "k", false), ("*[keep]", "train [keep]", true), ("a.b", "axb", false),
            ("**a", "bba", true), ("", "", true), ("", "x", false), ("größe*", "GRÖSSE", false), ("ÄÖ*", "äöü", true)
        ])
    func matching(pattern: String, label: String, isMatch: Bool) {
        #expect(LabelGlob(pattern).matches(label) == isMatch)
    }

    @Test(
        "behind a backslash a special character is a letter, and any other backslash is one itself",
        arguments: [
            (#"a\*b"#, "a*b", true), (#"a\*b"#, "axb", false), (#"a\?"#, "a?", true), (#"a\?"#, "ab", false), (#"\!a"#, "!a", true),
            (#"\\"#, #"\"#, true), (#"a\b"#, #"a\b"#, true), (#"a\"#, #"a\"#, true), (#"*\*"#, "loss*", true), (#"*\*"#, "loss", false),
            ("a[*]b", "a[x y]b", true), ("a[*]b", "a*b", false)
        ])
    func escapes(pattern: String, label: String, isMatch: Bool) { #expect(LabelGlob(pattern).matches(label) == isMatch) }

    @Test("of a set of characters as shells have it a hint tells that brackets are letters")
    func hints() {
        for pattern in ["[abc]*", "train-[0-9]", "*[a-z]", "x[!a]*", "x[^a]", "![ab]*"] {
            #expect(LabelGlob(pattern).hint?.contains("brackets are letters") == true, "\(pattern)")
        }
        for pattern in ["dev*", "*[keep]*", "*[lease=*", "train [v2]", "a [on-hold] b", "a]b[", "[]"] {
            #expect(LabelGlob(pattern).hint == nil, "\(pattern)")
        }
    }

    @Test("a negated pattern includes the unlabelled")
    func negation() {
        #expect(LabelGlob("!keep*").matches(""))
        #expect(LabelGlob("!keep*").matches("train"))
        #expect(!LabelGlob("!keep*").matches("keep-me"))
        #expect(!LabelGlob("! keep*").matches("keep-me"))
    }

    @Test("a list means any of its positives and none of its negatives")
    func lists() {
        let globs = ["train*", "eval*", "!*-7b"].map { LabelGlob($0) }
        #expect(LabelGlob.matches("train-1", anyOf: globs))
        #expect(LabelGlob.matches("eval-1", anyOf: globs))
        #expect(!LabelGlob.matches("train-7b", anyOf: globs))
        #expect(!LabelGlob.matches("serve", anyOf: globs))
        #expect(LabelGlob.matches("serve", anyOf: [LabelGlob("!train*")]))
    }

    @Test("a pattern of many stars against a long label ends soon")
    func noBacktracking() {
        let pattern = String(repeating: "a*", count: 200) + "b"
        #expect(!LabelGlob(pattern).matches(String(repeating: "a", count: 2_000)))
    }
}
