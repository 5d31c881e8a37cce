// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// What comes in at the redirect URI: anybody on this machine can send it.
enum RedirectFuzzer {
    private static let state = "c3RhdGUtb2YtMTYtYnl0ZQ"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        let text = FuzzInput.withSecrets(bytes)
        let uri = "org.example.app://done"
        let signIn = ExpectedRedirect(uri: uri, state: SecretBytes(copying: state), secrets: FuzzInput.secretBytes)
        let logout = ExpectedRedirect(uri: uri, state: nil, secrets: FuzzInput.secretBytes)
        for verdict in [signIn.verdict(RedirectQuery(text)), signIn.verdict(reported: text)] {
            checkState(verdict, of: text)
            checkTold(verdict)
        }
        checkTold(logout.verdict(RedirectQuery(text)))
        checkTold(logout.verdict(reported: text))
        if case .returned(let code) = signIn.verdict(RedirectQuery(text)) {
            require(code.map { !$0.isEmpty } ?? false, "a sign-in came back without a code")
        }
        checkForm(text)
    }

    /// Only who knows the state ends the step. It has no character that can be encoded in one way only: so a query that is
    /// all plain must have it as it is.
    private static func checkState(_ verdict: RedirectVerdict, of text: SecretBytes) {
        switch verdict {
        case .foreign, .failedForSomebody: return
        case .returned, .failed:
            text.withBytes { bytes in
                let isPlain = !bytes.contains(UInt8(ascii: "%"))
                require(!isPlain || bytes.has(Array(state.utf8)), "ended without the state")
            }
        }
    }

    private static func checkTold(_ verdict: RedirectVerdict) {
        switch verdict {
        case .foreign, .returned: return
        case .failed(let error), .failedForSomebody(let error):
            ToldText.check(error.description, maximum: Redaction.maximumLength)
            ToldText.check(error.failure(in: .call))
        }
    }

    /// What is written into a form is read again.
    private static func checkForm(_ value: SecretBytes) {
        let form = URLEncodedForm()
        form.set("state", value)
        form.set("code", "a b+c")
        let query = RedirectQuery(form.text)
        require(query.value("state").map { $0.hasSameBytes(as: value) } ?? false, "a value was not read again")
        require(query.value("code")?.withBytes { $0.isExactly("a b+c") } ?? false)
    }
}

@_cdecl("fuzz_redirect")
public func fuzzRedirect(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    RedirectFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
