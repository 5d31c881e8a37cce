// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

extension FakeWorld {
    /// A world in which alice signed in through the hosted UI, which sends the browser back from a logout at once.
    static func signedInByHostedUI() -> FakeWorld {
        let world = FakeWorld()
        world.store.sessions = [item(method: .hostedUI)]
        world.configureHostedUI()
        return world
    }

    func configureHostedUI() {
        options.hostedUIDomain = "auth.example.com"
        options.signOutRedirectURIs = ["http://localhost:8000/bye", "http://localhost:8001/bye"]
        browser.visits = { _ in [""] }
    }

    static let logoutURL =
        "https://auth.example.com/logout?client_id=client1example&logout_uri=http%3A%2F%2Flocalhost%3A8000%2Fbye"
}

/// What can go wrong in the browser, and lets a sign-out go on.
enum BrowserFault: CaseIterable, Sendable {
    case unavailable, refusedByProgram, noPort, outOfResources, timedOut, redirectError

    var status: Status {
        switch self {
        case .unavailable, .refusedByProgram: .browserUnavailable
        case .noPort: .browserNoPort
        case .outOfResources: .outOfResources
        case .timedOut: .browserTimedOut
        case .redirectError: .browserRedirectError
        }
    }

    /// The sentence for who is signed in still.
    var sentence: SignOutSentence { self == .outOfResources ? .still : .stillInBrowser }

    func happen(in world: FakeWorld) {
        switch self {
        case .unavailable: world.browser.failure = AuthFailure(.browserUnavailable)
        case .refusedByProgram:
            world.mailbox.opensURLs = true
            world.mailbox.answer = false
        case .noPort: world.browser.takenPorts = [8000, 8001]
        case .outOfResources: world.browser.failure = AuthFailure(.outOfResources)
        case .timedOut: world.browser.visits = { _ in [] }
        case .redirectError: world.browser.visits = { _ in ["error=invalid_request&error_description=Not+registered"] }
        }
    }
}
