// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// What a server says, in which it may have put any token.
enum RedactionFuzzer {
    private static let shortestRun = 24

    static func run(_ bytes: UnsafeRawBufferPointer) {
        let text = FuzzInput.withSecrets(bytes)
        let told = Redaction.redact(text, secrets: FuzzInput.secretBytes)
        ToldText.check(told, maximum: Redaction.maximumLength)
        checkRuns(Array(told.utf8))
        let again = Redaction.redact(SecretBytes(copying: told), secrets: FuzzInput.secretBytes)
        // A name that was cut is none.
        let mayBeCut = told.utf8.count > Redaction.maximumLength - 4
        require(mayBeCut || again.utf8.elementsEqual(told.utf8), "what is told is not fit to be told")
        checkUntouched(text, told)
    }

    /// No run of a token's length is left that is no name. The last one may be a name that was cut.
    private static func checkRuns(_ told: [UInt8]) {
        told.withUnsafeBytes { told in
            var start = 0
            for end in 0...told.count where end == told.count || !isTokenCharacter(told[end]) {
                var run = UnsafeRawBufferPointer(rebasing: told[start..<end])
                while run.last == UInt8(ascii: ".") { run = UnsafeRawBufferPointer(rebasing: run.dropLast()) }
                let isCut = end == told.count && told.count > Redaction.maximumLength - 4
                require(end - start < shortestRun || isCut || ModelName.matches(run), "a long run is told")
                start = end + 1
            }
        }
    }

    /// Plain text without secrets and runs is told as it is.
    private static func checkUntouched(_ text: SecretBytes, _ told: String) {
        text.withBytes { bytes in
            let isPlain = bytes.allSatisfy { (0x20...0x7E).contains($0) } && bytes.count <= Redaction.maximumLength
            let hasSecret = FuzzInput.secrets.contains { bytes.has(Array($0.utf8)) }
            let hasRun = bytes.split(whereSeparator: { !isTokenCharacter($0) }).contains { $0.count >= shortestRun }
            if isPlain, !hasSecret, !hasRun { require(bytes.elementsEqual(told.utf8), "plain text was changed") }
        }
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte.isOne(of: "_.~+/=%-")
    }
}

@_cdecl("fuzz_redaction")
public func fuzzRedaction(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    RedactionFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
