// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// The redirect that a browser step waits for.
public struct ExpectedRedirect: Sendable {
    /// The redirect URI that was sent.
    let uri: String
    /// What a sign-in's return must carry; nil for a logout, to which Cognito gives nothing back.
    let state: SecretBytes?
    /// What an error's description must not tell: servers echo what they were sent.
    let secrets: [SecretBytes]
    /// Whether no error ends a logout, which has no state: anybody can send one. It is what a sign-in begins with, then.
    var outlastsErrors = false

    /// What a query at the redirect URI means. Anybody can send one, so one that does not carry our state ends nothing.
    func verdict(_ query: RedirectQuery) -> RedirectVerdict {
        let sent = query.value("state")
        if let state {
            // Each of them once, and never both.
            guard query.count("state") <= 1, query.count("code") + query.count("error") == 1 else { return .foreign }
            if let sent, !sent.hasSameSecret(as: state) { return .foreign }
        }
        if query.count("error") > 0 {
            let error = RedirectError(query, secrets)
            // Cognito sends some errors without a state.
            let isBelieved = state == nil ? !outlastsErrors : sent != nil
            return isBelieved ? .failed(error) : .failedForSomebody(error)
        }
        if state == nil { return .returned(code: nil) }
        guard sent != nil, let code = query.value("code"), !code.isEmpty else { return .foreign }
        return .returned(code: code)
    }

    /// What a whole URI means that the program reports.
    public func verdict(reported: SecretBytes) -> RedirectVerdict {
        reported.withBytes { bytes in
            let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.endIndex
            let address = UnsafeRawBufferPointer(rebasing: bytes[..<end]).withoutSlash
            guard uri.withBytes({ address.isExactly($0.withoutSlash.text) }) else { return .foreign }
            guard end < bytes.endIndex, bytes[end] == UInt8(ascii: "?") else { return verdict(RedirectQuery(nil)) }
            let query = bytes[(end + 1)...].prefix { $0 != UInt8(ascii: "#") }
            return verdict(RedirectQuery(SecretBytes(copying: UnsafeRawBufferPointer(rebasing: query))))
        }
    }
}

/// What an arrival at the redirect URI means.
public enum RedirectVerdict: Sendable {
    /// The browser came back as it should; from a sign-in with a code.
    case returned(code: SecretBytes?)
    /// It came back with an error, which ends the step.
    case failed(RedirectError)
    /// An error without a state: perhaps ours, perhaps anybody's. It ends nothing.
    case failedForSomebody(RedirectError)
    /// Not ours.
    case foreign
}
