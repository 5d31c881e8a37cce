// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory
import Testing

@Suite("Paths in JSON objects")
struct JSONPathTests {
    /// What is found, in words.
    private func find(_ path: StaticString, in text: String) throws -> String {
        let object = try #require(SecretBytes(text).withBytes { JSONObject(parsing: $0) })
        return switch object.find(path) {
        case .nothing: "nothing"
        case .text(let text): "text \(text.text)"
        case .texts(let texts): texts.reduce("texts") { $0 + " " + $1 }
        case .other: "other"
        case .obstacle(let length): "obstacle \(length)"
        }
    }

    private func line(_ text: String) -> Int? {
        SecretBytes(text).withBytes { JSONObject.lineOfError(in: $0) }
    }

    @Test("A path leads through objects to what stands at its end")
    func path() throws {
        let text = #"{"a":{"b":{"c":"deep"},"d":"e"},"b":"c","":"empty"}"#
        #expect(try find("a.b.c", in: text) == "text deep")
        #expect(try find("a.d", in: text) == "text e")
        #expect(try find("b", in: text) == "text c")
        #expect(try find("a", in: text) == "other")
        #expect(try find("a.b", in: text) == "other")
        for path in ["c", "d", "a.a", "a.b.b", "a.b.c2", "A", "aa", "x.y.z"] as [StaticString] {
            #expect(try find(path, in: text) == "nothing", "\(path)")
        }
    }

    @Test("A key of the object with dots in it is no path")
    func dots() throws {
        #expect(try find("a.b", in: #"{"a.b":"dotted"}"#) == "nothing")
        #expect(try find("a.b", in: #"{"a.b":"dotted","a":{"b":"nested"}}"#) == "text nested")
    }

    @Test("What stands there is a string, an array of strings or something else")
    func kinds() throws {
        for text in [#""""#, #""é🦊""#, #""a\"b""#] {
            #expect(try find("a.b", in: #"{"a":{"b":\#(text)}}"#).hasPrefix("text "), "\(text)")
        }
        #expect(try find("a", in: #"{"a":"é🦊\n\u00e9"}"#) == "text é🦊\né")
        for (texts, found) in [("[]", "texts"), (#"[""]"#, "texts "), (#"["b","a","é\n"]"#, "texts b a é\n")] {
            #expect(try find("a", in: #"{"a":\#(texts)}"#) == found)
        }
        #expect(try find("a", in: #"{"a":null}"#) == "nothing")
        for other in ["true", "false", "7", "0.5", "{}", "[7]", #"["a",null]"#, #"[null,"a"]"#, "[[]]", "[{}]"] {
            #expect(try find("a", in: #"{"a":\#(other)}"#) == "other", "\(other)")
        }
    }

    @Test("Something on the way that is no object is an obstacle, told by the length of the path up to there")
    func obstacles() throws {
        for other in ["true", "7", #""text""#, "[]", #"[{"bb":"c"}]"#] {
            #expect(try find("a.bb.ccc", in: #"{"a":\#(other)}"#) == "obstacle 1", "\(other)")
            #expect(try find("a.bb.ccc", in: #"{"a":{"bb":\#(other)}}"#) == "obstacle 4", "\(other)")
            #expect(try !find("a.bb.ccc", in: #"{"a":{"bb":{"ccc":\#(other)}}}"#).hasPrefix("obstacle"), "\(other)")
        }
        for nothing in ["null", "{}", #"{"bb":null}"#, #"{"bb":{"ccc":null}}"#] {
            #expect(try find("a.bb.ccc", in: #"{"a":\#(nothing)}"#) == "nothing", "\(nothing)")
        }
        #expect(try find("a.bb.ccc", in: #"{"a":{"bb":{}}}"#) == "nothing")
    }

    @Test("A key of a path may be of any length, and is compared whole")
    func longKeys() throws {
        let key = "k23456789012345678901234567890123456789012345678901234567890123"
        #expect(key.utf8.count == 63)
        #expect(
            try find(
                "a.k23456789012345678901234567890123456789012345678901234567890123.b",
                in: #"{"a":{"\#(key)":{"b":"c"}}}"#)
                == "text c")
        #expect(
            try find(
                "k234567890123456789012345678901234567890123456789012345678901234",
                in: #"{"\#(key)4":"c","\#(key)":"d"}"#)
                == "text c")
        #expect(
            try find(
                "k234567890123456789012345678901234567890123456789012345678901234",
                in: #"{"\#(key)45":"c","\#(key)":"d"}"#)
                == "nothing")
    }

    @Test("What is found lives on without the object")
    func lifetime() throws {
        guard
            case .text(let text) = SecretBytes(#"{"a":{"b":"c"}}"#).withBytes({ JSONObject(parsing: $0)?.find("a.b") })
        else {
            Issue.record("it is not found")
            return
        }
        #expect(text.text == "c")
    }

    @Test(
        "The line of an error is the one where JSON stops, counted from 1",
        arguments: [
            ("", 1), ("{", 1), ("{\n", 2), ("{}x", 1), ("{}\n\nx", 3), ("{\n\"a\"\n:\n?}", 4),
            ("7", 1), ("\n7", 2),
        ])
    func errorLine(text: String, wanted: Int) { #expect(line(text) == wanted) }

    @Test("JSON has no such line, also where it is no object", arguments: ["{}", "[]", "\n[\n]\n", #"{"a":[{}]}"#])
    func noErrorLine(text: String) { #expect(line(text) == nil) }
}
