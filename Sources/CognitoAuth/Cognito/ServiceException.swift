// SPDX-License-Identifier: Apache-2.0

/// The exceptions that Cognito's service model declares, and the names that throttling goes by.
enum ServiceException {
    /// The name in `type`, which comes as `Name`, `Name:`, `Name:http://...`, `Name,...` or
    /// `prefix#Name`, or nil if nothing in it could be a name.
    ///
    /// Real Cognito sends the trailing colon.
    static func name(in type: String) -> String? {
        type.withBytes { bytes in
            let end = bytes.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ",") } ?? bytes.endIndex
            let start = bytes[..<end].lastIndex(of: UInt8(ascii: "#")).map { $0 + 1 } ?? 0
            let name = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            // Gateways put a number here, which is no name.
            guard let first = name.first, !first.isASCIIDigit, name.count <= 128, name.allSatisfy(isNameCharacter)
            else { return nil }
            return name.text
        }
    }

    static func status(named name: String) -> Status {
        for (known, status) in declared where name.isExactly(known) { return status }
        return isThrottling(name) ? .tooManyRequests : .serviceError
    }

    private static var declared: [(String, Status)] {
        [
            ("NotAuthorizedException", .notAuthorized),
            ("ResourceNotFoundException", .resourceNotFound),
            ("InvalidParameterException", .invalidParameter),
            ("TooManyRequestsException", .tooManyRequests),
            ("PasswordResetRequiredException", .passwordResetRequired),
            ("UserNotConfirmedException", .userNotConfirmed),
            ("UserNotFoundException", .userNotFound),
            ("OperationNotEnabledException", .operationNotEnabled),
            ("InternalErrorException", .internalError),
            ("ForbiddenException", .forbidden),
            ("UnauthorizedException", .unauthorized),
            ("UnsupportedOperationException", .unsupportedOperation),
            ("UnsupportedTokenTypeException", .unsupportedTokenType),
            ("UnexpectedLambdaException", .unexpectedLambda),
            ("UserLambdaValidationException", .userLambdaValidation),
            ("InvalidLambdaResponseException", .invalidLambdaResponse),
            ("RefreshTokenReuseException", .refreshTokenReuse),
        ]
    }

    /// Whether the AWS SDKs' retry behaviour treats a name as throttling.
    private static func isThrottling(_ name: String) -> Bool {
        let wanted: String = .joining(" ", name, " ")
        return throttling.withBytes { names in names.indices.contains { names.has(wanted, at: $0) } }
    }

    /// With a space before and after each.
    private static var throttling: String {
        " LimitExceededException RequestLimitExceeded Throttling ThrottlingException ThrottledException RequestThrottled"
            + " RequestThrottledException SlowDown BandwidthLimitExceeded TooManyRequests PriorRequestNotComplete"
            + " TransactionInProgressException ProvisionedThroughputExceededException "
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte.isOne(of: "_.")
    }
}
