// SPDX-License-Identifier: Apache-2.0

/// What a program asks of a sign-in, checked.
public struct SignInOptions: Sendable {
    let origin: Endpoint
    /// With a space between two of them.
    let scopes: String
    /// Whether the scope is among them that GlobalSignOut needs.
    let canSignOutEverywhere: Bool
    /// What the authorize URL has for this.
    let parameters: [Parameter]
    let prompt: Prompt
    /// Whether a new session of the user who is signed in takes the old one's place.
    let replacesSameUser: Bool
    /// Whether somebody takes the session that cannot be stored. Otherwise it is revoked.
    let handsOut: Bool

    /// One of the parameters of the authorize URL.
    final class Parameter: Sendable {
        let name: StaticString
        let value: String

        fileprivate init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }

        /// nil if it is not set.
        @inline(never)
        fileprivate static func checked(_ name: StaticString, _ value: String?) throws(AuthFailure) -> Parameter? {
            guard let value else { return nil }
            guard (1...256).contains(value.utf8.count), !Configuration.hasControlCharacter(value) else {
                throw .invalid(name, "must be 1 to 256 bytes without control characters")
            }
            return Parameter(name, value)
        }
    }

    /// What the hosted UI asks the user. The numbers are those of `auth_sign_in_prompt` in the C header.
    public enum Prompt: Int32, Sendable {
        /// What it needs to.
        case standard = 0
        /// To sign in, even where the browser is signed in.
        case login = 1
        case selectAccount = 2
        /// Nothing.
        case none = 3

        var parameter: String? {
            switch self {
            case .standard: nil
            case .login: "login"
            case .selectAccount: "select_account"
            case .none: "none"
            }
        }
    }

    /// Options as they came in; no scopes stand for the configuration's, or the default.
    public init(
        scopes: [String], identityProvider: String?, idpIdentifier: String?, loginHint: String?, lang: String?,
        prompt: Int32, replacesSameUser: Bool, handsOut: Bool, _ configuration: Configuration
    ) throws(AuthFailure) {
        let hostedUI = configuration.hostedUI
        guard let origin = hostedUI.origin else { throw .invalid("hosted_ui_domain", "is required to sign in") }
        guard !hostedUI.signInRedirects.isEmpty else {
            throw .invalid("sign_in_redirect_uris", "are required to sign in")
        }
        guard let prompt = Prompt(rawValue: prompt) else {
            throw .invalid("prompt", "must be one of AUTH_SIGN_IN_PROMPT")
        }
        guard identityProvider == nil || idpIdentifier == nil else {
            throw .invalid("idp_identifier", "cannot be set together with identity_provider")
        }
        let (text, canSignOutEverywhere) = try Self.checked(scopes.isEmpty ? hostedUI.scopes : scopes)
        let parameters = [
            Parameter("scope", text), try Parameter.checked("identity_provider", identityProvider),
            try .checked("idp_identifier", idpIdentifier), try .checked("login_hint", loginHint),
            try .checked("lang", lang),
        ]
        self.origin = origin
        self.scopes = text
        self.canSignOutEverywhere = canSignOutEverywhere
        self.parameters = parameters.compactMap { $0 }
        self.prompt = prompt
        self.replacesSameUser = replacesSameUser
        self.handsOut = handsOut
    }

    /// Without it GlobalSignOut is refused.
    static let userAdmin = "aws.cognito.signin.user.admin"

    /// The scopes as they are sent, and whether the one for GlobalSignOut is among them.
    ///
    /// Source: the pattern of ScopeType in the Cognito API reference, `[\x21\x23-\x5B\x5D-\x7E]+`, 1 to 256.
    private static func checked(_ scopes: [String]) throws(AuthFailure) -> (String, Bool) {
        if scopes.isEmpty { return (.joining("openid ", userAdmin), true) }
        var text = ""
        for scope in scopes {
            guard (1...256).contains(scope.utf8.count), scopes.count <= 50,
                scope.hasOnly({ $0.isASCIIGraphic && !$0.isOne(of: "\"\\") })
            else {
                throw .invalid("scopes", "must be at most 50, of 1 to 256 printable ASCII characters without spaces")
            }
            text = .joining(text, text.isEmpty ? "" : " ", scope)
        }
        // Without it no ID token comes.
        guard scopes.contains(where: { $0.isExactly("openid") }) else {
            throw .invalid("scopes", "must have openid in them")
        }
        return (text, scopes.contains { $0.isExactly(userAdmin) })
    }
}
