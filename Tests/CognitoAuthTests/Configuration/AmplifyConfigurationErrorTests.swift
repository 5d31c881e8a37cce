// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// Each refusal has the status INVALID_CONFIGURATION and one of the messages of `AmplifyMessage`, as `refusal` checks.
@Suite("A configuration file that does not fit")
struct AmplifyConfigurationErrorTests {
    private typealias Generation = AmplifySample.Generation

    @Test("A key that is required and missing is named with its path", arguments: AmplifySample.Generation.allCases)
    func missing(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation)
        #expect(try sample.without(generation.userPoolID).refusal() == "\(generation.userPoolID) is missing.")
        #expect(try sample.without(generation.clientID).refusal() == "\(generation.clientID) is missing.")
        let neither = try sample.without(generation.userPoolID).without(generation.clientID)
        #expect(neither.refusal() == "\(generation.userPoolID) is missing.")
    }

    @Test("The other keys may be missing", arguments: AmplifySample.Generation.allCases)
    func optional(generation: AmplifySample.Generation) throws {
        for key in generation.keys where key != generation.userPoolID && key != generation.clientID {
            #expect(try AmplifySample(generation).without(key).refusal() == nil, "\(key)")
        }
    }

    @Test("Where a whole object is missing, so is the pool's id in it")
    func missingObjects() throws {
        for path in [
            Generation.plugin, Generation.plugin + ".CognitoUserPool", Generation.plugin + ".CognitoUserPool.Default",
        ] {
            let sample = try AmplifySample(.first).without(path)
            #expect(sample.refusal() == "\(Generation.first.userPoolID) is missing.", "\(path)")
        }
        for sample in [try AmplifySample(.second).without("auth"), AmplifySample(text: "{}")] {
            #expect(sample.refusal() == "auth.user_pool_id is missing.")
        }
        for path in [
            Generation.plugin + ".Auth", Generation.plugin + ".Auth.Default", Generation.plugin + ".Auth.Default.OAuth",
        ] {
            #expect(try AmplifySample(.first).without(path).refusal() == nil, "\(path)")
        }
        #expect(try AmplifySample(.second).without("auth.oauth").refusal() == nil)
    }

    @Test(
        "A key that is no string is named with its path, also where it is not required",
        arguments: [
            "0", "7", "-1.5", "true", "false", "[]", #"["eu-west-1_a"]"#, "{}", #"{"a":"eu-west-1_a"}"#,
        ])
    func noString(value: String) throws {
        for generation in Generation.allCases {
            for key in generation.texts {
                #expect(try AmplifySample(generation).with(key, value).refusal() == "\(key) must be a string.")
            }
        }
    }

    @Test(
        "Scopes, and redirect URIs of Gen 2, that are no array of strings are named with their path",
        arguments: [
            "7", "true", #""http://localhost:3000/""#, #""""#, "{}", "[7]", "[null]", #"["a://b",null]"#,
            #"[["a://b"]]"#, #"[{},"a://b"]"#, #"["a://b","c://d",false]"#,
        ])
    func noList(value: String) throws {
        for generation in Generation.allCases {
            for key in generation.lists {
                #expect(
                    try AmplifySample(generation).with(key, value).refusal() == "\(key) must be an array of strings.")
            }
        }
    }

    @Test(
        "Something on the way to a key that is no object is named by its own path",
        arguments: ["7", "true", #""""#, #""text""#, "[]", #"[{"PoolId":"eu-west-1_a"}]"#])
    func obstacle(value: String) throws {
        for generation in Generation.allCases {
            #expect(!generation.objects.isEmpty)
            for object in generation.objects {
                let sample = try AmplifySample(generation).with(object, value)
                #expect(sample.refusal() == "\(object) must be an object.")
            }
        }
    }

    @Test(
        "A pool's id that is malformed is named with its path",
        arguments: [
            "eu-west-1", "_AbC", "eu-west-1_", "eu-west-1_a_b", "eu-west-1_a-b", "eu-west-1_a b", "eu.west.1_a", " ",
            "eu-west-1_a\n", "[COGNITO USER POOL ID]", "<your-cognito-user-pool-id>", "eu-west-1:0f1e2d3c-4b5a",
            "eu-west-1_" + String(repeating: "a", count: 46),
        ])
    func pool(id: String) throws {
        for generation in Generation.allCases {
            #expect(
                try AmplifySample(generation).with(generation.userPoolID, text: id).refusal()
                    == "\(generation.userPoolID) \(AmplifyMessage.poolForm)")
        }
    }

    @Test(
        "A pool's id without a region needs one beside it, or an endpoint",
        arguments: ["local_1a2b3c", "EU-WEST-1_a", "euwest1_a"])
    func localPool(id: String) throws {
        for generation in Generation.allCases {
            let sample = try AmplifySample(generation).without(Generation.endpoint).with(
                generation.userPoolID, text: id)
            #expect(sample.refusal() == nil)
            let alone = try sample.without(generation.region)
            #expect(alone.refusal() == "\(generation.userPoolID) \(AmplifyMessage.poolRegion)")
            #expect(alone.refusal { $0.region = "eu-west-1" } == nil)
            #expect(alone.refusal { $0.endpoint = "http://localhost:9229" } == nil)
        }
        let first = try AmplifySample(.first).with(Generation.first.userPoolID, text: id).without(
            Generation.first.region)
        #expect(first.refusal() == nil)
    }

    @Test(
        "A client's id that is malformed is named with its path",
        arguments: ["client-id", "client id", " ", "client\n", "\"", "[CLIENT]", String(repeating: "a", count: 129)])
    func client(id: String) throws {
        for generation in Generation.allCases {
            #expect(
                try AmplifySample(generation).with(generation.clientID, text: id).refusal()
                    == "\(generation.clientID) \(AmplifyMessage.clientForm)")
        }
    }

    @Test(
        "A region that is none is named with its path, also where an endpoint is set",
        arguments: ["eu", "eu-west", "EU-WEST-1", "eu_west_1", "eu-west-1 ", "eu-west-1.evil.example", "[REGION]", " "])
    func region(name: String) throws {
        for generation in Generation.allCases {
            let message = "\(generation.region) \(AmplifyMessage.regionForm)"
            let sample = try AmplifySample(generation).with(generation.region, text: name)
            #expect(sample.refusal() == message)
            #expect(try sample.without(Generation.endpoint).refusal() == message)
        }
    }

    @Test(
        "A client secret that is too short, too long or malformed is named with its path, and not shown",
        arguments: [
            "s", String(repeating: "s", count: 23), String(repeating: "s", count: 65),
            String(repeating: "s", count: 9999),
            String(repeating: "s", count: 23) + "-", String(repeating: "s", count: 24) + "\n",
            String(repeating: " ", count: 30),
        ])
    func secret(text: String) throws {
        #expect(
            try AmplifySample(.first).with(Generation.clientSecret, text: text).refusal()
                == "\(Generation.clientSecret) \(AmplifyMessage.secretForm)")
    }

    @Test("The limits of a client secret are 24 and 64", arguments: [24, 64])
    func secretLimits(length: Int) throws {
        let secret = String(repeating: "s", count: length)
        let sample = try AmplifySample(.first).with(Generation.clientSecret, text: secret)
        #expect(try sample.configuration().clientSecret?.text == secret)
    }

    @Test(
        "What is not JSON is refused with the line where that shows",
        arguments: [
            ("", 1), (" ", 1), ("\n\n", 3), ("{", 1), ("{\n\n\n", 4), ("}", 1), ("{\"a\" 1}", 1),
            ("{\n\"a\": 1,\n}", 3),
            ("{\n\"a\": 1\n\"b\": 2\n}", 3), ("{\n\n'a': 1}", 3), ("{\n// no comment\n}", 2), ("{}\n{}", 2),
            ("{}\nx", 2),
            ("{\"a\":\n\ntru}", 3), ("{\"a\":01}", 1), ("{\n\"a\":\"open\n}", 2), ("{\n\"a\":\"\\x\"}", 2),
            ("{\n\"a\":\"\\ud80\"}", 2), ("{\r\n\"a\":\r\n?}", 3), ("\u{FEFF}{\n", 2),
            ("// a comment\n{}", 1), ("var {", 1), ("'use strict'", 1),
            ("{}\u{0}", 1), ("text", 1), ("<html>\n</html>", 1), ("7", 1), ("\"text\"", 1), ("null", 1), ("true", 1),
        ])
    func notJSON(text: String, line: Int) {
        #expect(AmplifySample(text: text).refusal() == AmplifyMessage.notJSON(line), "\(text)")
    }

    @Test("JSON that is no object is refused", arguments: ["[]", "[\n{}]", "[\"auth\"]", " [ 1 ] "])
    func noObject(text: String) {
        #expect(AmplifySample(text: text).refusal() == "The configuration file is not a JSON object.")
    }

    @Test("Bytes that are not UTF-8 are refused with their line, wherever they are")
    func notUTF8() {
        for bytes in [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]] {
            let file = SecretBytes("{\n\"custom\": \"")
            for byte in bytes { file.append(byte) }
            for byte in "\",\n\"auth\":{\"user_pool_id\":\"eu-west-1_a\",\"user_pool_client_id\":\"c\"}}".utf8 {
                file.append(byte)
            }
            #expect(AmplifySample.refusal(file) == AmplifyMessage.notJSON(2), "\(bytes)")
        }
    }

    @Test("Nesting is taken to some depth, and refused beyond any")
    func depth() {
        func nested(_ depth: Int) -> AmplifySample {
            let inner = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return AmplifySample(
                text: #"{"auth":{"user_pool_id":"eu-west-1_a","user_pool_client_id":"c"},"custom":\#(inner)}"#)
        }
        for depth in [1, 10, 47] { #expect(nested(depth).refusal() == nil) }
        for depth in [48, 2000, 2049, 100_000, 500_000] {
            #expect(nested(depth).refusal() == AmplifyMessage.notJSON(1))
        }
        let objects = String(repeating: #"{"auth":"#, count: 100_000)
        #expect(AmplifySample(text: objects).refusal() == AmplifyMessage.notJSON(1))
        #expect(
            AmplifySample(
                text: String(repeating: #"{"auth":"#, count: 48) + "7" + String(repeating: "}", count: 48)
            )
            .refusal() == "auth.user_pool_id is missing.")
    }

    @Test("1 MiB of garbage is refused")
    func garbage() {
        let size = 1 << 20
        let randomness = FakeRandomness()
        let noise = SecretBytes(capacity: size)
        noise.fill(capacity: size) { buffer in
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: randomness.next() >> 32) }
            return size
        }
        #expect(AmplifySample.refusal(noise).flatMap(AmplifyMessage.line) != nil)
        for (byte, start) in [
            (0, ""), (0x20, ""), (0x5B, ""), (0x7B, ""), (0x22, ""), (0x61, "{\""), (0x61, "{\"auth\":\""), (0x39, "["),
            (0x2C, "{"), (0x5C, "\""), (0x0A, "{"),
        ] as [(UInt8, String)] {
            let file = SecretBytes(capacity: size)
            for byte in start.utf8 { file.append(byte) }
            file.fill(capacity: size - start.utf8.count) { buffer in
                for index in buffer.indices { buffer[index] = byte }
                return buffer.count
            }
            #expect(AmplifySample.refusal(file).flatMap(AmplifyMessage.line) != nil, "\(start) \(byte)")
        }
    }

    @Test("A file of 1 MiB that holds what it must is taken")
    func large() throws {
        let list = "[" + String(repeating: "\"a\",", count: 100_000) + "null]"
        let members = (0..<20_000).map { "\"key\($0)\":{\"\($0)\":\($0)}" }.joined(separator: ",")
        let sample = AmplifySample(
            text:
                #"{"custom":\#(list),"data":{\#(members)},"auth":{"user_pool_id":"eu-west-1_a","user_pool_client_id":"c"}}"#
        )
        #expect(sample.text.utf8.count > 500_000)
        #expect(try sample.configuration().clientID == "c")
    }

    @Test("No message holds anything that the file holds", arguments: AmplifySample.Generation.allCases)
    func nothingShown(generation: AmplifySample.Generation) throws {
        let canary = "CANARYcanaryCANARYcanaryCANARY"
        for key in generation.keys {
            for value in [
                canary + "-", canary + "\n", "-\(canary)", "_\(canary)_", "http://\(canary)/path",
                "\(canary)@\(canary)",
                String(repeating: canary, count: 10),
            ] {
                let sample = try AmplifySample(generation).with(key, text: value)
                #expect(sample.refusal()?.localizedStandardContains("canary") != true, "\(key)")
            }
            for value in [#"["\#(canary)",1]"#, #"{"\#(canary)":"\#(canary)"}"#] {
                let message = try AmplifySample(generation).with(key, value).refusal()
                #expect(message != nil && message?.localizedStandardContains("canary") != true, "\(key)")
            }
        }
        for object in generation.objects {
            let message = try AmplifySample(generation).with(object, text: canary).refusal()
            #expect(message != nil && message?.localizedStandardContains("canary") != true, "\(object)")
        }
        for text in ["{\"\(canary)\" \(canary)}", "{\"\(canary)\": \"\(canary)\n\"}", canary, "[\"\(canary)\"]"] {
            let message = AmplifySample(text: text).refusal()
            #expect(message != nil && message?.localizedStandardContains("canary") != true, "\(text)")
        }
    }
}
