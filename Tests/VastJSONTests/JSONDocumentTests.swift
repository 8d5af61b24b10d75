import Testing
import VastJSON

@Suite("A parsed document")
struct JSONDocumentTests {
    @Test("keeps integers exact, and tells them from floating-point numbers")
    func numbers() throws {
        let json = try JSONDocument(
            parsing: #"{"a":9007199254740993,"b":18446744073709551615,"c":24576.0,"d":-1,"e":0.1}"#
        ).root
        #expect(json["a"]?.int64 == 9_007_199_254_740_993)
        #expect(json["b"]?.int64 == nil && json["b"]?.uint64 == .max)
        #expect(json["c"]?.kind == .double && json["c"]?.int64 == nil && json["c"]?.integral == 24576)
        #expect(json["d"]?.int64 == -1 && json["d"]?.uint64 == nil)
        #expect(json["e"]?.double == 0.1 && json["e"]?.integral == nil)
    }

    @Test("has null, booleans and strings, and nil for the wrong type")
    func kinds() throws {
        let json = try JSONDocument(parsing: #"[null,true,false,"aé\u0000\n",{},[]]"#).root
        #expect(json.elements.map(\.kind) == [.null, .bool, .bool, .string, .object, .array])
        #expect(json[0]?.isNull == true && json[0]?.bool == nil && json[0]?.string == nil)
        #expect(json[3]?.string == "a\u{e9}\u{0}\n")
        #expect(json[3]?.withUTF8 { $0.count } == 5)
        #expect(json[6] == nil && json[-1] == nil)
        #expect(json["a"] == nil && json[1]?.count == 0)
    }

    @Test("gives members in the order of the text, the first of several of one name by name")
    func members() throws {
        let json = try JSONDocument(parsing: #"{"b":1,"a":{"x":[1,2]},"b":2,"":3}"#).root
        #expect(json.members.map(\.name) == ["b", "a", "b", ""])
        #expect(json["b"]?.int64 == 1 && json[""]?.int64 == 3 && json["c"] == nil)
        #expect(json["a"]?["x"]?.elements.compactMap(\.int64) == [1, 2])
        #expect(json.count == 4 && json["a"]?["x"]?.count == 2)
        var names: [String] = []
        json.forEachMember { name, _ in names.append(String(decoding: name, as: UTF8.self)) }
        #expect(names == ["b", "a", "b", ""])
    }

    @Test("is written back as it was, unknown members and all")
    func passThrough() throws {
        let text = #"{"id":40112233,"x":[1,-2,1.5,24576.0,null,true,"\"\\\n\t\u0001é"],"y":{"z":{}},"n":18446744073709551615}"#
        let document = try JSONDocument(parsing: text)
        #expect(String(decoding: document.root.serialized(), as: UTF8.self) == text)
        #expect(try document.root.value.serialized() == Array(text.utf8))
    }

    @Test("outlives the array it was parsed from, and is freed with its last view")
    func lifetime() throws {
        weak var document: JSONDocument?
        do {
            let view = try #require(try JSONDocument(parsing: #"{"a":["kept"]}"#).root["a"])
            document = view.document
            #expect(view[0]?.string == "kept" && document != nil)
        }
        #expect(document == nil)
    }

    @Test("is as large as what it holds", arguments: [1, 10, 1000])
    func footprint(rows: Int) throws {
        let row = #"{"gpu_name":"RTX 4090","gpu_util":93.5,"id":1}"#
        let document = try JSONDocument(parsing: "[" + Array(repeating: row, count: rows).joined(separator: ",") + "]")
        #expect(document.footprint < rows * row.utf8.count * 3 + 64)
    }

    @Test("skips a byte order mark")
    func byteOrderMark() throws {
        #expect(try JSONDocument(parsing: "\u{FEFF}{\"a\":1}").root["a"]?.int64 == 1)
    }
}

@Suite("A text that is not JSON")
struct JSONErrorTests {
    static let whole = #"{"success":true,"n":[1,2.5,"x\"y"],"t":{"a":null,"b":false}}"#

    @Test("is 'truncated' at every place where it can end early", arguments: 1..<whole.utf8.count)
    func truncated(length: Int) {
        let error = #expect(throws: JSONError.self) {
            try JSONDocument(parsing: Array(Self.whole.utf8.prefix(length)))
        }
        #expect(error?.kind == .truncated && error?.offset == length)
    }

    @Test("never crashes, whatever byte is wrong", arguments: 0..<whole.utf8.count)
    func garbled(position: Int) {
        for byte: UInt8 in [0, 0x22, 0x2C, 0x5B, 0x7B, 0x80, 0xFF] {
            var bytes = Array(Self.whole.utf8)
            bytes[position] = byte
            if let document = try? JSONDocument(parsing: bytes) { _ = document.root.value }
        }
    }

    @Test(
        "says what and where",
        arguments: [
            ("", JSONError.Kind.empty, nil), ("  \n", .empty, nil), ("<html>", .syntax, 0), ("{\"a\" 1}", .syntax, 5),
            ("[1,]", .syntax, 3), ("{} x", .syntax, 3), ("[1e999]", .number, 1), ("[01]", .number, 1),
            ("[123456789012345678901234567890]", .number, 1), ("[NaN]", .syntax, 1), ("[\"\u{1}\"]", .syntax, 2)
        ] as [(String, JSONError.Kind, Int?)])
    func diagnosis(text: String, kind: JSONError.Kind, offset: Int?) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text) }
        #expect(error?.kind == kind && error?.offset == offset)
    }

    @Test("names the first byte that is not UTF-8")
    func encoding() {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: Array("[\"é".utf8) + [0xFF, 0x22, 0x5D]) }
        #expect(error?.kind == .encoding && error?.offset == 4)
    }

    @Test("may not nest without end, nor be larger than allowed")
    func limits() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: JSONError.self) { try JSONDocument(parsing: deep) }
        let error = #expect(throws: JSONError.self) {
            try JSONDocument(parsing: "[1,2,3]", limits: .init(bytes: 4))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test("leaves the parser usable")
    func recovery() throws {
        #expect(throws: JSONError.self) { try JSONDocument(parsing: "[[[[1]]]]", limits: .init(depth: 2)) }
        #expect(try JSONDocument(parsing: "[[[[1]]]]").root[0]?[0]?[0]?[0]?.int64 == 1)
    }
}

