// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("JSON that others wrote")
struct ForeignJSONTests {
    private func parse(_ text: String) -> JSONObject? { SecretBytes(text).withBytes { JSONObject(parsingForeign: $0) } }

    @Test(
        "What cannot be read hides no other member, wherever it stands and however it is nested",
        arguments: [
            "null", "1e309", "1.8e308", "-0.1e310", "1e400", "-1e400", "1E+0400", "0.5e99999999999999999999",
            "18446744073709551616",
            "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890.5e-3",
            String(repeating: "9", count: 5000), String(repeating: "9", count: 5000) + ".5",
            #""\ud800""#, #""\uDFFF""#, #""a\udc00\ud800b""#, #""\ud83d\ud83e\udd8a""#, #""\ud800\\udc00""#,
            #""\ud800x""#, #""\u0000""#, #""\\\u0000\"""#, #"{"\ud800":1,"\u0000":2,"":3}"#,
            #"{"a":1,"a":{"a":2,"a":3}}"#,
            "\"\u{FFFF}\"",
        ])
    func hidesNothing(value: String) throws {
        for text in [
            #"{"s":"t","n":7,"x":\#(value)}"#, #"{"x":\#(value),"s":"t","n":7}"#, #"{"x":[\#(value)],"n":7,"s":"t"}"#,
            #"{"y":{"x":[1,{"z":\#(value)}]},"n":7,"s":"t"}"#, "\u{FEFF}{\"x\":\(value)\n,\"s\":\"t\",\n\"n\":7}",
        ] {
            let object = try #require(parse(text), "\(text.prefix(100))")
            #expect(object.string("s") == "t")
            #expect(object.secret("s")?.text == "t")
            #expect(object.integer("n") == 7)
            #expect(object.string("x") == nil && object.secret("x") == nil && object.integer("x") == nil)
        }
    }

    @Test("A key with half a surrogate pair or U+0000 in it hides no other, and is none of ours")
    func keys() throws {
        let object = try #require(parse(#"{"\ud800":1,"s\u0000":2,"\udc00s":3,"s":"t","\ud83e\udd8a":4}"#))
        #expect(object.string("s") == "t")
    }

    @Test("Of members with one key the last one counts")
    func duplicates() {
        #expect(parse(#"{"s":"t","s":"u"}"#)?.string("s") == "u")
        #expect(parse(#"{"s":"t","s":null}"#)?.string("s") == nil)
        #expect(parse(#"{"s":"t","\u0073":"u"}"#)?.string("s") == "u")
    }

    @Test(
        "Numbers that fit keep their value",
        arguments: [
            ("0", 0), ("-0", 0), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("1000000000000000000", 1_000_000_000_000_000_000), ("1.9", 1), ("-1.9", -1), ("1e3", 1000),
            ("1E+3", 1000), ("1500e-2", 15), ("1." + String(repeating: "0", count: 5000), 1),
            ("9.2e18", 9_200_000_000_000_000_000),
        ] as [(String, Int64)])
    func numbers(text: String, value: Int64) {
        #expect(parse(#"{"n":\#(text)}"#)?.integer("n") == value)
        #expect(parse(#"{"n":\#(text) , "m":1}"#)?.integer("n") == value)
    }

    @Test("Strings that can be read are read as they are")
    func strings() {
        #expect(parse(#"{"s":"\ud83e\udd8a\u00e9\\u0000\"\n1e999"}"#)?.string("s") == "🦊é\\u0000\"\n1e999")
        #expect(parse(#"{"s":"\\\\ud800 99999999999999999999"}"#)?.string("s") == #"\\ud800 99999999999999999999"#)
        #expect(parse("{\"s\":\"\u{FFFE}\u{FFFD}\"}")?.string("s") == "\u{FFFE}\u{FFFD}")
        #expect(parse(#"{"s":"\uFEFF"}"#)?.string("s") == "\u{FEFF}")
    }

