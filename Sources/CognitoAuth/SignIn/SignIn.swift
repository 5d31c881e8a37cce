// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Signing a user in through the browser.
struct SignIn {
    let client: AuthClient
    let call: Call
    let options: SignInOptions

    func run() throws(SessionFailure) -> LoadedSession {
        do {
            return try signIn()
        } catch {
            call.write(.error, .joining("Sign-in: ", error.failure.status.name))
            throw SessionFailure(told(error.failure), unsaved: error.unsaved)
        }
    }

    private func told(_ failure: AuthFailure) -> AuthFailure {
        if failure.status == .browserRedirectError, failure.serviceException?.isExactly("invalid_scope") == true {
            return failure.adding(.joining(" The scopes were: ", options.scopeText, ".")).told(of: .refusedScopes)
        }
        return failure.told(of: .signIn)
    }

    private func signIn() throws(SessionFailure) -> LoadedSession {
        let lock = client.ports.lock
        do throws(AuthFailure) {
            try BrowserStep.check(client.configuration.hostedUI.signInRedirects, SignInWalk.setting, call)
            guard lock.reserveSignIn() else {
                throw AuthFailure(.busy, "Another sign-in of this client waits for the browser.")
            }
        } catch {
            throw SessionFailure(error)
        }
        defer { lock.releaseSignIn() }
        if !options.asks(for: SignInOptions.userAdmin) {
            call.write(
                .warning, .joining("Sign-in: no sign-out everywhere works without the scope ", SignInOptions.userAdmin))
        }
        return try walk()
    }

    private func walk() throws(SessionFailure) -> LoadedSession {
        var completion: SignInCompletion
        let step: BrowserStep
        let back: BrowserReturn
        do {
            let secrets = try SignInSecrets.make(client.ports.randomness)
            let active = try ActiveCall.begin(client, call)
            let marks = try lookUnlessHidden(active)
            let start = active.ports.clock.monotonicMilliseconds
            let limit = WaitLimit(deadline: start + call.options.signInTimeout, cancellation: call.cancellation)
            let walk = SignInWalk(
                active: active, options: options, secrets: secrets, isMarked: !marks.isEmpty, limit: limit)
            (step, back) = try walk.run()
            active.extend(by: active.ports.clock.monotonicMilliseconds - start)
            completion = SignInCompletion(active: active, options: options, secrets: secrets, marks: marks)
        } catch {
            throw SessionFailure(error)
        }
        defer { step.close() }
        do {
            let session = try completion.run(back.code, step.redirectURI)
            step.answer(back.arrival, with: .page(step.pages.done, httpStatus: 200))
            return completion.loaded(session)
        } catch {
            let page = BrowserPages.signInFailed(client.configuration.hostedUI.appName, error.failure)
            step.answer(back.arrival, with: .page(page, httpStatus: 200))
            throw error
        }
    }

    // MARK: Before the browser

    /// Nobody must type a password and a second factor only to hear that nothing can be stored. Returns the marks that
    /// the browser may be signed in.
    private func look(_ active: ActiveCall) throws(AuthFailure) -> [StoredItem] {
        let limit = active.time.whole
        let stored = try active.keyring.items(.session, limit).map(StoredSession.init)
        let place = SessionStorage.Place.ofSignIn(replacesSameUser: options.replacesSameUser, marks: [])
        if let failure = place.failure(stored, nil) { throw failure }
        guard try active.ports.store.hasCollection(limit) else { throw AuthFailure(.keyringNoCollection) }
        return try active.keyring.items(.browser, limit)
    }

    private func lookUnlessHidden(_ active: ActiveCall) throws(AuthFailure) -> [StoredItem] {
        do {
            return try look(active)
        } catch {
            guard error.status == .keyringNoCollection, try active.offerCollection() else { throw error }
            return try look(active)
        }
    }
}
