// SPDX-License-Identifier: Apache-2.0

/// The user's way through the browser, until it comes back with a code.
struct SignInWalk {
    private let attempt: SignInAttempt
    private let limit: WaitLimit

    static let setting: StaticString = "sign_in_redirect_uris"

    /// How the browser came back, and the step that answers it, which is to be closed. The time that it took is not the
    /// call's.
    static func run(_ attempt: SignInAttempt) throws(AuthFailure) -> (BrowserStep, BrowserReturn) {
        let call = attempt.active.call
        let clock = attempt.active.ports.clock
        let start = clock.monotonicMilliseconds
        let limit = WaitLimit(deadline: start + call.options.signInTimeout, cancellation: call.cancellation)
        defer { attempt.active.extend(by: clock.monotonicMilliseconds - start) }
        return try SignInWalk(attempt: attempt, limit: limit).run()
    }

    private func run() throws(AuthFailure) -> (BrowserStep, BrowserReturn) {
        var step = try prepare(attempt.active.configuration.hostedUI.signInRedirects, Self.setting)
        let redirect = step.redirect
        let url = url(redirect.text)
        var isUnderWay = false
        if !attempt.marks.isEmpty {
            // A port has one listener, and both redirect URIs may have the same.
            step.close()
            if let next = try signBrowserOut(thenTo: url, at: redirect) {
                step = next
                isUnderWay = true
            } else {
                step = try prepare([redirect], Self.setting)
            }
        }
        do {
            let back = try step.run(
                url, state: attempt.secrets.state, hiding: attempt.secrets.all, isUnderWay: isUnderWay, in: .signIn)
            return (step, back)
        } catch {
            step.close()
            throw error
        }
    }

    /// Lets nobody who was left signed in in the browser be signed in here: some pools do not heed `prompt`. Returns the step
    /// of the sign-in, at `redirect`, if the browser goes on to `url` by itself.
    private func signBrowserOut(thenTo url: String, at redirect: RedirectURI) throws(AuthFailure) -> BrowserStep? {
        let redirects = attempt.active.configuration.hostedUI.signOutRedirects.filter { $0.port != nil }
        let step: BrowserStep
        do throws(AuthFailure) {
            guard !redirects.isEmpty else { throw AuthFailure(.browserNoPort) }
            step = try prepare(redirects.filter { $0.port != redirect.port } + redirects, "sign_out_redirect_uris")
        } catch {
            guard error.status == .browserNoPort else { throw error }
            attempt.active.call.write(
                .warning,
                "Sign-in: the browser may be signed in still, and no sign-out redirect URI can be used to sign it out first"
            )
            return nil
        }
        let logout = HostedUI.logoutURL(
            attempt.options.origin, attempt.active.configuration.clientID, returningTo: step.redirect.text)
        let back: BrowserReturn
        do {
            back = try step.run(logout, state: nil, in: .signIn)
        } catch {
            step.close()
            guard error.status == .browserTimedOut || error.status == .browserRedirectError else { throw error }
            throw error.adding(
                " It was to be signed out first: the sign-out redirect URI must be registered for the app client.")
        }
        guard step.redirect.port == redirect.port else {
            defer { step.close() }
            // Listened to before the browser is sent on: where nothing has to be typed it is back at once.
            let next = try prepare([redirect], Self.setting)
            step.answer(back.arrival, with: .redirect(url))
            return next
        }
        step.answer(back.arrival, with: .redirect(url))
        step.close()
        return try prepare([redirect], Self.setting)
    }

    private func prepare(_ redirects: [RedirectURI], _ setting: StaticString) throws(AuthFailure) -> BrowserStep {
        let active = attempt.active
        return try .prepare(redirects, setting, active, limit, .signIn(active.configuration.hostedUI.appName))
    }

    /// The parameters are the Cognito user pools guide's, "Authorize endpoint".
    private func url(_ redirectURI: String) -> String {
        let query = URLEncodedForm(beginning: "response_type=code&code_challenge_method=S256")
        query.set("code_challenge", attempt.secrets.challenge(attempt.active.ports.digest))
        query.set("state", attempt.secrets.state)
        query.set("nonce", attempt.secrets.nonce)
        query.set("client_id", attempt.active.configuration.clientID)
        query.set("redirect_uri", redirectURI)
        for parameter in attempt.options.parameters { query.set(parameter.name, parameter.value) }
        let prompt = attempt.marks.isEmpty ? attempt.options.prompt : .login
        if let prompt = prompt.parameter { query.set("prompt", prompt) }
        return HostedUI.url(attempt.options.origin, "oauth2/authorize?", query)
    }
}
