// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The text that a program keeps of the steps that a sign-out left open.
///
/// `ca1.{base64url of a JSON object}.{CRC-32 of all before it}`; `OpenStepsCodec` has the object. The checksum finds
/// damage, not forgery: who can forge a token holds the tokens in it.
public enum PartialFailureToken {
    private static let prefix = "ca1."
    private static let checksumLength = 8
    /// Room for thousands of refresh tokens as Cognito makes them, and for 95 of the largest kind; a longer text is not ours.
    public static let maximumLength = 8_388_608

    /// Steps as text, and how much of them is not in it.
    struct Encoded {
        /// nil if nothing is open, or nothing of it can be written.
        let text: SecretBytes?
        let leftOut: LeftOut
    }

    /// What is open and not in a text.
    struct LeftOut {
        var revocations = 0
        var deletions = 0
    }

    /// The steps as text. Where not all of them fit, the last ones are left out.
    static func encode(_ steps: OpenSteps, for configuration: Configuration) -> Encoded {
        var kept = steps.dropping(above: OpenStepsCodec.maximumList)
        while !kept.isEmpty, let json = OpenStepsCodec.encode(kept, for: configuration) {
            let excess = json.count - (maximumLength - prefix.utf8.count - checksumLength - 1) / 4 * 3
            if excess <= 0 { return Encoded(text: text(around: json), leftOut: steps.leftOut(of: kept)) }
            guard let less = kept.dropping(bytes: excess) else { break }
            kept = less
        }
        return Encoded(text: nil, leftOut: steps.leftOut(of: nil))
    }

    private static func text(around json: SecretBytes) -> SecretBytes {
        let text = SecretBytes(copying: prefix)
        json.withBytes { Base64URL.encode($0, to: text) }
        let checksum = text.withBytes(checksum)
        text.append(UInt8(ascii: "."))
        for byte in checksum { text.append(byte) }
        return text
    }

    /// What a text is.
    enum Reading {
        case steps(OpenSteps)
        /// It was made for another app, pool or client, and this says which.
        case foreign(StaticString)
        /// A newer version of the library made it.
        case newer
        case damaged
    }

    static func read(_ text: SecretBytes, for configuration: Configuration) -> Reading {
        guard let object = text.withBytes(object) else { return .damaged }
        return OpenStepsCodec.read(object, for: configuration)
    }

    /// Reads a text that was made for `configuration`'s app, pool and client.
    static func decode(_ text: SecretBytes, for configuration: Configuration) throws(AuthFailure) -> OpenSteps {
        switch read(text, for: configuration) {
        case .steps(let steps): return steps
        case .foreign(let problem): throw invalid(problem)
        case .newer: throw invalid("was made by a newer version of the library")
        case .damaged: throw invalid("is damaged or not a partial-failure token")
        }
    }

    private static func invalid(_ problem: StaticString) -> AuthFailure { .invalid("partial_failure_token", problem) }

    private static func object(_ text: UnsafeRawBufferPointer) -> JSONObject? {
        let bodyEnd = text.count - checksumLength - 1
        guard text.count <= maximumLength, bodyEnd > prefix.utf8.count, text.has(prefix, at: 0),
            text[bodyEnd] == UInt8(ascii: "."),
            text[(bodyEnd + 1)...].elementsEqual(checksum(UnsafeRawBufferPointer(rebasing: text[..<bodyEnd])))
        else { return nil }
        let body = Base64URL.decode(UnsafeRawBufferPointer(rebasing: text[prefix.utf8.count..<bodyEnd]))
        return body?.withBytes { JSONObject(parsing: $0) }
    }

    /// CRC-32 (ISO 3309) as eight hexadecimal digits.
    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<2 { remainder = remainder >> 4 ^ divided(remainder) }
        }
        remainder = ~remainder
        return (0..<checksumLength).map { index in
            Hexadecimal.digit(UInt8(remainder >> UInt32(28 - 4 * index) & 0xF), letters: UInt8(ascii: "a"))
        }
    }

    /// What the four lowest bits become, which need not wait for each other.
    private static func divided(_ bits: UInt32) -> UInt32 {
        (bits & 1) &* 0x1DB7_1064 ^ (bits >> 1 & 1) &* 0x3B6E_20C8 ^ (bits >> 2 & 1) &* 0x76DC_4190
            ^ (bits >> 3 & 1) &* 0xEDB8_8320
    }
}

extension OpenSteps {
    /// What of these steps is not in `kept`; all of them if `kept` is nil.
    fileprivate func leftOut(of kept: OpenSteps?) -> PartialFailureToken.LeftOut {
        PartialFailureToken.LeftOut(
            revocations: revocations.count - (kept?.revocations.count ?? 0),
            deletions: deletions.count - (kept?.deletions.count ?? 0))
    }
}
