// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// A page of the hosted UI that the browser shows, and the redirect that follows from it.
final class HostedPage {
    let redirect: String
    /// nil: it is the logout.
    let authorization: Authorization?
    /// Whether the redirect that came of it ends the step that it was opened for.
    fileprivate(set) var endsStep = true

    /// What an authorize URL asks for.
    struct Authorization {
        let state: String
        let nonce: String
        let challenge: String
        let isLogin: Bool
    }

    fileprivate init(_ redirect: String, _ authorization: Authorization?) {
        self.redirect = redirect
        self.authorization = authorization
    }
}

/// The hosted UI: who is signed in there, the codes that it gave, and the token endpoint.
final class SimulatedHostedUI {
    static let domain = "auth.example.com"
    static let origin = "https://auth.example.com/"

    struct Code {
        let user: Int
        /// nil: somebody else's, who keeps the verifier.
        let authorization: HostedPage.Authorization?
        let redirect: String
        let expiresAt: Int64
        var isUsed = false
        /// Whether a request with it may have arrived.
        var wasSent = false
    }

    /// Who is signed in in the browser, and the session that came of that.
    private(set) var cookie: (user: Int, family: Int?)?
    private(set) var codes: [Code] = []
    /// What must not be told, beside tokens and codes.
    private(set) var secrets: [String] = []
    /// The refresh tokens that came with tokens which are not those of their sign-in.
    private(set) var flawed: [Int] = []
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    // MARK: Pages

