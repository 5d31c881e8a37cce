// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// A process with its client, and what it remembers from one call to the next.
final class Program {
    let number: Int
    let keepsUnfinished: Bool
    private(set) var client: AuthClient?
    var isDead = false
    /// Of its time of day, in milliseconds.
    var clockOffset: Int64 = 0
    /// The partial-failure tokens that it was handed and has to retry still.
    var handed: [SecretBytes] = []

    /// There is one thread.
    nonisolated(unsafe) private static let configurations = (0..<4).map { number in
        var options = ConfigurationOptions()
        options.appID = "org.example.Mail"
        options.userPoolID = "eu-west-1_AbCdEfGhI"
        options.clientID = SimulatedCognito.clientID
        options.keepsUnfinished = number % 2 == 1
        if number >= 2 {
            options.hostedUIDomain = SimulatedHostedUI.domain
            options.signInRedirectURIs = ["http://localhost:8101/in", "http://localhost:8102/in"]
            options.signOutRedirectURIs = ["http://localhost:8101/out", "http://127.0.0.1:8103/out"]
        }
        return try? Configuration.checked(options, SimulatedURLs())
    }

    init(_ number: Int, keepsUnfinished: Bool, _ world: World) {
        self.number = number
        self.keepsUnfinished = keepsUnfinished
        let place = (keepsUnfinished ? 1 : 0) + (world.surroundings.hasHostedUI ? 2 : 0)
        guard let configuration = Self.configurations[place] else { return }
        client = AuthClient(
            configuration,
            Ports(
                transport: world.network, store: world.keyring, lock: SimulatedLock.View(world.lock, self, world),
                resumeLock: SimulatedLock.View(world.resumeLock, self, world), clock: world.clock,
                randomness: world.randomness, digest: world.digest, browser: world.browser, mutex: world.mutex))
    }

    var handedTokens: [Int] { handed.flatMap { $0.withBytes { Wire.refreshTokensOfSteps(in: $0) } } }
}

/// A call that is under way, and what it has done so far.
final class Run {
    let program: Program
    let call: SimulatedCall
    let began: Int64
    let timeout: Int64
    let cancellation = SimulatedCancellation()
    /// The milliseconds that others took while it stood still, and the user for prompts.
    var stolen: Int64 = 0
    /// The families that were stored when it began.
    let present: [Int]
    /// Those of the sessions that its first look showed, and their refresh tokens.
    var hasSeen = false
    var seen: [Int] = []
    var seenTokens: [Int] = []
    /// These sessions themselves.
    var first: [SimulatedKeyring.Item] = []
    /// The families of sessions that its first look showed, and an unfinished sign-out named.
    var ended: [Int] = []
    /// The families of what its last look showed, and an unfinished sign-out named.
    var named: [Int] = []
    /// The number of the last item that its last look for unfinished sign-outs could show, before it released the first lock.
    var sawUpTo = 0
    /// What it was shown of sessions last, before it released the first lock.
    private(set) var shown: [SimulatedKeyring.Item] = []
    var hasReleased = false
    /// The refresh tokens in the partial-failure token that it was given.
    var plan: [Int] = []
    /// The unfinished sign-out that the keyring took from it.
    var record: SimulatedKeyring.Item?
    /// The same, where it was made late, and no look has shown it since.
    var lateRecord: SimulatedKeyring.Item?
    /// Whether the keyring did not take that, or others have removed it.
    var lacksRecord: Bool
    /// Whether that has gone since it last read unfinished sign-outs with the lock in its hands.
    private(set) var hasLostRecordUnseen = false
    /// Whether it removed it, as it was cancelled.
    var hasTakenBack = false
    /// How many of its requests the keyring did not carry out and answer.
    var refusals = 0
    /// Whether it did not show the unfinished sign-out again, or did not take what was to be written into that last.
    var isRecordOutdated = false
    /// The refresh tokens in all that the keyring has shown it.
    private(set) var known: [Int] = []
    /// Those that the keyring put into an item late while it was under way.
    var cameLate: [Int] = []
    /// What it did, as it was carried out: refresh tokens that it was given, those that it revoked, items that it deleted.
    var minted: [Int] = []
    /// Whether an answer was lost, and the refresh tokens that were in such.
    var hasLostAnswer = false
    var lost: [Int] = []
    var revoked: [Int] = []
    var deleted: [Int] = []
    var endedEverySession = false
    /// The access token of a GlobalSignOut that was answered with success, and the families whose GlobalSignOut was not done,
    /// and can still be: the network or a server that is busy was in the way.
    var globallySignedOut: Int?
    var heldBack: [Int] = []
    /// Whether no answer came to a GlobalSignOut that was sent.
    var hasLostGlobalSignOut = false
    /// The refresh tokens whose refresh was sent, and what became of it is not known.
    var lostRefreshes: [Int] = []
    /// The refresh tokens that it was told are revoked.
    var toldRevoked: [Int] = []
    /// The refresh tokens in unfinished sign-outs that somebody threw away while it was to finish them.
    var thrownAway: [Int] = []
    /// Whether another call came in between, or something was carried out late.
    var wasInterrupted = false
    /// Whether two processes that count on a lock made requests beside each other while it was under way.
    var wasBeside = false
    /// Whether it changed who is signed in, or which tokens there are, and whether its program was told that nobody is.
    var hasChanged = false
    var hasDeletedSession = false
    var isToldOfNobody = false
    /// How many locks it holds.
    var locks = 0
    /// What it has done with the browser.
    var browsing: Browsing?
    /// Whether its program starts the browser.
    var opensURLs = false
    /// Of a sign-in: the numbers of the marks that the browser may be signed in which were there when it began.
    var marks: [Int]?
    /// Of a sign-in: whether it may take the place of the same user's session.
    var replacesSameUser = false

    init(_ program: Program, _ call: SimulatedCall, began: Int64, timeout: Int64, present: [Int]) {
        self.program = program
        self.call = call
        self.began = began
        self.timeout = timeout
        self.present = present
        lacksRecord = !program.keepsUnfinished
    }

    var isSignOut: Bool { call == .signOut || call == .signOutGlobally }

    /// Whether it may end a session that no unfinished sign-out names. One that was cancelled looks twice whether its record
    /// is gone; where the keyring does neither, or another one's took its place, it goes on without it.
    var mayLackRecord: Bool { lacksRecord || hasTakenBack && (refusals > 1 || wasBeside) }

    func lock() {
        locks += 1
        // A sign-out that may have to open a browser has looked once before.
        if isSignOut && !hasReleased { hasSeen = false }
    }

    func loseRecord() {
        record = nil
        lacksRecord = true
        hasLostRecordUnseen = true
    }

    func lookForRecord() {
        if !hasReleased { hasLostRecordUnseen = false }
    }

    func show(_ sessions: [SimulatedKeyring.Item]) {
        if !hasReleased { shown = sessions }
    }

    func read(_ items: [SimulatedKeyring.Item]) {
        if items.contains(where: { $0 === lateRecord }) { lateRecord = nil }
        for item in items { known += item.tokens.filter { !known.contains($0) } }
    }
}

enum SimulatedCall: CaseIterable {
    case save, signIn, load, fetch, check, signOut, signOutGlobally, retry, resume, watch
}
