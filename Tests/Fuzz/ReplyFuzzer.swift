// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

@testable import CognitoAuth

/// What the API answers to each operation. The first byte chooses the HTTP status, the second the operation, the third how
/// many of those behind it are the header `x-amzn-errortype`, if any; the rest is the body.
enum ReplyFuzzer {
    private static let statuses = [200, 400, 401, 403, 404, 429, 500, 502, 503, 504, 302, 204, 101]
    private static let operations: [CognitoOperation] = [
        .revokeToken, .globalSignOut, .getTokensFromRefreshToken, .getUser,
    ]

    static func run(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 3 else { return }
        let status = statuses[Int(bytes[0]) % statuses.count]
        let operation = operations[Int(bytes[1]) % operations.count]
        let length = min(Int(bytes[2]), bytes.count - 3)
        let header = FuzzInput.withSecrets(UnsafeRawBufferPointer(rebasing: bytes[3..<3 + length])).withBytes {
            $0.text
        }
        let body = FuzzInput.withSecrets(bytes.from(3 + length))
        let reply = CognitoReply(httpStatus: status, errorType: length == 0 ? nil : header, body: body)
        do {
            let answer = try ReplyParser(secrets: FuzzInput.secretBytes).success(reply)
            require(status == 200 && length == 0, "an error is a success")
            require(answer != nil || body.isEmpty, "a success cannot be read")
            if let answer { read(answer) }
        } catch {
            check(error, status)
            ToldText.check(error.authFailure(of: operation))
        }
    }

    private static func read(_ answer: JSONObject) {
        require(!answer.has("__type"), "an exception is a success")
        guard let tokens = IssuedTokens.ofRefresh(answer) else { return }
        for token in tokens.secrets { require(TokenRules.accept(token), "what is no token was taken") }
        let life = TokenLife(of: tokens, since: 1_700_000_000)
        require((0...86_400).contains(life.length), "a token lives for \(life.length) s")
    }

    private static func check(_ failure: RequestFailure, _ httpStatus: Int) {
        require(failure.wasSent, "what was answered was not sent")
        require(!failure.isRefusal || !failure.isTransient && httpStatus < 500, "a refusal passes")
        if failure.serviceException == nil {
            require(failure.status == .invalidResponse, "there is no exception")
            require(!failure.isRefusal, "what cannot be read is a refusal")
            if (200..<300).contains(httpStatus) { require(failure.mayBeDone, "what was done is not") }
        }
        ToldText.check(failure.detail, maximum: Redaction.maximumLength)
    }
}

@_cdecl("fuzz_reply")
public func fuzzReply(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    ReplyFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