    /// nil: there is no such page.
    func load(_ url: String, _ run: Run) -> HostedPage? {
        guard let query = url.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1).last else { return nil }
        let values = Values(Substring(query))
        guard values["client_id"] == SimulatedCognito.clientID else { return nil }
        if url.hasPrefix(Self.origin + "logout?"), let redirect = values["logout_uri"] {
            world.trace("    browser: logs out")
            cookie = nil
            run.browsing?.hasSignedOut = true
            return HostedPage(redirect, nil)
        }
        guard url.hasPrefix(Self.origin + "oauth2/authorize?"), values["response_type"] == "code",
            values["code_challenge_method"] == "S256", let redirect = values["redirect_uri"],
            let state = values["state"], let nonce = values["nonce"], let challenge = values["code_challenge"]
        else { return nil }
        if secrets.contains(state) || secrets.contains(nonce) { world.violate("a state or nonce was used twice") }
        secrets += [state, nonce]
        let authorization = HostedPage.Authorization(
            state: state, nonce: nonce, challenge: challenge, isLogin: values["prompt"] == "login")
        checkMark(authorization, run)
        if !run.replacesSameUser, !run.wasBeside, run.first.contains(where: { !$0.isDamaged }) {
            world.violate("a sign-in opened the browser, and saw that somebody is signed in")
        }
        return HostedPage(redirect, authorization)
    }

    /// The query with which the browser comes back from a page.
    func back(from page: HostedPage, _ run: Run) -> String {
        guard let asked = page.authorization else {
            guard world.happens(.browserErrs) else { return "" }
            run.browsing?.hasSeenError = run.call == .signIn
            page.endsStep = run.call != .signIn
            return "error=invalid_request"
        }
        let walksIn = cookie != nil && (!asked.isLogin || world.surroundings.isClassicHostedUI)
        let user = walksIn ? cookie?.user ?? 0 : world.random.isOneIn(4) ? 1 : 0
        let isRefused = world.cognito.users[user].isDisabled || world.cognito.users[user].isDeleted
        if isRefused || world.happens(.browserErrs) {
            // Some errors come without a state, and servers echo what they were sent.
            page.endsStep = !world.random.isOneIn(3)
            if !page.endsStep { run.browsing?.hasSeenError = true }
            let state = page.endsStep ? "&state=\(asked.state)" : ""
            return "error=access_denied&error_description=\(asked.state)+\(asked.nonce)+is+refused\(state)"
        }
        cookie = (user, nil)
        return "code=\(code(user, asked, page.redirect))&state=\(asked.state)"
    }

    /// What others send, who may know all that the browser's URL tells, and codes of their own.
    func foreign(_ page: HostedPage?, _ run: Run) -> String {
        let state = page?.authorization?.state ?? "c3RhdGU"
        let code = code(1, nil, page?.redirect ?? "")
        switch world.random.below(6) {
        case 0: return "code=\(code)&state=c3RhdGU"
        case 1: return "code=\(code)"
        case 2: return "code=\(code)&code=\(code)&state=\(state)"
        case 3: return "code=\(code)&state=\(state)&state=\(state)"
        case 4: return "code=\(code)&error=access_denied&state=\(state)"
        default:
            // A logout has no state, and its return can be faked by anybody.
            run.browsing?.hasSeenError = true
            return "error=server_error&error_description=\(code)"
        }
    }

    private func code(_ user: Int, _ authorization: HostedPage.Authorization?, _ redirect: String) -> String {
        codes.append(
            Code(user: user, authorization: authorization, redirect: redirect, expiresAt: world.now + 300_000))
        return Wire.code(codes.count - 1)
    }

    /// The mark that the browser may be signed in still keeps the next person out of the account.
    private func checkMark(_ asked: HostedPage.Authorization, _ run: Run) {
        guard let marks = run.marks, world.keyring.items.contains(where: { marks.contains($0.number) }) else { return }
        if !asked.isLogin { world.violate("a sign-in let in who was left signed in in the browser") }
        if run.browsing?.hasSignedOut == false, run.browsing?.wasRefusedPort == false {
            world.violate("a sign-in did not sign the browser out first")
        }
    }

    // MARK: The token endpoint

    /// A request to send a code to the token endpoint; nil if it is another one.
    func exchange(_ request: CognitoRequest) -> CodeExchange? {
        guard request.url == Self.origin + "oauth2/token" else { return nil }
        let values = Values(request.body.withBytes { Substring(decoding: $0, as: UTF8.self) })
        guard values["grant_type"] == "authorization_code",
            let number = values["code"].flatMap({ Wire.number(ofCode: $0) }),
            let verifier = values["code_verifier"], let redirect = values["redirect_uri"]
        else { return nil }
        if !secrets.contains(verifier) { secrets.append(verifier) }
        return CodeExchange(code: number, verifier: verifier, redirect: redirect)
    }

    /// A code works once: nobody sends it twice.
    func send(_ exchange: CodeExchange, _ run: Run) {
        if codes[exchange.code].wasSent { world.violate("sent a code twice") }
        codes[exchange.code].wasSent = true
        // A GlobalSignOut beside it would end the session that comes of it.
        if run.locks == 0 { world.violate("sent a code without the lock") }
    }

    /// Returns the number of the refresh token that came of it.
    func carryOut(_ exchange: CodeExchange) -> (SimulatedCognito.Answer, minted: Int?) {
        let code = codes[exchange.code]
        codes[exchange.code].isUsed = true
        guard let asked = code.authorization, !code.isUsed, code.expiresAt > world.now else {
            return (refused(exchange), nil)
        }
        guard code.redirect == exchange.redirect, Wire.challenge(of: exchange.verifier, world.digest) == asked.challenge
        else {
            world.violate("sent a code with another redirect URI or verifier than it was asked for with")
            return (refused(exchange), nil)
        }
        let user = world.cognito.users[code.user]
        if user.isDeleted || user.isDisabled { return (refused(exchange), nil) }
        let (access, refresh, number) = world.cognito.signIn(code.user)
        if cookie?.user == code.user { cookie?.family = world.cognito.refreshTokens[number].family }
        let flaw = world.happens(.exchangeIsForeign) ? world.random.below(7) : -1
        let hasHash = flaw == 4 || world.random.isOneIn(2)
        if flaw >= 0 { flawed.append(number) }
        if flaw == 6 { world.cognito.excuse(number) }
        let id = Wire.idToken(
            number, user: flaw == 0 ? 1 - code.user : code.user, nonce: flaw == 1 ? "bm9uY2U" : asked.nonce,
            clientID: flaw == 2 ? "client2example" : SimulatedCognito.clientID, use: flaw == 3 ? "access" : "id",
            hash: hasHash ? Wire.hash(of: flaw == 4 ? refresh : access, world.digest) : nil,
            at: (World.epoch + world.now) / 1000)
        let idMember = flaw == 5 ? "" : #""id_token":"\#(id)","#
        let refreshMember = flaw == 6 ? "" : #""refresh_token":"\#(refresh)","#
        return (
            .success(
                #"{"access_token":"\#(access)",\#(idMember)\#(refreshMember)"expires_in":3600,"token_type":"Bearer"}"#
            ), number
        )
    }

    /// Servers echo what they were sent.
    private func refused(_ exchange: CodeExchange) -> SimulatedCognito.Answer {
        .exception("invalid_grant", Wire.code(exchange.code) + " " + exchange.verifier)
    }

    /// Nobody can know any more that this session's user is signed in in the browser; nil: whoever is.
    func forgetCookie(of family: Int? = nil) {
        if family == nil || cookie?.family == family { cookie?.family = nil }
    }

    /// The parameters of a query or a form; of one that is there twice, the first.
    private struct Values {
        private var parameters: [(name: Substring, value: String)] = []

        /// By bytes: characters take Swift far longer.
        init(_ query: Substring) {
            for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
                let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count > 1 ? SimulatedHostedUI.decoded(Substring(parts[1])) : ""
                parameters.append((Substring(parts[0]), value))
            }
        }

        subscript(_ name: String) -> String? { parameters.first { $0.name == name }?.value }
    }

    private static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

struct CodeExchange {
    let code: Int
    let verifier: String
    let redirect: String
}
