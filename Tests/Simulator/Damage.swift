// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// Items that the library would not write: damaged ones, those of 0.1, and those of a newer version.
extension World {
    /// Puts one into the keyring, or does harm to one that is there.
    func doDamage() {
        for run in stack {
            run.wasInterrupted = true
            run.wasBeside = true
        }
        switch random.below(10) {
        case 0: keyring.put(ItemAttributes(.session), oldSession(random.below(2)), isDamaged: false)
        case 1: keyring.put(anySession, oldSession(random.below(2)), isDamaged: false)
        case 2:
            let (text, family) = sessionWithoutRefreshToken(random.below(2))
            guard let item = keyring.put(anySession, text, isDamaged: false) else { return }
            item.belong(to: family)
            cognito.families[family].wasStored = true
            cognito.families[family].storedAt = item.number
        case 3: keyring.put(anySession, newerSession(random.below(2)), isDamaged: true)
        case 4: keyring.put(anySession, "", isDamaged: true)?.hide()
        case 5: keyring.put(ItemAttributes(.session), truncatedSession(random.below(2)), isDamaged: true)
        case 6:
            keyring.put(
                anySession, #"{"version":1,"username":"user-0","refresh_token":"not a token"}"#, isDamaged: true)
        case 7:
            let item = keyring.put(
                ItemAttributes(.unfinished, session: whoIsSignedIn?.attributes.session ?? "damaged"),
                #"{"version":1,"signed_out_at":1,"token":"ca1.A"#, isDamaged: true)
            // Whoever is named by it is signed out, and what was to be done is not known.
            for session in keyring.sessions() where item.map({ keyring.names($0, session) }) == true {
                if let family = session.family { cognito.families[family].isSignOutBegun = true }
            }
        case 8:
            keyring.put(
                ItemAttributes(.unfinished, session: "newer"), #"{"version":2,"steps":[]}"#, isDamaged: false)?
                .isNewer =
                true
        default:
            // A keyring's file that was not written whole.
            guard let item = random.one(of: keyring.sessions()) else { return }
            item.tokens.forEach(cognito.excuse)
            item.families.forEach { cognito.families[$0].isSignOutBegun = true }
            keyring.throwAway(item)
            keyring.put(item.attributes, truncatedSession(0), isDamaged: true)
        }
    }

    private var anySession: ItemAttributes { ItemAttributes(.session, session: "other-\(random.next())") }

    private func tokens(_ user: Int) -> (access: String, refresh: String) {
        let (access, refresh, _) = cognito.signIn(user)
        return (access, refresh)
    }

    private func oldSession(_ user: Int) -> String {
        let (access, refresh) = tokens(user)
        return Wire.session(user: user, access: access, refresh: refresh)
    }

    /// Its refresh token can be read, and the rest must not be trusted.
    private func newerSession(_ user: Int) -> String {
        let (access, refresh) = tokens(user)
        return
            #"{"version":2,"username":"user-\#(user)","access_token":"\#(access)","refresh_token":"\#(refresh)","sign_in_method":"api"}"#
    }

    private func sessionWithoutRefreshToken(_ user: Int) -> (String, family: Int) {
        let (access, _, number) = cognito.signIn(user)
        cognito.excuse(number)
        let text = #"{"version":1,"username":"user-\#(user)","access_token":"\#(access)","sign_in_method":"api"}"#
        return (text, cognito.refreshTokens[number].family)
    }

    private func truncatedSession(_ user: Int) -> String {
        #"{"version":1,"username":"user-\#(user)","access_token":"eyJ","refresh_token":"rt-SECRET-OF"#
    }

    // MARK: What must hold

    /// A damaged session is a session: who signs out is told of it, and nobody is told that there is none.
    func judgeDamage(_ report: SignOutReport, _ run: Run) {
        guard run.isSignOut, surroundings.hasDamage else { return }
        if report.wasSignedIn == .no, !run.first.isEmpty, !run.wasBeside {
            violate("a sign-out said that nobody was signed in, and saw a session")
        }
        if report.outcome == .complete, run.first.contains(where: { $0.isDamaged }), !run.wasBeside {
            violate("a sign-out said complete, and what it ended was damaged")
        }
    }

    func judgeDamage(_ failure: AuthFailure, _ run: Run) {
        guard surroundings.hasDamage, run.call == .load, !run.wasBeside else { return }
        if failure.status == .notSignedIn, !run.first.isEmpty {
            violate("a load said that nobody is signed in, and saw a session")
        }
        if failure.status == .invalidSession, !run.first.contains(where: { $0.isDamaged }) {
            violate("a load said that a session is damaged, and saw none")
        }
    }

    /// A session of 0.1 is known by its refresh token: where others have refreshed it, no retry can know it again.
    func isRefreshedOld(_ token: Int, _ run: Run) -> Bool {
        surroundings.hasDamage && !run.plan.contains(token)
            && keyring.sessions().contains { $0.attributes.session == nil && $0.tokens.contains(token) }
    }

    func checkUndamaged(_ number: Int, _ run: Run) {
        guard surroundings.hasDamage, !run.wasBeside else { return }
        if keyring.sessions().contains(where: { $0.isDamaged && $0.tokens.contains(number) }) {
            violate("\(run.call) handed out a damaged session")
        }
    }

    /// A damaged session is deleted by who signs out, by who takes its place, and by who finishes a sign-out of it.
    func checkDamaged(deletionOf item: SimulatedKeyring.Item, by run: Run) {
        guard item.attributes.kind == .session, !run.wasBeside, !keyring.isNamed(item) else { return }
        switch run.call {
        case .signOut, .signOutGlobally, .save, .signIn:
            if !run.first.contains(where: { $0 === item }) {
                violate("\(run.call) deleted a session that it had not seen")
            }
        case .retry: break
        case .load, .fetch, .check, .resume, .watch:
            violate("\(run.call) deleted a damaged session that nobody has signed out")
        }
    }

    /// Nobody touches what a newer version wrote.
    func checkNewer(_ item: SimulatedKeyring.Item) {
        if item.isNewer { violate("changed an unfinished sign-out of a newer version") }
    }

    /// Who has just signed in is the only one.
    func checkDamageIsGone(_ run: Run) {
        if run.first.contains(where: { item in keyring.items.contains { $0 === item } }) {
            violate("a \(run.call) left an older session")
        }
    }
}

extension SimulatedKeyring {
    /// Whether an unfinished sign-out names a session, by what it says itself: those of 0.1 are known by their refresh token,
    /// and what is damaged by its place and its secret.
    func saysName(_ unfinished: Item, _ session: Item) -> Bool {
        if let attribute = session.attributes.session, unfinished.attributes.session == attribute { return true }
        guard let secret = unfinished.stored.secret else { return false }
        let identity = identity(session)
        return secret.withBytes { Wire.steps(in: $0) }.withUnsafeBytes { Wire.has(identity, in: $0) }
    }

    private func identity(_ session: Item) -> [UInt8] {
        if let attribute = session.attributes.session { return Array("session:\(attribute)".utf8) }
        if let token = session.tokens.first {
            let text = SecretBytes(copying: Wire.refreshToken(token))
            return Array("refresh-token:".utf8) + Wire.hexadecimal(world.digest.sha256(text))
        }
        let secret = session.stored.secret.map { Wire.hexadecimal(world.digest.sha256($0)) } ?? []
        return Array("item:".utf8) + secret + Array(":\(session.stored.path ?? "")".utf8)
    }
}

extension Wire {
    static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// Whether `text` stands there between quotation marks.
    static func has(_ text: [UInt8], in bytes: UnsafeRawBufferPointer) -> Bool {
        let wanted = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { start in
            bytes[start] == wanted[0] && bytes[start + 1] == wanted[1]
                && wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
        }
    }
}
