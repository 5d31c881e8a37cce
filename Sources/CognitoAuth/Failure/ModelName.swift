// SPDX-License-Identifier: Apache-2.0

/// The names of Cognito that are as long as tokens, and that are no secret.
///
/// Source: the service model of `cognito-idp` that AWS publishes with its SDKs; a test compares all names.
enum ModelName {
    private static let longest = 64
    private static let longestWord = 16

    /// Whether `text` is an operation, a field or an exception of Cognito's. One that is newer than this library is known
    /// by what all exceptions end in, and by the plain words before that.
    static func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count <= longest else { return false }
        return isListed(text) || isException(text)
    }

    private static func isListed(_ text: UnsafeRawBufferPointer) -> Bool {
        let names = list
        var matching = 0
        var isSame = true
        for index in 0...names.utf8CodeUnitCount {
            let byte = index < names.utf8CodeUnitCount ? names.utf8Start[index] : UInt8(ascii: " ")
            if byte == UInt8(ascii: " ") {
                if isSame, matching == text.count { return true }
                matching = 0
                isSame = true
            } else {
                isSame = isSame && matching < text.count && text[matching] == byte
                matching += 1
            }
        }
        return false
    }

    /// Words with a capital letter each, and the last one is "Exception". A token that looks like this is not random.
    private static func isException(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.has("Exception", at: text.count - 9) else { return false }
        var wordLength = 0
        for byte in text {
            if byte.isASCIIUppercase {
                guard wordLength != 1 else { return false }
                wordLength = 1
            } else {
                guard byte.isASCIILowercase, (1..<longestWord).contains(wordLength) else { return false }
                wordLength += 1
            }
        }
        return true
    }

    /// All that have 24 characters or more, except exceptions of plain words.
    private static var list: StaticString {
        """
        AccountTakeoverRiskConfiguration AdminDeleteSoftwareToken AdminDeleteUserAttributes \
        AdminDisableProviderForUser AdminLinkProviderForUser AdminRemoveUserFromGroup AdminRespondToAuthChallenge \
        AdminSetUserMFAPreference AdminUpdateAuthEventFeedback AdminUpdateUserAttributes \
        AdvancedSecurityAdditionalFlows AllowAdminCreateUserOnly AllowedOAuthFlowsUserPoolClient \
        AttributesRequireVerificationBeforeUpdate ChallengeRequiredOnNewDevice ClientAuthenticationResult \
        CloudWatchLogsConfiguration CompleteWebAuthnRegistration CompromisedCredentialsDetected \
        CompromisedCredentialsRiskConfiguration ConfiguredUserAuthFactors CreateManagedLoginBranding \
        CredentialCreationOptions DeleteManagedLoginBranding DeleteUserPoolClientSecret DeleteWebAuthnCredential \
        DescribeIdentityProvider DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient \
        DescribeRiskConfiguration DeviceLastAuthenticatedDate DeviceOnlyRememberedOnUserPrompt \
        DeviceSecretVerifierConfig EmailConfigurationFailure EmailVerificationMessage EmailVerificationSubject \
        EnablePropagateAdditionalUserContextData EnableSoftwareTokenMFAException GetIdentityProviderByIdentifier \
        GetLogDeliveryConfiguration GetTokensFromRefreshToken GetUserAttributeVerificationCode \
        GetUserPoolClientSessionConfiguration GetUserPoolSessionConfiguration InvalidOAuthFlowException \
        ListUserPoolClientSecrets LogDeliveryConfiguration MFAMethodNotFoundException NumberAttributeConstraints \
        PasswordHashingAlgorithm PreTokenGenerationConfig PreventUserExistenceErrors PrimaryRoute53HealthCheckId \
        RevokeAssociatedSessions RiskExceptionConfiguration SetLogDeliveryConfiguration \
        SetUserPoolClientSessionConfiguration SetUserPoolSessionConfiguration SmsAuthenticationMessage \
        SoftwareTokenMFANotFoundException SoftwareTokenMfaConfiguration SoftwareTokenMfaSettings \
        StartWebAuthnRegistration StringAttributeConstraints SubjectTokenProviderName SupportedIdentityProviders \
        TemporaryPasswordValidityDays UnusedAccountValidityDays UpdateManagedLoginBranding UseCognitoProvidedValues \
        UserAttributeUpdateSettings UserConfirmationNecessary VerificationMessageTemplate \
        VerifyAuthChallengeResponse
        """
    }
}
