// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// Bytes of libFuzzer's, in which some that no text has stand for secrets: so what it makes puts them anywhere.
enum FuzzInput {
    /// What the byte 0x1A stands for, 0x1B, and so on: a token, one that begins like it, a short code, and a client secret.
    static let secrets = [
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk.longer",
        "f0f7-code", "1a2b3c4d5e6f7a8b9c0d1e2f3a4b",
    ]

    static func withSecrets(_ bytes: UnsafeRawBufferPointer) -> SecretBytes {
        let text = SecretBytes(capacity: bytes.count)
        for byte in bytes {
            if (0x1A..<0x1A + UInt8(secrets.count)).contains(byte) {
                for character in secrets[Int(byte - 0x1A)].utf8 { text.append(character) }
            } else {
                text.append(byte)
            }
        }
        return text
    }

    static var secretBytes: [SecretBytes] { secrets.map { SecretBytes(copying: $0) } }
}

extension UnsafeRawBufferPointer {
    func from(_ start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[Swift.min(start, count)...])
    }

    func has(_ wanted: [UInt8]) -> Bool {
        guard count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { self[$0...].starts(with: wanted) }
    }
}

/// What holds for each text that a program is told.
enum ToldText {
    /// That no secret is in it, and nothing that cannot be seen; and how long it is at most.
    static func check(_ text: String, maximum: Int = 1024) {
        let bytes = Array(text.utf8)
        require(bytes.count <= maximum, "a text has \(bytes.count) bytes")
        bytes.withUnsafeBytes { bytes in
            for secret in FuzzInput.secrets { require(!bytes.has(Array(secret.utf8)), "a secret is told") }
        }
        require(!text.unicodeScalars.contains(where: isInvisible), "what cannot be seen is told")
    }

    static func check(_ failure: AuthFailure) {
        check(failure.message)
        check(failure.suggestion)
        if let exception = failure.serviceException { check(exception, maximum: 128) }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }
}

/// Ends the fuzzer where something does not hold, and says what: a `precondition` of a release build is silent.
func require(_ holds: Bool, _ problem: String = "", file: StaticString = #fileID, line: UInt = #line) {
    if !holds { fatalError(problem, file: file, line: line) }
}
