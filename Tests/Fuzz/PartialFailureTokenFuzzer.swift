// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// A partial-failure token that a program gives back: a text, and the JSON object in one. The checksum is right in the
/// latter, which libFuzzer would never guess, and wrong by one bit in a third.
enum PartialFailureTokenFuzzer {
    static func run(_ bytes: UnsafeRawBufferPointer) {
        let object = FuzzInput.withSecrets(bytes)
        read(SecretBytes(copying: bytes))
        let text = text(around: object)
        read(text)
        damage(text, seed: bytes.reduce(0) { $0 &* 31 &+ Int($1) })
    }

    private static func read(_ text: SecretBytes) {
        let configuration = FuzzConfiguration.standard
        do {
            let steps = try PartialFailureToken.decode(text, for: configuration)
            require(!steps.isEmpty, "no step is open")
            for token in steps.secrets { require(TokenRules.accept(token), "what is no token was read") }
            let lists = [steps.otherRefreshTokens.count, steps.deletions.count, steps.ended.count]
            require(lists.allSatisfy { $0 <= 2 * OpenStepsCodec.maximumList }, "a list has no limit")
            roundTrip(steps)
        } catch {
            require(error.status == .invalidArgument)
            ToldText.check(error)
        }
        if case .steps = PartialFailureToken.read(text, for: configuration),
            case .steps = PartialFailureToken.read(text, for: FuzzConfiguration.another)
        {
            fatalError("a token was taken for another app too")
        }
    }

    private static func roundTrip(_ steps: OpenSteps) {
        let configuration = FuzzConfiguration.standard
        let encoded = PartialFailureToken.encode(steps, for: configuration)
        guard let text = encoded.text, case .steps(let again) = PartialFailureToken.read(text, for: configuration)
        else {
            fatalError("what was written cannot be read")
        }
        require(text.count <= PartialFailureToken.maximumLength)
        require(
            again.revocations.count + encoded.leftOut.revocations == steps.revocations.count
                && again.deletions.count + encoded.leftOut.deletions == steps.deletions.count, "a step is lost")
        require(again.globalSignOut == steps.globalSignOut && again.isBrowserOpen == steps.isBrowserOpen)
        for token in again.secrets { require(steps.secrets.has(token), "another token was written") }
        guard let twice = PartialFailureToken.encode(again, for: configuration).text else {
            fatalError("what was read cannot be written")
        }
        require(twice.hasSameBytes(as: text), "what was read is written as something else")
    }

    /// A checksum tells each change of a single bit.
    private static func damage(_ text: SecretBytes, seed: Int) {
        let damaged = text.withBytes { bytes in
            var copy = Array(bytes)
            let place = Int(seed.magnitude % UInt(copy.count))
            copy[place] ^= 1 << UInt8(seed.magnitude / 7 % 8)
            return copy.withUnsafeBytes { SecretBytes(copying: $0) }
        }
        guard case .damaged = PartialFailureToken.read(damaged, for: FuzzConfiguration.standard) else {
            fatalError("damage was not seen")
        }
    }

    private static func text(around object: SecretBytes) -> SecretBytes {
        let text = SecretBytes(copying: "ca1.")
        object.withBytes { Base64URL.encode($0, to: text) }
        let checksum = text.withBytes(checksum)
        text.append(UInt8(ascii: "."))
        for byte in checksum.utf8 { text.append(byte) }
        return text
    }

    /// CRC-32 by a table, unlike the core's.
    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> String {
        let table = (0..<256 as Range<UInt32>).map { byte in
            (0..<8).reduce(byte) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
        let remainder = ~bytes.reduce(0xFFFF_FFFF as UInt32) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
        let digits = String(remainder, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

@_cdecl("fuzz_partial_failure_token")
public func fuzzPartialFailureToken(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    PartialFailureTokenFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
