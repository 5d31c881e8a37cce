// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// Signing in through the browser, and what must hold of it.
extension World {
    func signIn(_ run: Run, _ client: AuthClient, _ call: Call) {
        let handsOut = random.isOneIn(2)
        let replaces = random.isOneIn(2)
        guard
            let options = try? SignInOptions(
                scopes: [], identityProvider: nil, idpIdentifier: nil, loginHint: nil, lang: nil,
                prompt: random.isOneIn(4) ? 1 : 0, replacesSameUser: replaces, handsOut: handsOut,
                client.configuration)
        else { return violate("options of a sign-in were refused") }
        run.replacesSameUser = replaces
        run.marks = keyring.items.filter { $0.attributes.kind == .browser }.map(\.number)
        do throws(SessionFailure) {
            let loaded = try client.signIn(options, call)
            trace("  signed in")
            judgeSignIn(loaded, run)
        } catch {
            trace("  sign-in failed: \(error.failure.status), \(error.failure.message)")
            judgeSignIn(error, run, handsOut: handsOut)
        }
        browser.checkClosed(run)
    }

    private func judgeSignIn(_ loaded: LoadedSession, _ run: Run) {
        if run.program.isDead { return }
        guard let token = loaded.session.refreshToken.flatMap({ Wire.refreshTokens(in: $0).first }),
            run.minted.contains(token)
        else { return violate("a sign-in handed out a session that is not its own") }
        let user = cognito.family(ofToken: token).user
        if loaded.session.username != "user-\(user)" { violate("a sign-in took one user for another") }
        judgeSave(run, token)
    }

    private func judgeSignIn(_ error: SessionFailure, _ run: Run, handsOut: Bool) {
        if run.program.isDead { return }
        let failure = error.failure
        checkText(failure.message)
        if let token = failure.token { excuse(token) }
        if let unsaved = error.unsaved {
            if !handsOut { violate("a sign-in handed a session out that nobody takes") }
            if failure.status == .cancelled || failure.status == .alreadySignedIn {
                violate("a sign-in handed a session out that must not be stored")
            }
            if let token = unsaved.session.refreshToken { excuse(token) }
        }
        if failure.status == .browserTimedOut, run.browsing?.hasSeenError == true {
            violate("a sign-in did not tell of the error that the browser came back with")
        }
        for token in run.minted {
            // What a keyring did not answer may be stored all the same.
            if run.refusals == 0, !run.wasBeside, cognito.family(ofToken: token).wasStored {
                violate("a sign-in failed with \(failure.status), and stored its session")
            }
            guard surroundings.isRevocationEnabled, cognito.isLive(token), !cognito.refreshTokens[token].isExcused,
                !keyring.holds(token)
            else { continue }
            violate("a sign-in failed, and nobody holds refresh token \(token), which works")
        }
    }

    /// A sign-in takes nobody's place who did not say so. `item`: the session that was stored.
    func checkPlace(of item: SimulatedKeyring.Item, by run: Run) {
        guard run.call == .signIn, let family = item.family else { return }
        if item.tokens.contains(where: hostedUI.flawed.contains) {
            violate("a sign-in stored tokens that are not its own")
        }
        if run.wasBeside { return }
        for other in run.shown where !other.isDamaged {
            guard let older = other.family, !run.named.contains(older) else { continue }
            if !run.replacesSameUser { violate("a sign-in stored a session beside the one of who was signed in") }
            if cognito.families[older].user != cognito.families[family].user {
                violate("a sign-in took the place of another user's session")
            }
        }
    }

    /// A session that was stored while the browser was open is nobody's to end.
    func checkCame(_ family: Int, before run: Run) {
        guard run.isSignOut, let browsing = run.browsing, !browsing.before.contains(family), !run.wasBeside,
            !cognito.families[family].isSignOutBegun
        else { return }
        violate("a sign-out ended a session that was stored while the browser was open")
    }

    /// Who is signed out here is signed out of the browser, or the next sign-in is told.
    func checkBrowserIsLeft(_ run: Run) {
        guard run.refusals == 0, !run.wasBeside, let family = hostedUI.cookie?.family, run.seen.contains(family),
            !keyring.items.contains(where: { $0.attributes.kind == .browser })
        else { return }
        violate("a sign-out left the user signed in in the browser, and nobody knows")
    }
}

extension Wire {
    static func code(_ number: Int) -> String { text("co-SECRET-OF-THE-USER-", number) }

    /// That of a code.
    static func number(ofCode text: String) -> Int? {
        text.hasPrefix("co-SECRET-OF-THE-USER-") ? Int(text.dropFirst("co-SECRET-OF-THE-USER-".count)) : nil
    }

    static func idToken(
        _ number: Int, user: Int, nonce: String, clientID: String, use: String, hash: String?, at now: Int64
    ) -> String {
        let hash = hash.map { #","at_hash":"\#($0)""# } ?? ""
        let claims =
            #"{"sub":"sub-\#(user)","cognito:username":"user-\#(user)","token_use":"\#(use)","aud":"\#(clientID)","nonce":"\#(nonce)","iat":\#(now),"exp":\#(now + 3600)\#(issuer)\#(hash)}"#
        return "eyJhbGciOiJSUzI1NiJ9." + base64URL(Array(claims.utf8)) + "." + text("it-SECRET-OF-THE-USER-", number)
    }

    static let issuer = #","iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI""#

    static func challenge(of verifier: String, _ digest: SimulatedDigest) -> String {
        base64URL(digest.sha256(SecretBytes(copying: verifier)))
    }

    static func hash(of accessToken: String, _ digest: SimulatedDigest) -> String {
        base64URL(Array(digest.sha256(SecretBytes(copying: accessToken)).prefix(16)))
    }
}
