// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Signing a user in through the browser.
struct SignIn {
    let client: AuthClient
    let call: Call
    let options: SignInOptions

    func run() throws(SessionFailure) -> LoadedSession {
        var unsaved: LoadedSession?
        do throws(AuthFailure) {
            return try signIn(&unsaved)
        } catch {
            call.write(.error, .joining("Sign-in: ", error.status.name))
            throw SessionFailure(told(error), unsaved: unsaved)
        }
    }

    private func told(_ failure: AuthFailure) -> AuthFailure {
        if failure.status == .browserRedirectError, failure.serviceException?.isExactly("invalid_scope") == true {
            return failure.adding(.joining(" The scopes were: ", options.scopes, ".")).told(of: .refusedScopes)
        }
        return failure.told(of: .signIn)
    }

    private func signIn(_ unsaved: inout LoadedSession?) throws(AuthFailure) -> LoadedSession {
        try BrowserStep.check(client.configuration.hostedUI.signInRedirects, SignInWalk.setting, call)
        let lock = client.ports.lock
        guard lock.reserveSignIn() else {
            throw AuthFailure(.busy, "Another sign-in of this client waits for the browser.")
        }
        defer { lock.releaseSignIn() }
        if !options.canSignOutEverywhere {
            call.write(
                .warning, .joining("Sign-in: no sign-out everywhere works without the scope ", SignInOptions.userAdmin))
        }
        let secrets = try SignInSecrets.make(client.ports.randomness)
        let attempt = SignInAttempt(try .begin(client, call), options, secrets)
        try attempt.look()
        let (step, back) = try SignInWalk.run(attempt)
        defer { step.close() }
        do {
            let session = try SignInCompletion(attempt: attempt).run(back.code, step.redirectURI, &unsaved)
            step.answer(back.arrival, with: .page(step.pages.done, httpStatus: 200))
            if attempt.hasUnfinished { _ = PassingRevocation(active: attempt.active).run() }
            return attempt.loaded(session)
        } catch {
            let page = BrowserPages.signInFailed(client.configuration.hostedUI.appName, error)
            step.answer(back.arrival, with: .page(page, httpStatus: 200))
            throw error
        }
    }
}
