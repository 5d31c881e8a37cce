// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// What a token says of itself: the payload of a JSON Web Token, and a text that may be one.
enum ClaimsFuzzer {
    static func run(_ bytes: UnsafeRawBufferPointer) {
        let payload = SecretBytes(copying: bytes)
        checkEncoding(payload)
        let token = SecretBytes(copying: "eyJhbGciOiJSUzI1NiJ9.")
        Base64URL.encode(bytes, to: token)
        for byte in ".c2lnbmF0dXJl".utf8 { token.append(byte) }
        check(token)
        check(payload)
    }

    /// What is written is read again, and of each text that can be read there is one only.
    private static func checkEncoding(_ bytes: SecretBytes) {
        let text = Base64URL.encoded(bytes)
        let decoded = text.withBytes(Base64URL.decode)
        require(decoded.map { $0.hasSameBytes(as: bytes) } ?? false, "what was encoded is not decoded")
        guard let read = bytes.withBytes(Base64URL.decode) else { return }
        let again = Base64URL.encoded(read)
        let isSame = bytes.withBytes { bytes in
            again.withBytes { $0.elementsEqual(bytes.prefix { $0 != UInt8(ascii: "=") }) }
        }
        require(isSame, "what was decoded is encoded as something else")
    }

    private static func check(_ token: SecretBytes) {
        for place in [TokenPlace.access, .id, .refresh] {
            do {
                try place.check(token, FuzzConfiguration.standard)
                require(TokenRules.accept(token), "what is no token was taken")
            } catch {
                require(error.status == .invalidArgument)
                ToldText.check(error)
            }
        }
        guard let claims = TokenClaims(token) else { return }
        _ = (claims.issuedAt, claims.nonce, claims.accessTokenHash)
        for text in [claims.subject, claims.username, claims.issuer, claims.clientID, claims.audience, claims.use] {
            require(!(text?.utf8.contains(0) ?? false), "a text has a NUL")
        }
        do {
            let session = try Session.make(
                username: nil, accessToken: token, idToken: token, refreshToken: nil, method: .api)
            require(session.username.isExactly(claims.username ?? ""), "the user has another name")
            try session.validate(for: FuzzConfiguration.standard)
            require(!session.username.isEmpty && session.username.utf8.count <= 1024, "a user name has no limit")
            roundTrip(session)
        } catch {
            ToldText.check(error)
        }
    }

    /// What may be saved is stored whole.
    private static func roundTrip(_ session: Session) {
        let item = StoredItem(
            path: nil, attributes: ItemAttributes(.session), secret: StoredSession.encode(session, savedAt: 1))
        let stored = StoredSession(item).session
        require(stored?.accessToken.hasSameBytes(as: session.accessToken) ?? false, "a session is not stored")
        require(stored?.username.isExactly(session.username) ?? false, "a user name is not stored")
    }
}

@_cdecl("fuzz_claims")
public func fuzzClaims(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    ClaimsFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
