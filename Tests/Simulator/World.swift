// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// What is carried out later than it was asked for, and the refresh tokens that it will store.
struct Late {
    var tokens: [Int] = []
    let carryOut: () -> Void
}

/// One scenario: a machine with programs, a keyring and a lock, and Cognito. All that happens follows from the seed.
///
/// There is one thread. At each step of a call other things may come in between: other calls, which run to their end
/// meanwhile, the end of the process, or what people and machines do.
final class World {
    static let epoch: Int64 = 1_800_000_000_000
    private static let deepest = 3

    let seed: UInt64
    var random: SeededRandom
    let surroundings: Surroundings
    /// In milliseconds.
    var now: Int64 = 1_000_000_000
    var programs: [Program] = []
    /// The calls that are under way: each came in between the one before it.
    private(set) var stack: [Run] = []
    /// What is carried out later than it was asked for.
    var late: [Late] = []
    /// No more faults.
    private(set) var isCalm = false
    /// How many calls come before the end.
    var callsLeft = 0
    /// The watch that is under way.
    var watch: SimulatedWatch?
    private(set) var violation: String?
    /// Whether something has happened that no rule is made for: nothing that follows is a violation.
    var isUndecided = false
    private let isTraced: Bool

    private(set) lazy var keyring = SimulatedKeyring(self)
    private(set) lazy var cognito = SimulatedCognito(self)
    private(set) lazy var network = SimulatedNetwork(self)
    private(set) lazy var lock = SimulatedLock(self)
    private(set) lazy var resumeLock = SimulatedLock(self)
    private(set) lazy var clock = SimulatedClock(self)
    private(set) lazy var randomness = SimulatedRandomness(self)
    private(set) lazy var mailbox = SimulatedMailbox(self)
    private(set) lazy var browser = SimulatedBrowser(self)
    private(set) lazy var hostedUI = SimulatedHostedUI(self)
    let digest = SimulatedDigest()
    let mutex = SimulatedMutex()

    init(seed: UInt64, isTraced: Bool) {
        self.seed = seed
        self.isTraced = isTraced
        random = SeededRandom(seed)
        surroundings = Surroundings(&random)
        callsLeft = surroundings.calls
        for number in 0..<surroundings.programs { programs.append(program(number)) }
    }

    private func program(_ number: Int) -> Program {
        Program(number, keepsUnfinished: surroundings.keepsUnfinished[number], self)
    }

    var current: Run? { stack.last }

    var isCurrentDead: Bool { stack.last?.program.isDead ?? false }

    func trace(_ text: @autoclosure () -> String) {
        if isTraced { print(String(repeating: "  ", count: stack.count) + text()) }
    }

    func violate(_ rule: String) {
        trace("VIOLATION: \(rule)")
        if violation == nil, !isUndecided { violation = rule }
    }

    /// Whether no more calls come.
    var isOver: Bool { violation != nil || isCalm }

    func checkText(_ text: String) {
        if Wire.hasToken(text) { violate("a token was told") }
        if surroundings.hasHostedUI, hostedUI.secrets.contains(where: { Wire.has($0, in: text) }) {
            violate("a secret of a sign-in was told")
        }
    }

    // MARK: Time

    func wait(_ milliseconds: Int64, _ limit: WaitLimit) {
        now = max(now, min(now + milliseconds, limit.deadline))
    }

    /// Waits for what does not come, and says how that ends.
    func waitInVain(_ limit: WaitLimit) -> AuthFailure {
        if let run = current, limit.cancellation != nil, limit.deadline == .max || happens(.cancel) {
            now += 1
            run.cancellation.cancel()
        }
        if limit.isCancelled { return AuthFailure(.cancelled) }
        now = max(now, limit.deadline)
        return AuthFailure(.deadlineExceeded)
    }

    /// How long it took.
    func passing(_ body: () -> Void) -> Int64 {
        let beginning = now
        body()
        return now - beginning
    }

    // MARK: What comes in between

