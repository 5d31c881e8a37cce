// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretMemory

@testable import CognitoAuth

/// A client and the world around it. Nobody is signed in at first.
final class FakeWorld {
    let journal = Journal()
    let transport: FakeTransport
    let store: FakeStore
    let clock: FakeClock
    let randomness = FakeRandomness()
    let lock: FakeLock
    let resumeLock: FakeLock
    let digest = SystemDigest()
    let browser: FakeBrowser
    var options = ConfigurationOptions()
    let cancellation = FakeCancellation()
    /// How long the calls may ask the user to unlock the keyring; nil: they may not.
    var promptTimeout: Int64?
    /// What the calls do about the browser.
    var skipsBrowser = false
    var browserFailure = CallOptions.BrowserFailure.goesOn
    var browserTimeout: Int32 = 0
    /// What the calls had to tell, one after the other.
    var notices: [Notice] { mailbox.notices }
    let mailbox: FakeMailbox

    static let clientID = "client1example"

    init() {
        clock = FakeClock(journal)
        transport = FakeTransport(journal, clock)
        store = FakeStore(journal, clock)
        lock = FakeLock(journal, clock)
        resumeLock = FakeLock(journal, clock, .resumeLock)
        browser = FakeBrowser(journal, clock)
        mailbox = FakeMailbox(clock)
        options.appID = "org.example.Mail"
        options.userPoolID = "eu-west-1_AbCdEfGhI"
        options.clientID = Self.clientID
    }

    /// A world in which alice is signed in.
    static func signedIn(
        access: String = SampleToken.access(), id: String? = nil, refresh: String? = SampleToken.refresh,
        username: String = "alice"
    ) -> FakeWorld {
        let world = FakeWorld()
        world.store.sessions = [item(access: access, id: id, refresh: refresh, username: username)]
        return world
    }

    var client: AuthClient {
        get throws {
            AuthClient(
                try Configuration.checked(options),
                Ports(
                    transport: transport, store: store, lock: lock, resumeLock: resumeLock, clock: clock,
                    randomness: randomness, digest: digest, browser: browser, mutex: ThreadMutex()))
        }
    }

    func signOut(
        globally: Bool = false, timeout: Int64 = 30_000, logLimit: LogLevel? = .debug
    ) throws -> SignOutReport {
        try told(run(timeout, promptTimeout, logLimit) { client, call in client.signOut(globally: globally, call) })
    }

    func retry(_ token: SecretBytes, timeout: Int64 = 30_000, logLimit: LogLevel? = .debug) throws -> SignOutReport {
        try told(run(timeout, promptTimeout, logLimit) { client, call in client.retrySignOut(token, call) })
    }

    func resume(timeout: Int64 = 30_000, logLimit: LogLevel? = .debug) throws -> SignOutReport {
        try told(run(timeout, promptTimeout, logLimit) { client, call in client.resumeSignOuts(call) })
    }

    func load(timeout: Int64 = 30_000) throws -> LoadedSession {
        try run(timeout, promptTimeout) { client, call in try client.load(call) }
    }

    func fetch(timeout: Int64 = 30_000) throws -> LoadedSession {
        try run(timeout, promptTimeout) { client, call in try client.fetch(call) }
    }

    func check(timeout: Int64 = 30_000) throws {
        try run(timeout, promptTimeout) { client, call in try client.check(call) }
    }

    func save(_ session: Session, deviceKey: String? = nil, timeout: Int64 = 30_000) throws {
        let loaded = LoadedSession(session: session, deviceKey: deviceKey.map { SecretBytes($0) })
        try run(timeout, promptTimeout) { client, call in try client.save(loaded, call) }
    }

    /// Cancels the calls at a moment.
    func cancel(_ moment: Moment) {
        let cancel = { [cancellation] in cancellation.isCancelled = true }
        switch moment {
        case .before: cancel()
        case .in(let step): journal.whenBegun[step] = cancel
        case .after(let step): journal.whenDone[step] = cancel
        }
    }

    /// Makes a call and notes what it has to tell.
    func run<Result>(
        _ timeout: Int64 = 30_000, _ promptTimeout: Int64? = nil, _ logLimit: LogLevel? = .debug,
        _ body: (AuthClient, Call) throws -> Result
    ) throws -> Result {
        let options = try CallOptions(
            timeout: Int32(timeout), allowPrompt: promptTimeout != nil, promptTimeout: Int32(promptTimeout ?? 0),
            skipsBrowser: skipsBrowser, browserFailure: browserFailure.rawValue, browserTimeout: browserTimeout,
            Configuration.checked(self.options))
        return try run(options, logLimit, body)
    }

    func run<Result>(
        _ options: CallOptions, _ logLimit: LogLevel? = .debug, _ body: (AuthClient, Call) throws -> Result
    ) throws -> Result {
        let client = try client
        let call = Call(options, cancellation: cancellation, logLimit: logLimit, mailbox: mailbox)
        let start = journal.entries.count
        defer { journal.expectOrder(from: start) }
        return try body(client, call)
    }

    /// The lines of the log so far.
    var lines: [(level: LogLevel, text: String)] {
        notices.compactMap { if case .line(let level, let text) = $0 { (level, text) } else { nil } }
    }

    var events: [Event] {
        notices.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    /// What retries of `report` would do.
    func summary(_ report: SignOutReport) throws -> ReportSummary {
        ReportSummary(
            report,
            openSteps: try report.partialFailureToken.map {
                StepsLeft(try PartialFailureToken.decode($0, for: Configuration.checked(options)))
            })
    }

    /// The stored sessions as text, without how long a refresh said that the access token lives.
    var storedSessions: [String] { store.sessions.map { $0.map(Self.withoutLife) ?? "-" } }

    static func withoutLife(_ secret: SecretBytes) -> String {
        secret.text.replacing(/,"refreshed_at":[0-9]+,"expires_in":[0-9]+}/, with: "}")
    }

    // MARK: Items

    /// The item of a whole session.
    static func item(
        access: String = SampleToken.access(), id: String? = nil, refresh: String? = SampleToken.refresh,
        username: String = "alice", savedAt: Int64 = 0, method: Session.SignInMethod = .api
    ) -> SecretBytes? {
        StoredSession.encode(
            session(access: access, id: id, refresh: refresh, username: username, method: method), savedAt: savedAt)
    }

    static func session(
        access: String = SampleToken.access(), id: String? = nil, refresh: String? = SampleToken.refresh,
        username: String = "alice", method: Session.SignInMethod = .api
    ) -> Session {
        Session(
            username: username, accessToken: SecretBytes(copying: access), idToken: id.map { SecretBytes($0) },
            refreshToken: refresh.map { SecretBytes($0) }, signInMethod: method)
    }

    /// The item of a device, as the keyring's documentation describes it.
    static func device(_ key: String, of username: String = "alice", subject: String? = nil) -> SecretBytes? {
        let subject = subject.map { #","sub":"\#($0)""# } ?? ""
        return SecretBytes(#"{"version":1,"username":"\#(username)"\#(subject),"device_key":"\#(key)"}"#)
    }
}

extension SecretBytes {
    convenience init(_ text: String) { self.init(copying: text) }

    var bytes: [UInt8] { withBytes { Array($0) } }
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
