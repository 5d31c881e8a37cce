// SPDX-License-Identifier: Apache-2.0

/// The user's way through the browser, until it comes back with a code.
struct SignInWalk {
    let active: ActiveCall
    let options: SignInOptions
    let secrets: SignInSecrets
    /// Whether somebody may still be signed in in the browser.
    let isMarked: Bool
    let limit: WaitLimit

    static let setting: StaticString = "sign_in_redirect_uris"

    /// How the browser came back, and the step that answers it, which is to be closed.
    func run() throws(AuthFailure) -> (BrowserStep, BrowserReturn) {
        var step = try prepare(active.configuration.hostedUI.signInRedirects, Self.setting)
        let redirect = step.redirect
        let url = url(redirect.text)
        var isUnderWay = false
        if isMarked {
            let logouts = active.configuration.hostedUI.signOutRedirects.filter { $0.port != nil }
            let sharing = logouts.filter { $0.port == redirect.port }
            // A port has one listener.
            if !sharing.isEmpty { step.close() }
            do {
                isUnderWay = try signBrowserOut(sharing.isEmpty ? logouts : sharing, thenTo: url)
            } catch {
                if sharing.isEmpty { step.close() }
                throw error
            }
            if !sharing.isEmpty { step = try prepare([redirect], Self.setting) }
        }
        do {
            let back = try step.run(
                url, state: secrets.state, hiding: secrets.all, isUnderWay: isUnderWay, in: .signIn)
            return (step, back)
        } catch {
            step.close()
            throw error
        }
    }

    /// Lets nobody who was left signed in in the browser be signed in here: some pools do not heed `prompt`. Returns whether
    /// the browser goes on to `url` by itself.
    private func signBrowserOut(_ redirects: [RedirectURI], thenTo url: String) throws(AuthFailure) -> Bool {
        let step: BrowserStep
        do throws(AuthFailure) {
            guard !redirects.isEmpty else { throw AuthFailure(.browserNoPort) }
            step = try prepare(redirects, "sign_out_redirect_uris")
        } catch {
            guard error.status == .browserNoPort else { throw error }
            active.call.write(
                .warning,
                "Sign-in: the browser may be signed in still, and no sign-out redirect URI can be used to sign it out first"
            )
            return false
        }
        defer { step.close() }
        let logout = HostedUI.logoutURL(
            options.origin, active.configuration.clientID, returningTo: step.redirect.text)
        do {
            let back = try step.run(logout, state: nil, in: .signIn)
            step.answer(back.arrival, with: .redirect(url))
            return true
        } catch {
            guard error.status == .browserTimedOut || error.status == .browserRedirectError else { throw error }
            throw error.adding(
                " It was to be signed out first: the sign-out redirect URI must be registered for the app client.")
        }
    }

    private func prepare(_ redirects: [RedirectURI], _ setting: StaticString) throws(AuthFailure) -> BrowserStep {
        try .prepare(redirects, setting, active, limit, .signIn(active.configuration.hostedUI.appName))
    }

    /// The parameters are the Cognito user pools guide's, "Authorize endpoint".
    private func url(_ redirectURI: String) -> String {
        let query = URLEncodedForm()
        query.set("response_type", "code")
        query.set("client_id", active.configuration.clientID)
        query.set("redirect_uri", redirectURI)
        query.set("scope", options.scopeText)
        query.set("state", secrets.state)
        query.set("nonce", secrets.nonce)
        query.set("code_challenge", secrets.challenge(active.ports.digest))
        query.set("code_challenge_method", "S256")
        if let provider = options.identityProvider { query.set("identity_provider", provider) }
        if let identifier = options.idpIdentifier { query.set("idp_identifier", identifier) }
        if let hint = options.loginHint { query.set("login_hint", hint) }
        if let lang = options.lang { query.set("lang", lang) }
        if let prompt = (isMarked ? .login : options.prompt).parameter { query.set("prompt", prompt) }
        return HostedUI.url(options.origin, "oauth2/authorize?", query)
    }
}
