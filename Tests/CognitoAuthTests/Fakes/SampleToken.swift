// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tokens that look like Cognito's. The signature is made up: the core does not check it.
enum SampleToken {
    /// The `exp` of the tokens in the Amplify libraries' own tests.
    static let expiry: Int64 = 1_516_239_022

    static let refresh = "refresh-token-of-this-session"

    static func access(
        sub: String? = "sub-of-alice", username: String = "alice", exp: Int64? = expiry,
        originIdentifier: String? = "origin-1"
    ) -> String {
        var claims = [#""username":"\#(username)""#, #""token_use":"access""#]
        if let sub { claims.append(#""sub":"\#(sub)""#) }
        if let exp { claims.append(#""exp":\#(exp)"#) }
        if let originIdentifier { claims.append(#""origin_jti":"\#(originIdentifier)""#) }
        return token("{\(claims.joined(separator: ","))}")
    }

    static func id(sub: String = "sub-of-alice", exp: Int64 = expiry) -> String {
        token(#"{"sub":"\#(sub)","cognito:username":"alice","token_use":"id","exp":\#(exp)}"#)
    }

    /// A token with `payload` as it is.
    static func token(_ payload: String) -> String {
        [#"{"alg":"HS256","typ":"JWT"}"#, payload, "a signature of made-up bytes"]
            .map { base64URL(Data($0.utf8)) }.joined(separator: ".")
    }

    static func base64URL(_ data: Data) -> String {
        let replacements: [Character: String] = ["+": "-", "/": "_", "=": ""]
        return data.base64EncodedString().map { replacements[$0] ?? String($0) }.joined()
    }
}
