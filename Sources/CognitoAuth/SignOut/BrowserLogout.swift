// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The browser's part of a sign-out: the hosted UI forgets who is signed in there, or it would let in whoever is next.
///
/// No lock may be held meanwhile.
struct BrowserLogout {
    private let origin: Endpoint
    private let clientID: String
    /// What the URL has that the browser was, or would be, started with.
    private var redirectURI = ""

    /// Whether the browser has somewhere to go to, and to come back to.
    static func isConfigured(_ hostedUI: HostedUI) -> Bool {
        hostedUI.origin != nil && !hostedUI.signOutRedirects.isEmpty
    }

    /// Returns why the browser may still be signed in, where the sign-out goes on all the same; the failure's token is the URL
    /// that it would be signed out with. Fails where the sign-out ends here.
    static func run(_ active: inout ActiveCall) throws(AuthFailure) -> AuthFailure? {
        guard let origin = active.configuration.hostedUI.origin else {
            throw .invalid("hosted_ui_domain", "is required")
        }
        var logout = BrowserLogout(origin: origin, clientID: active.configuration.clientID)
        let start = active.ports.clock.monotonicMilliseconds
        // What the user takes in the browser is not the call's.
        defer { active.extend(by: active.ports.clock.monotonicMilliseconds - start) }
        do {
            try logout.run(active, start)
            return nil
        } catch {
            switch error.status {
            case .cancelled, .invalidArgument: throw error
            case _ where active.call.options.browserFailure == .fails: throw error
            default: return error.told(of: .openStep, token: SecretBytes(copying: logout.url))
            }
        }
    }

    private init(origin: Endpoint, clientID: String) {
        self.origin = origin
        self.clientID = clientID
    }

    private var url: String { HostedUI.logoutURL(origin, clientID, returningTo: redirectURI) }

    private mutating func run(_ active: ActiveCall, _ start: Int64) throws(AuthFailure) {
        let call = active.call
        let redirects = active.configuration.hostedUI.signOutRedirects
        redirectURI = redirects.loopback.first?.text ?? ""
        let step = try BrowserStep.prepare(
            redirects, "sign_out_redirect_uris", active,
            WaitLimit(deadline: start + call.options.logoutTimeout, cancellation: call.cancellation),
            .logout(active.configuration.hostedUI.appName))
        defer { step.close() }
        redirectURI = step.redirectURI
        let back = try step.run(url, state: nil, in: .openStep)
        step.answer(back.arrival, with: .page(step.pages.done, httpStatus: 200))
    }
}
