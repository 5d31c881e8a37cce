// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory
import Testing

@Suite("JSON objects")
struct JSONObjectTests {
    private func parse(_ text: String) -> JSONObject? { SecretBytes(text).withBytes { JSONObject(parsing: $0) } }

    @Test(
        "What is not exactly one JSON object is refused",
        arguments: [
            "", " ", "[]", "1", "\"a\"", "null", "{", "}", "{}{}", "{},", "{\"a\"}", "{\"a\":}", "{'a':1}", "{a:1}",
            "{\"a\":1,}", "{\"a\":01}",
            "{\"a\":+1}", "{\"a\":.5}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"a\":1,\"a\":1}",
            "{\"a\":\"\\u0000\"}",
            "\u{FEFF}{}", "{}\u{0}", "{\"a\":tru}", "// c\n{}",
        ])
    func refused(text: String) { #expect(parse(text) == nil) }

    @Test("White space around it is allowed")
    func whiteSpace() { #expect(parse(" \r\n\t{ \"a\" : 1 } \n")?.integer("a") == 1) }

    @Test("Members have the type that is asked for, or are not there")
    func types() throws {
        let object = try #require(
            parse(#"{"s":"t","n":7,"o":{"i":1},"a":["x","y"],"m":["x",1],"e":[],"z":null,"b":true}"#))
        #expect(object.string("s") == "t")
        #expect(object.secret("s")?.text == "t")
        #expect(object.integer("n") == 7)
        #expect(object.object("o")?.integer("i") == 1)
        #expect(object.secrets("a", maximum: 10)?.map(\.text) == ["x", "y"])
        #expect(object.secrets("e", maximum: 10)?.isEmpty == true)
        #expect(object.secrets("m", maximum: 10) == nil)
        #expect(object.secrets("s", maximum: 10) == nil)
        for key in ["n", "o", "a", "z", "b", "missing"] as [StaticString] { #expect(object.string(key) == nil) }
        for key in ["s", "o", "a", "z", "b", "missing"] as [StaticString] { #expect(object.integer(key) == nil) }
        for key in ["s", "n", "a", "z", "b", "missing"] as [StaticString] { #expect(object.object(key) == nil) }
        #expect(object.has("z"))
        #expect(!object.has("missing"))
    }

    @Test("An inner object lives on without the outer one")
    func lifetime() throws {
        let inner = try #require(parse(#"{"o":{"i":{"s":"t"}}}"#)?.object("o")?.object("i"))
        #expect(inner.string("s") == "t")
    }

    @Test("What is written can be read again, byte for byte")
    func roundTrip() throws {
        let builder = JSONObjectBuilder()
        let text = "\"\\/\u{8}\u{C}\n\r\t\u{1}\u{7F}é🦊\u{2028}"
        builder.set("text", text)
        builder.set("secret", SecretBytes(text))
        builder.set("list", [SecretBytes(text), SecretBytes("")])
        builder.set("least", Int64.min)
        builder.set("most", Int64.max)
        let object = try #require(builder.encoded()?.withBytes { JSONObject(parsing: $0) })
        #expect(object.string("text") == text)
        #expect(object.secret("secret")?.text == text)
        #expect(object.secrets("list", maximum: 10)?.map(\.text) == [text, ""])
        #expect(object.integer("least") == Int64.min)
        #expect(object.integer("most") == Int64.max)
    }

    @Test("An object without members is {}, and members stand without white space")
    func compact() {
        let builder = JSONObjectBuilder()
        #expect(builder.encoded()?.text == "{}")
        builder.set("a", 1)
        builder.set("b", "c")
        #expect(builder.encoded()?.text == #"{"a":1,"b":"c"}"#)
    }

    @Test("A string that is not UTF-8 cannot be written")
    func notUTF8() {
        let secret = SecretBytes()
        for byte in [0x61, 0xFF, 0x62] as [UInt8] { secret.append(byte) }
        let builder = JSONObjectBuilder()
        builder.set("a", secret)
        #expect(builder.encoded() == nil)
        let list = JSONObjectBuilder()
        list.set("a", [SecretBytes("good"), secret])
        #expect(list.encoded() == nil)
    }
}
