// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// The files of Tests/Support/amplify with something broken in them at random, the same in every run.
@Suite("A damaged configuration file")
struct AmplifyDamageTests {
    private static let rounds = 2000

    /// A file that is damaged over and over again.
    private struct Damaged {
        var bytes: [UInt8]
        let randomness: FakeRandomness

        mutating func damage() {
            switch number(8) {
            case 0: bytes[position()] ^= 1 << UInt8(number(8))
            case 1: bytes[position()] = UInt8(number(256))
            case 2: bytes.removeSubrange(slice())
            case 3: bytes.insert(contentsOf: bytes[slice()], at: position())
            case 4: bytes.insert(contentsOf: word(), at: position())
            case 5: bytes.replaceSubrange(slice(), with: word())
            case 6: replaceValue()
            default: bytes.removeLast(number(bytes.count))
            }
            if bytes.isEmpty { bytes = Array("{}".utf8) }
        }

        /// Puts something else where a value begins that is no object, so that the file often stays JSON.
        private mutating func replaceValue() {
            let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
            guard !colons.isEmpty else { return }
            let start = colons[number(colons.count)] + 1
            let end =
                bytes[start...].firstIndex { [UInt8(ascii: ","), UInt8(ascii: "\n")].contains($0) } ?? bytes.endIndex
            bytes.replaceSubrange(start..<end, with: word())
        }

        private func number(_ limit: Int) -> Int { limit <= 0 ? 0 : Int((randomness.next() >> 33) % UInt64(limit)) }

        private func position() -> Int { number(bytes.count) }

        private func slice() -> Range<Int> {
            let start = position()
            return start..<min(start + number(40), bytes.count)
        }

        private func word() -> [UInt8] {
            let words = [
                "null", "7", "-1e999", "[]", "{}", "\"\"", "\"a\"", "[\"a\"]", "true", ",", ":", "{", "}", "[", "]",
                "\"",
                "\\", "\n", "\\u0000", "\\ud83d", "\u{0}", "\"auth\":", "\"plugins\":{", "\"Endpoint\":\"http://a\",",
                "\"user_pool_id\":\"eu-west-1_a\",", "9999999999999999999999", String(repeating: "[", count: 3000),
                String(repeating: "s", count: 100),
            ]
            return Array(words[number(words.count)].utf8)
        }
    }

    @Test(
        "However a file is damaged, it is taken or refused, and nothing of it is shown", arguments: AmplifySample.names)
    func damage(file: String) throws {
        let sample = try AmplifySample(file)
        let randomness = FakeRandomness()
        var taken = 0
        var messages: Set<String> = []
        for round in 0..<Self.rounds {
            var damaged = Damaged(bytes: Array(sample.text.utf8), randomness: randomness)
            for _ in 0...(round % 4) { damaged.damage() }
            let bytes = SecretBytes()
            damaged.bytes.withUnsafeBytes { bytes.append($0) }

            // `refusal` compares the message with all that there are.
            if let message = AmplifySample.refusal(bytes) {
                messages.insert(message)
                if let line = AmplifyMessage.line(message) {
                    let lines = damaged.bytes.count { $0 == UInt8(ascii: "\n") } + 1
                    #expect((1...lines).contains(line), "round \(round)")
                }
            } else {
                taken += 1
            }
        }
        #expect(taken > Self.rounds / 100)
        #expect(messages.contains { AmplifyMessage.line($0) != nil })
        #expect(messages.count { AmplifyMessage.fixed.contains($0) } >= 3)
    }

    @Test("A file that is cut off anywhere is no JSON", arguments: AmplifySample.names)
    func cut(file: String) throws {
        let bytes = Array(try AmplifySample(file).text.utf8)
        let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
        for length in 0...end {
            let cut = SecretBytes()
            bytes[..<length].withUnsafeBytes { cut.append($0) }
            #expect(AmplifySample.refusal(cut).flatMap(AmplifyMessage.line) != nil, "\(length) bytes")
        }
    }

    @Test("Any value may become any other", arguments: AmplifySample.names)
    func otherValues(file: String) throws {
        let text = try AmplifySample(file).text
        let tokens = text.split(whereSeparator: { " \n,:[]{}".contains($0) })
        #expect(tokens.count > 10)
        for token in tokens {
            for other in ["null", "7", "\"\"", "\"text\"", "{}", "[]", "\"\(String(repeating: "text", count: 100))\""] {
                _ = AmplifySample(text: text[..<token.startIndex] + other + text[token.endIndex...]).refusal()
            }
        }
    }
}

extension AmplifySample {
    fileprivate init(text: Substring) { self.init(text: String(text)) }
}
