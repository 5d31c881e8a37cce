// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What is sent for an operation, in whichever attempt.
struct OperationRequest {
    let operation: CognitoOperation
    let endpoint: Endpoint
    /// Behind the endpoint's.
    let path: String
    let headers: [String]
    let authorization: SecretBytes?
    let body: SecretBytes

    func attempt(_ number: Int, of maximum: Int) -> CognitoRequest {
        var headers = headers + ["Cache-Control: no-store"]
        if operation != .codeExchange {
            headers.append(.joining("amz-sdk-request: attempt=", String(number), "; max=", String(maximum)))
        }
        return CognitoRequest(
            url: .joining(endpoint.url, path), isLoopbackOnly: endpoint.isLoopbackOnly, headers: headers,
            authorization: authorization, body: body, isRepeatable: operation.isRepeatable,
            patience: operation.patience)
    }
}
