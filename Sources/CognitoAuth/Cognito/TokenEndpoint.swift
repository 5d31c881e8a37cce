// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The token endpoint of the hosted UI, which exchanges the code of a sign-in for tokens.
///
/// Source: RFC 6749, section 4.1.3, RFC 7636, and the Cognito user pools guide, "Token endpoint".
struct TokenEndpoint {
    let origin: Endpoint
    let cognito: CognitoService

    /// What it answers, whatever that is. `redirectURI` is what the code was asked for with.
    func exchange(
        _ code: SecretBytes, verifier: SecretBytes, redirectURI: String
    ) throws(RequestFailure) -> JSONObject {
        let configuration = cognito.configuration
        let form = URLEncodedForm(beginning: "grant_type=authorization_code")
        form.set("client_id", configuration.clientID)
        form.set("code", code)
        form.set("redirect_uri", redirectURI)
        form.set("code_verifier", verifier)
        let answer = try cognito.deliver(
            OperationRequest(
                operation: .codeExchange, endpoint: origin, path: "oauth2/token",
                headers: ["Content-Type: application/x-www-form-urlencoded"],
                authorization: configuration.clientSecret.map { Self.basic(configuration.clientID, $0) },
                body: form.text),
            secrets: [code, verifier])
        guard let answer else { throw RequestFailure(.invalidResponse, .unanswered, "the answer is empty") }
        return answer
    }

    /// The login of an app client that has a secret (RFC 7617), as the transport sends it.
    private static func basic(_ clientID: String, _ secret: SecretBytes) -> SecretBytes {
        let login = SecretBytes(copying: clientID)
        login.append(UInt8(ascii: ":"))
        secret.withBytes { login.append($0) }
        let line = SecretBytes(copying: "Authorization: Basic ")
        // The characters of client ids and secrets need none of the two digits in which base64 and base64url differ.
        login.withBytes { Base64URL.encode($0, to: line) }
        for _ in 0..<((3 - login.count % 3) % 3) { line.append(UInt8(ascii: "=")) }
        return line
    }
}
