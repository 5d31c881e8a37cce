// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Which of a session's tokens a token is to be, and whether it fits that.
///
/// A token of another user pool or app client, or in another's place, is stored for nothing: Cognito refuses it later,
/// and in a global sign-out only then. But a claim that is not there, or cannot be read, proves nothing: emulators leave
/// claims out, and a refresh token is closed.
enum TokenPlace {
    case access
    case id
    case refresh

    func check(_ token: SecretBytes, _ configuration: Configuration) throws(AuthFailure) {
        try checkCharacters(token)
        guard let claims = TokenClaims(token) else { return }
        if let use = claims.use, isAnother(use) { throw .invalid(name, ownUse) }
        let clientID = configuration.clientID
        if claims.clientID.map(clientID.isExactly) == false {
            throw .invalid(name, "is of another app client: see its claim client_id")
        }
        // In an access token it is the API that the token is for.
        if case .id = self, claims.audience.map(clientID.isExactly) == false {
            throw .invalid(name, "is of another app client: see its claim aud")
        }
        if let issuer = claims.issuer, Self.isAnotherPool(issuer, than: configuration.userPoolID) {
            throw .invalid(name, "is of another user pool: see its claim iss")
        }
    }

    func checkCharacters(_ token: SecretBytes) throws(AuthFailure) {
        guard TokenRules.accept(token) else {
            throw .invalid(name, "must be 1 to 65536 of the characters A-Z a-z 0-9 . - _ =")
        }
    }

    private var name: StaticString {
        switch self {
        case .access: "access_token"
        case .id: "id_token"
        case .refresh: "refresh_token"
        }
    }

    private var ownUse: StaticString {
        switch self {
        case .access: "is not an access token: see its claim token_use"
        case .id: "is not an ID token: see its claim token_use"
        case .refresh: "is not a refresh token: see its claim token_use"
        }
    }

    private func isAnother(_ use: String) -> Bool {
        switch self {
        case .access: use.isExactly("id") || use.isExactly("refresh")
        case .id: use.isExactly("access") || use.isExactly("refresh")
        case .refresh: use.isExactly("access") || use.isExactly("id")
        }
    }

    /// Cognito's issuers end in the user pool's id, whatever the host. Where there is no such id at the end, the pool is
    /// not told.
    private static func isAnotherPool(_ issuer: String, than userPoolID: String) -> Bool {
        issuer.withBytes { bytes in
            let path = bytes.withoutSlash
            guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return false }
            let last = UnsafeRawBufferPointer(rebasing: path[(slash + 1)...]).text
            return Configuration.prefix(ofPool: last) != nil && !last.isExactly(userPoolID)
        }
    }
}
