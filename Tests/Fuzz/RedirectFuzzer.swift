// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// What comes in at the redirect URI: anybody on this machine can send it.
enum RedirectFuzzer {
    private static let state = "c3RhdGUtb2YtMTYtYnl0ZQ"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        let expected = ExpectedRedirect(uri: "org.example.app://done", state: SecretBytes(copying: state), secrets: [])
        check(expected.verdict(RedirectQuery(SecretBytes(copying: bytes))), of: bytes)
        check(expected.verdict(reported: SecretBytes(copying: bytes)), of: bytes)
        _ = ExpectedRedirect(uri: "http://localhost:1234/", state: nil, secrets: []).verdict(
            RedirectQuery(SecretBytes(copying: bytes)))
    }

    /// Only who knows the state ends the step. It has no character that can be encoded in one way only: so a query that is
    /// all plain must have it as it is.
    private static func check(_ verdict: RedirectVerdict, of bytes: UnsafeRawBufferPointer) {
        switch verdict {
        case .foreign, .failedForSomebody: return
        case .returned, .failed:
            let isPlain = !bytes.contains(UInt8(ascii: "%"))
            precondition(!isPlain || contains(bytes, Array(state.utf8)), "ended without the state")
        }
    }

    private static func contains(_ bytes: UnsafeRawBufferPointer, _ wanted: [UInt8]) -> Bool {
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
    }
}

@_cdecl("fuzz_redirect")
public func fuzzRedirect(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    RedirectFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
