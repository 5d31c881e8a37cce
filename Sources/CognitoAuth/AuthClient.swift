// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// One app client of one user pool, for one program. Its calls may come from any thread.
public final class AuthClient {
    public let configuration: Configuration
    let ports: Ports
    let ownChanges: OwnChanges

    public init(_ configuration: Configuration, _ ports: Ports) {
        self.configuration = configuration
        self.ports = ports
        ownChanges = OwnChanges(ports.mutex)
    }

    /// Signs the user out here, and `globally` on every other device too.
    public func signOut(globally: Bool, _ call: Call) -> SignOutReport {
        SignOut(client: self, call: call).run(globally: globally)
    }

    /// Runs the steps that an earlier sign-out left open. No session but that sign-out's is touched.
    public func retrySignOut(_ partialFailureToken: SecretBytes, _ call: Call) -> SignOutReport {
        RetrySignOut(client: self, call: call).run(partialFailureToken)
    }

    /// A retry that cannot begin: its steps stay open.
    public func refuseRetry(_ partialFailureToken: SecretBytes, _ reason: AuthFailure) -> SignOutReport {
        RetrySignOut.refused(partialFailureToken, reason, configuration)
    }

    /// Stores the session of the user who has just signed in, and the device's key unless it is nil.
    public func save(_ loaded: LoadedSession, _ call: Call) throws(AuthFailure) {
        try SaveSession(client: self, call: call).run(loaded)
    }

    /// Reads the session as it is stored.
    public func load(_ call: Call) throws(AuthFailure) -> LoadedSession {
        try LoadSession(client: self, call: call).run()
    }

    /// Signs a user in through the browser, and stores the session.
    public func signIn(_ request: SignInOptions, _ call: Call) throws(SessionFailure) -> LoadedSession {
        try SignIn(client: self, call: call, options: request).run()
    }

    /// Ends a session that is in no keyring, and that nobody has.
    public func discard(_ loaded: LoadedSession, _ call: Call) {
        guard let token = loaded.session.refreshToken,
            let active = try? ActiveCall.begin(self, call, needsKeyring: false)
        else { return }
        _ = UnheldToken(token: token, active: active).revoke(
            active.cognito(secrets: loaded.secrets), after: AuthFailure(.cancelled))
    }

    /// Starts the browser once more for a call that waits for it.
    public func openBrowser(_ url: String) throws(AuthFailure) {
        let end = ports.clock.monotonicMilliseconds + 1000
        try ports.browser.open(url, WaitLimit(deadline: end, cancellation: nil))
    }

    /// Finishes the sign-outs that the keyring keeps.
    public func resumeSignOuts(_ call: Call) -> SignOutReport {
        ResumeSignOuts(client: self, call: call).run()
    }

    /// Asks Cognito whether the stored session is still good.
    public func check(_ call: Call) throws(AuthFailure) { try CheckSession(client: self, call: call).run() }

    /// Tells what other programs do to the stored session, until it is cancelled or the keyring is gone. Returns which.
    public func watch(_ call: Call) -> AuthFailure {
        var watch = WatchSession(client: self, call: call)
        return watch.run()
    }

    /// Reads the session, refreshed if its access token has less than 10 s left or has no readable expiry.
    public func fetch(_ call: Call) throws(SessionFailure) -> LoadedSession {
        try FetchSession(client: self, call: call).run()
    }
}