    @Test(
        "What is no JSON is refused all the same",
        arguments: [
            "", " ", "\u{FEFF}", "\u{FEFF}\u{FEFF}{}", "{}\u{FEFF}", "[]", "1e400", "{", "{\"a\":01e400}",
            "{\"a\":0199999999999999999999}", "{\"a\":+1}", "{\"a\":-}", "{\"a\":.5}", "{\"a\":1.}",
            "{\"a\":99999999999999999999.}", "{\"a\":1e}", "{\"a\":1e+}", "{\"a\":1e99-9}",
            "{\"a\":99999999999999999999x}", "{\"a\":--99999999999999999999}", "{\"a\":99999999999999999999-}",
            "{\"a\":1e400e1}", "{\"a\":1.5.5e400}", "{99999999999999999999:1}", "{\"a\":\"\\ud8\"}",
            "{\"a\":\"\\ud80g\"}",
            "{\"a\":\"\\ud800", "{\"a\":\"\\", "{\"a\":\"\\u", "{\"a\":\"\\u000", "{\"a\":\"\\ud800\\u\"}",
            "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{'a':1}", "{\"a\":1,}", "{}{}", "{}\u{0}", "{\"a\":NaN}",
            "{\"a\":Infinity}",
        ])
    func refused(text: String) { #expect(parse(text) == nil) }

    @Test("Bytes that are not UTF-8 are refused, and so is nesting without end")
    func refusedBytes() {
        for byte in [0xFF, 0xED, 0xC0, 0x80] as [UInt8] {
            let text = SecretBytes("{\"a\":\"")
            text.append(byte)
            for byte in "\"}".utf8 { text.append(byte) }
            #expect(text.withBytes { JSONObject(parsingForeign: $0) } == nil)
        }
        #expect(parse("{\"a\":" + String(repeating: "[", count: 100_000)) == nil)
        #expect(parse(String(repeating: "{\"a\":", count: 5000) + "1" + String(repeating: "}", count: 5000)) == nil)
    }

    @Test(
        "48 levels are read, and one more is refused, where brackets in strings do not count",
        arguments: [
            ("[", "]"), (#"{"a":"#, "}"), (#"["\"[[{{","]","#, "]"), (#"["\\","}",{"a]":"#, "}]"),
        ])
    func nesting(beginning: String, end: String) throws {
        func nested(_ levels: Int) -> String {
            #"{"s":"[[{{\"]]","x":"# + String(repeating: beginning, count: (levels - 1) / end.utf8.count) + "1"
                + String(repeating: end, count: (levels - 1) / end.utf8.count) + "}"
        }
        #expect(parse(nested(48))?.string("s") == #"[[{{"]]"#)
        for levels in [49, 51, 2001, 2049] {
            #expect(parse(nested(levels)) == nil)
            #expect(SecretBytes(nested(levels)).withBytes { JSONObject(parsing: $0) } == nil)
        }
    }

    @Test("The line of what is nested too deep is where that begins")
    func lineOfNesting() {
        let text = "{\n\"a\":\n" + String(repeating: "[\n", count: 60) + "\n\n"
        #expect(SecretBytes(text).withBytes { JSONObject.lineOfError(in: $0) } == 50)
    }

    @Test("Text that is cut off or damaged anywhere does no harm")
    func damage() {
        let randomness = FakeRandomness()
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud8", "\\ud800", "\\udc00", "\\u0000", "1e999", "-",
            "9",
            String(repeating: "9", count: 20), "null", "\"a\"", "\u{FEFF}", " ", "e", ".", "+",
        ]
        for _ in 0..<20_000 {
            let count = Int(randomness.next() >> 60) + 1
            let text = (0..<count).map { _ in pieces[Int((randomness.next() >> 33) % UInt64(pieces.count))] }.joined()
            _ = parse(text)
            _ = parse("{\"a\":\(text)}")
            _ = parse("{\"a\":\"\(text)\"}")
        }
    }

    @Test("The lines of errors are counted as without what is mended")
    func lines() {
        let text = "\u{FEFF}{\n\"a\":1e999,\n\"b\":\"\\ud800\",\n\"b\":\"\\u0000\",\n?}"
        #expect(SecretBytes(text).withBytes { JSONObject.lineOfError(in: $0) } == 5)
    }

    @Test("What we wrote ourselves is read strictly")
    func strict() {
        for text in ["\u{FEFF}{}", #"{"a":1,"a":1}"#, #"{"a":1e400}"#, #"{"a":"\u0000"}"#, #"{"a":"\ud800"}"#] {
            #expect(SecretBytes(text).withBytes { JSONObject(parsing: $0) } == nil, "\(text)")
        }
        #expect(SecretBytes("{\"a\":\"\u{FFFF}\"}").withBytes { JSONObject(parsing: $0)?.string("a") } == "\u{FFFF}")
    }
}
