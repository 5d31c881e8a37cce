// SPDX-License-Identifier: Apache-2.0

/// What a program asks of a sign-in, checked.
public struct SignInOptions: Sendable {
    let origin: Endpoint
    let scopes: [String]
    let identityProvider: String?
    let idpIdentifier: String?
    let loginHint: String?
    let lang: String?
    let prompt: Prompt
    /// Whether a new session of the user who is signed in takes the old one's place.
    let replacesSameUser: Bool
    /// Whether somebody takes the session that cannot be stored. Otherwise it is revoked.
    let handsOut: Bool

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

    /// The scopes as they are sent, with a space between two of them.
    var scopeText: String { scopes.dropFirst().reduce(scopes.first ?? "") { .joining($0, " ", $1) } }

    func asks(for scope: String) -> Bool { scopes.contains { $0.isExactly(scope) } }

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
        self.origin = origin
        let wanted = scopes.isEmpty ? hostedUI.scopes : scopes
        self.scopes = wanted.isEmpty ? [Self.openID, Self.userAdmin] : wanted
        guard self.scopes.count <= 50, self.scopes.allSatisfy(Self.isScope) else {
            throw .invalid("scopes", "must be at most 50, of 1 to 256 printable ASCII characters without spaces")
        }
        guard identityProvider == nil || idpIdentifier == nil else {
            throw .invalid("idp_identifier", "cannot be set together with identity_provider")
        }
        self.identityProvider = try Self.checked(identityProvider, "identity_provider")
        self.idpIdentifier = try Self.checked(idpIdentifier, "idp_identifier")
        self.loginHint = try Self.checked(loginHint, "login_hint")
        self.lang = try Self.checked(lang, "lang")
        guard let prompt = Prompt(rawValue: prompt) else {
            throw .invalid("prompt", "must be one of AUTH_SIGN_IN_PROMPT")
        }
        self.prompt = prompt
        self.replacesSameUser = replacesSameUser
        self.handsOut = handsOut
        guard asks(for: Self.openID) else { throw .invalid("scopes", "must have openid in them") }
    }

    /// Without it no ID token comes.
    private static let openID = "openid"
    /// Without it GlobalSignOut is refused.
    static let userAdmin = "aws.cognito.signin.user.admin"

    /// Source: the pattern of ScopeType in the Cognito API reference, `[\x21\x23-\x5B\x5D-\x7E]+`, 1 to 256.
    private static func isScope(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isASCIIGraphic && !$0.isOne(of: "\"\\") }
    }

    private static func checked(_ text: String?, _ name: StaticString) throws(AuthFailure) -> String? {
        guard let text else { return nil }
        guard (1...256).contains(text.utf8.count), !Configuration.hasControlCharacter(text) else {
            throw .invalid(name, "must be 1 to 256 bytes without control characters")
        }
        return text
    }
}
