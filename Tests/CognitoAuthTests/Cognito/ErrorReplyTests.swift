// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("An answer that is an error")
struct ErrorReplyTests {
    private func failure(_ httpStatus: Int, _ body: String, errorType: String? = nil) throws -> RequestFailure {
        let reply = CognitoReply(httpStatus: httpStatus, errorType: errorType, body: SecretBytes(body))
        return try #require(throws: RequestFailure.self) { try ReplyParser(secrets: []).success(reply) }
    }

    @Test(
        "The header x-amzn-errortype names the exception, in all the forms that AWS sends",
        arguments: [
            "NotAuthorizedException:", "NotAuthorizedException", "NotAuthorizedException,other",
            "NotAuthorizedException:http://internal.amazon.com/coral/com.amazon.coral.service/",
            "com.amazonaws.cognitoidentityprovider#NotAuthorizedException",
            "aws.protocoltests.restjson#NotAuthorizedException:http://internal.amazon.com/coral/validate/",
        ])
    func header(type: String) throws {
        let failure = try failure(400, #"{"message":"Access Token has been revoked"}"#, errorType: type)
        #expect(failure.status == .notAuthorized)
        #expect(failure.serviceException == "NotAuthorizedException")
        #expect(failure.detail == "Access Token has been revoked")
        #expect(failure.reason == .tokenRevoked)
        #expect(failure.delivery == .answered)
    }

    @Test(
        "The body names it where the header does not",
        arguments: [
            #"{"__type":"ForbiddenException"}"#, #"{"code":"ForbiddenException"}"#,
            #"{"__type":"com.amazon.coral.service#ForbiddenException"}"#, #"{"__type":"a#b#ForbiddenException"}"#,
            #"{"code":"ForbiddenException:http://example.org/","message":null}"#,
            #"{"code":400,"__type":"ForbiddenException"}"#,
        ])
    func body(body: String) throws {
        let failure = try failure(400, body)
        #expect(failure.status == .forbidden)
        #expect(failure.serviceException == "ForbiddenException")
    }

    @Test("The header wins over `code`, and `code` over `__type`")
    func precedence() throws {
        let body = #"{"code":"UnauthorizedException","__type":"ForbiddenException"}"#
        #expect(try failure(400, body, errorType: "NotAuthorizedException:").status == .notAuthorized)
        #expect(try failure(400, body).status == .unauthorized)
    }

    @Test("The body is read where the header is there and empty")
    func emptyHeader() throws {
        #expect(try failure(400, #"{"__type":"ForbiddenException"}"#, errorType: "").status == .forbidden)
    }

    @Test(
        "What is no name hides none that comes after it",
        arguments: [
            ("<html>", #"{"__type":"ForbiddenException"}"#), (" ", #"{"code":"ForbiddenException"}"#),
            (nil, #"{"code":"","__type":"ForbiddenException"}"#),
            (nil, #"{"code":"403","__type":"ForbiddenException"}"#),
            (nil, #"{"code":"no access","__type":"ForbiddenException"}"#),
        ] as [(String?, String)])
    func noName(header: String?, body: String) throws {
        #expect(try failure(403, body, errorType: header).status == .forbidden)
    }

    @Test("The header counts also where the body cannot be read", arguments: ["", "<html>", "[]", "{"])
    func unreadableBody(body: String) throws {
        let failure = try failure(400, body, errorType: "NotAuthorizedException:")
        #expect(failure.status == .notAuthorized)
        #expect(failure.detail == "")
    }

    @Test("The message is `message` or else `Message`")
    func message() throws {
        #expect(try failure(400, #"{"__type":"A","Message":"capital"}"#).detail == "capital")
        #expect(try failure(400, #"{"__type":"A","Message":"capital","message":"small"}"#).detail == "small")
        #expect(try failure(400, #"{"__type":"A","message":7,"Message":"capital"}"#).detail == "capital")
        #expect(try failure(400, #"{"__type":"A"}"#).detail == "")
    }

    @Test(
        "An answer that names no exception is an invalid response",
        arguments: [
            (400, ""), (400, "<html>x</html>"), (400, #"{"message":"no type"}"#), (403, "{}"), (500, ""), (302, ""),
            (100, ""), (0, ""), (-1, ""), (999, "[]"), (400, #"{"__type":""}"#), (400, #"{"__type":":"}"#),
            (400, ##"{"__type":"#"}"##), (400, #"{"__type":7}"#), (400, #"{"__type":"<script>"}"#),
            (400, #"{"__type":"two words"}"#),
        ] as [(Int, String)])
    func noException(httpStatus: Int, body: String) throws {
        let failure = try failure(httpStatus, body)
        #expect(failure.status == .invalidResponse)
        #expect(failure.serviceException == nil)
        #expect(failure.wasSent)
        #expect(failure.detail == "HTTP status \(httpStatus)")
    }

    @Test("A name of more than 128 characters is none")
    func longName() throws {
        #expect(try failure(400, #"{"__type":"\#(String(repeating: "E", count: 128))"}"#).status == .serviceError)
        #expect(try failure(400, #"{"__type":"\#(String(repeating: "E", count: 129))"}"#).status == .invalidResponse)
    }

    @Test(
        "Every exception of the service model has its status, whatever the HTTP status",
        arguments: StepFailureTests.exceptions)
    func declared(name: String, status: Status) throws {
        for httpStatus in [400, 403, 418, 500] {
            #expect(try failure(httpStatus, "", errorType: name).status == status)
        }
    }

    @Test(
        "A name in another case, or with something more, is another exception",
        arguments: [
            "notauthorizedexception", "NotAuthorizedException2", "NotAuthorized", "XNotAuthorizedException",
        ])
    func otherName(name: String) throws { #expect(try failure(400, "", errorType: name).status == .serviceError) }

    @Test(
        "Throttling goes by many names",
        arguments: [
            "TooManyRequestsException", "LimitExceededException", "RequestLimitExceeded", "Throttling",
            "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "SlowDown",
            "BandwidthLimitExceeded", "PriorRequestNotComplete", "TransactionInProgressException",
            "ProvisionedThroughputExceededException",
        ])
    func throttling(name: String) throws {
        let failure = try failure(400, "", errorType: name)
        #expect(failure.status == .tooManyRequests)
        #expect(failure.isTransient)
    }

    @Test(
        "Which errors may pass is decided by type and by HTTP status",
        arguments: [
            (400, "InternalErrorException", true), (500, "ForbiddenException", true),
            (400, "ForbiddenException", false),
            (429, nil, true), (500, nil, true), (502, nil, true), (503, nil, true), (504, nil, true), (501, nil, false),
            (400, nil, false), (403, nil, false), (301, nil, false),
        ] as [(Int, String?, Bool)])
    func transient(httpStatus: Int, type: String?, isTransient: Bool) throws {
        #expect(try failure(httpStatus, "<html>", errorType: type).isTransient == isTransient)
    }

    @Test(
        "What NotAuthorizedException's message says decides, in any case of letters",
        arguments: [
            ("Access Token has been revoked", RequestFailure.Reason.tokenRevoked),
            ("ACCESS TOKEN HAS BEEN REVOKED", .tokenRevoked), ("Access Token has expired", .tokenExpired),
            ("Access Token does not have required scopes", .scopeMissing), ("User is disabled.", .userDisabled),
            ("Invalid Access Token", .tokenInvalid), ("Invalid Refresh Token", .other), ("", .other),
            ("é has been  revoked", .other),
            ("has been revoke", .other),
        ])
    func reason(message: String, reason: RequestFailure.Reason) throws {
        #expect(try failure(400, #"{"__type":"NotAuthorizedException","message":"\#(message)"}"#).reason == reason)
        #expect(try failure(400, #"{"__type":"ForbiddenException","message":"\#(message)"}"#).reason == .other)
    }

    @Test("Row 17: success is 200 without a body or with a JSON object")
    func success() throws {
        for body in ["", "{}", #"{"message":"X"}"#, #"{"code":"X"}"#] {
            let reply = CognitoReply(httpStatus: 200, errorType: "", body: SecretBytes(body))
            #expect((try ReplyParser(secrets: []).success(reply) == nil) == body.isEmpty)
        }
    }

    @Test("Row 4: a 200 that names an exception is that exception, and was answered")
    func successWithType() throws {
        for (body, type) in [
            ("", "ForbiddenException:"), ("{}", "ForbiddenException"), ("<html>", "ForbiddenException"),
            (#"{"__type":"ForbiddenException"}"#, nil), (#"{"__type":"a#ForbiddenException","x":1}"#, ""),
        ] {
            let failure = try failure(200, body, errorType: type)
            #expect(failure.status == .forbidden)
            #expect(failure.delivery == .answered)
        }
        #expect(try failure(200, "", errorType: "InternalErrorException").isTransient)
    }

    @Test("Row 4: a 200 with a type that is no name is no success, and may stand for something done")
    func successWithUnusableType() throws {
        for (body, type) in [("", "<html>"), (#"{"__type":""}"#, nil), (#"{"__type":7}"#, nil)] {
            let failure = try failure(200, body, errorType: type)
            #expect(failure.status == .invalidResponse)
            #expect(failure.delivery == .unanswered)
        }
    }

    @Test(
        "After 502, 503 and 504 Cognito may have done it, unless the answer names an exception of Cognito's",
        arguments: [
            (502, "<html>", nil, .gateway), (503, "", nil, .gateway), (504, "{}", nil, .gateway),
            (503, "", "ServiceUnavailable", .gateway), (503, "", "TooManyRequestsException", .answered),
            (502, "", "InternalErrorException:", .answered), (500, "<html>", nil, .answered),
            (501, "", nil, .answered), (505, "", nil, .answered), (500, "", "BrandNewException", .answered),
        ] as [(Int, String, String?, RequestFailure.Delivery)])
    func gateway(httpStatus: Int, body: String, type: String?, delivery: RequestFailure.Delivery) throws {
        let failure = try failure(httpStatus, body, errorType: type)
        #expect(failure.delivery == delivery)
        #expect(failure.mayBeDone == (delivery == .gateway))
    }

    @Test(
        "A refusal is an exception that another attempt meets again",
        arguments: [
            (400, "PasswordResetRequiredException", true), (200, "InvalidParameterException", true),
            (400, "BrandNewException", true), (400, "TooManyRequestsException", false),
            (400, "InternalErrorException", false), (500, "InvalidParameterException", false),
            (501, "BrandNewException", false), (400, nil, false), (403, "<html>", false),
        ] as [(Int, String?, Bool)])
    func refusal(httpStatus: Int, type: String?, isRefusal: Bool) throws {
        #expect(try failure(httpStatus, "", errorType: type).isRefusal == isRefusal)
    }

    @Test("Another 2xx is nothing that Cognito sends", arguments: [201, 204, 299])
    func otherSuccess(httpStatus: Int) throws {
        for body in ["", "{}"] { #expect(try failure(httpStatus, body).status == .invalidResponse) }
    }

    @Test("A success that cannot be read may have been one", arguments: ["[]", "<html>", "{", "7", "\u{0}"])
    func unreadableSuccess(body: String) throws {
        let failure = try failure(200, body)
        #expect(failure.status == .invalidResponse)
        #expect(failure.delivery == .unanswered)
    }
}