    func happens(_ fault: Fault) -> Bool {
        let odd = surroundings.odd(fault)
        return odd > 0 && !isCalm && random.below(1024) < odd
    }

    func step() {
        guard !isCalm, let run = stack.last, !run.program.isDead else { return }
        if !late.isEmpty, random.isOneIn(4) { carryOutLate() }
        if happens(.unrest) { run.stolen += passing { stir(mayTakeLong: false) } }
        if stack.count < Self.deepest, happens(.meanwhile) { run.stolen += passing { callMeanwhile(run) } }
        if happens(.otherHands) { lendOtherHands(run) }
        if happens(.cancel) {
            trace("    cancelled")
            run.cancellation.cancel()
        }
        // What a call leaves behind that came in between, the one around it finds.
        if happens(.crash) || stack.count > 1 && happens(.crash) { kill(run.program) }
    }

    /// To be called before each request.
    func noticeWhoIsBeside() {
        if lock.hasSeveral || resumeLock.hasSeveral { stack.forEach { $0.wasBeside = true } }
    }

    private func callMeanwhile(_ run: Run) {
        guard let program = random.one(of: programs), !program.isDead else { return }
        for run in stack { run.wasInterrupted = true }
        make(chooseCall(program), program)
    }

    func carryOutLate() {
        guard !late.isEmpty else { return }
        for run in stack { run.wasInterrupted = true }
        late.remove(at: random.below(late.count)).carryOut()
    }

    /// What only this process knew, nobody knows.
    private func kill(_ program: Program) {
        trace("    program \(program.number) dies")
        program.isDead = true
        lock.unlock(program)
        resumeLock.unlock(program)
        for run in stack where run.program === program {
            excuse(run.minted + run.thrownAway)
            // What it was about to end, and had written down, is in the keyring; what that did not take is not.
            let isForgotten = run.isSignOut && (run.mayLackRecord || run.isRecordOutdated) || run.call == .retry
            if isForgotten {
                excuse(run.plan + run.known.filter { run.seen.contains(cognito.refreshTokens[$0].family) })
            }
        }
        excuse(program.handedTokens)
    }

    /// Unless the keyring has them.
    func excuse(_ tokens: [Int]) {
        for token in tokens where !keyring.holds(token) { cognito.excuse(token) }
    }

    func startPrograms() {
        for number in programs.indices where programs[number].isDead { programs[number] = program(number) }
    }

    // MARK: Calls

    func make(_ call: SimulatedCall, _ program: Program) {
        guard let client = program.client, violation == nil else { return }
        let timeout = isCalm ? 30_000 : Int64([100, 1000, 3000, 30_000, 30_000, 30_000][random.below(6)])
        let run = Run(
            program, call, began: now, timeout: timeout, present: keyring.sessions().compactMap(\.family))
        stack.append(run)
        trace("program \(program.number)\(program.keepsUnfinished ? " (keeps)" : ""): \(call), \(timeout) ms")
        let globalEnds = cognito.globalEnds
        let elsewhere = surroundings.hasSecondDevice ? countElsewhere : 0
        perform(run, client)
        checkTime(run)
        if surroundings.hasSecondDevice { checkElsewhere(run, before: elsewhere, globalEnds: globalEnds) }
        stack.removeLast()
        watch?.hasEnded(run)
    }

    func whileUnderWay<Result>(_ run: Run, _ body: () -> Result) -> Result {
        stack.append(run)
        defer { stack.removeLast() }
        return body()
    }

    /// While a watch waits.
    func goOn(beside run: Run) {
        stack.removeLast()
        goOn()
        stack.append(run)
    }

    /// From now on all goes well, and who died is started again.
    func calmDown() {
        isCalm = true
        while !late.isEmpty { carryOutLate() }
        startPrograms()
        keyring.isLocked = false
        keyring.isGone = false
        network.isOnline = true
        for user in cognito.users.indices { cognito.users[user].isDisabled = false }
        for program in programs { program.clockOffset = 0 }
    }
}