@Suite("An owned value")
struct JSONValueTests {
    @Test("is written and read back unchanged")
    func roundTrip() throws {
        let value: JSONValue = [
            "s": "a\"\\\u{7}é", "i": -5, "d": 0.1, "b": [true, false, nil], "o": [:], "e": [], "u": .unsigned(.max)
        ]
        #expect(try JSONDocument(parsing: try value.serialized()).root.value == value)
    }

    @Test("does not become JSON when a number is not finite", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(number: Double) {
        let error = #expect(throws: JSONError.self) { try JSONValue.array([.double(number)]).serialized() }
        #expect(error?.kind == .notFinite)
    }

    @Test("keeps the order of its members, which equality does not look at")
    func order() throws {
        var object: JSONObject = ["b": 1, "a": 2]
        object["c"] = 3
        object["b"] = nil
        object["b"] = 4
        #expect(object.map(\.name) == ["a", "c", "b"])
        #expect(object == ["b": 4, "c": 3, "a": 2])
    }

    @Test("has the shortest digits that read back the same", arguments: [0.1, 1e23, 5e-324, 123456789.125, -0.0, 3])
    func shortest(number: Double) throws {
        let text = try JSONValue.double(number).serialized()
        #expect(try JSONDocument(parsing: text).root.double?.bitPattern == number.bitPattern)
    }
}
