// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// What is done, by the programs and by everybody else.
extension World {
    func run() {
        if surroundings.hasSecondDevice { useSecondDevice() }
        if surroundings.hasDamage { doDamage() }
        make(surroundings.hasHostedUI ? .signIn : .save, programs[0])
        while !isOver {
            if surroundings.isWatched, callsLeft > 0, random.isOneIn(2) {
                startPrograms()
                watch(programs[random.below(programs.count)])
            } else {
                goOn()
            }
        }
    }

    /// One call more, or the end.
    func goOn() {
        if violation != nil { return }
        guard callsLeft > 0 else { return recover() }
        callsLeft -= 1
        startPrograms()
        while !late.isEmpty && random.isOneIn(2) { carryOutLate() }
        if random.isOneIn(3) { stir(mayTakeLong: true) }
        if surroundings.odd(.otherHands) > 0, random.isOneIn(3) { lendOtherHands(nil) }
        if surroundings.hasDamage, random.isOneIn(3) { doDamage() }
        if surroundings.hasSecondDevice, random.isOneIn(2) { useSecondDevice() }
        let program = programs[random.below(programs.count)]
        make(chooseCall(program), program)
        checkHeld()
    }

    func chooseCall(_ program: Program) -> SimulatedCall {
        switch random.below(16) {
        case 0...2: surroundings.hasHostedUI && random.below(3) > 0 ? .signIn : .save
        case 3: .load
        case 4, 5: .fetch
        case 6: .check
        case 7...9: .signOut
        case 10...12: .signOutGlobally
        case 13: program.handed.isEmpty ? .fetch : .retry
        case 14: program.handed.isEmpty ? .signOutGlobally : .retry
        default: .resume
        }
    }

    /// What people and machines do.
    func stir(mayTakeLong: Bool) {
        switch random.below(12) {
        case 0, 1: keyring.isLocked.toggle()
        case 2: keyring.isGone.toggle()
        case 3, 4: network.isOnline.toggle()
        case 5:
            let user = random.below(2)
            cognito.users[user].isDisabled.toggle()
        case 6:
            // A user who was deleted, and another one of the same name, are not the same.
            if random.isOneIn(4) { cognito.users[0].isDeleted = true }
        case 7: cognito.endEverySession(of: random.below(2))
        case 8:
            guard !surroundings.hasSteadyClocks, let program = random.one(of: programs) else { break }
            program.clockOffset =
                (Int64(random.below(5)) - 2) * [60_000, 3_600_000, 86_400_000, 2_592_000_000][random.below(4)]
        default:
            let long: [Int64] = [11_000, 61_000, 3_600_000, 90_000_000, 8_640_000_000]
            now += mayTakeLong ? long[random.below(5)] : Int64(random.below(20_000))
        }
        trace(
            "  stir: locked \(keyring.isLocked), gone \(keyring.isGone), online \(network.isOnline), disabled \(cognito.users.map(\.isDisabled)), deleted \(cognito.users.map(\.isDeleted)), now \(now)"
        )
    }

    /// Makes the call, and judges how it ended; of a dead process nobody hears.
    func perform(_ run: Run, _ client: AuthClient) {
        let logLimit: LogLevel? = random.isOneIn(16) ? .debug : nil
        let asks = !isCalm && random.isOneIn(4)
        let hasBrowser = surroundings.hasHostedUI
        run.opensURLs = hasBrowser && random.isOneIn(3)
        let skipsBrowser = hasBrowser && random.isOneIn(4)
        let fails = hasBrowser && random.isOneIn(4)
        let browserTimeout = hasBrowser ? [0, 0, 20_000, 60_000][random.below(4)] : 0
        guard
            let options = try? CallOptions(
                timeout: Int32(run.timeout), allowPrompt: asks, promptTimeout: 0, skipsBrowser: skipsBrowser,
                browserFailure: fails ? 1 : 0, browserTimeout: Int32(browserTimeout), client.configuration)
        else { return violate("options were refused") }
        let call = Call(options, cancellation: run.cancellation, logLimit: logLimit, mailbox: mailbox)
        switch run.call {
        case .save: save(run, client, call)
        case .signIn: signIn(run, client, call)
        case .load: read(run) { () throws(AuthFailure) in try client.load(call) }
        case .fetch: fetch(run, client, call)
        case .check: check(run, client, call)
        case .signOut: judge(client.signOut(globally: false, call), run)
        case .signOutGlobally: judge(client.signOut(globally: true, call), run)
        case .retry: retry(run, client, call)
        case .watch: break
        case .resume:
            let report = client.resumeSignOuts(call)
            judge(report, run)
            // What it could not read again it cannot finish, nor what it did not get to.
            let isUnbegun = report.failure != nil && report.partialFailureToken == nil
            if run.refusals > 0 || isUnbegun { excuse(run.thrownAway) }
        }
    }

    private func retry(_ run: Run, _ client: AuthClient, _ call: Call) {
        let program = run.program
        guard !program.handed.isEmpty else { return }
        let token = program.handed.removeFirst()
        run.plan = token.withBytes { Wire.refreshTokensOfSteps(in: $0) }
        judge(client.retrySignOut(token, call), run)
    }

    /// A program that signs its user in by itself, and saves the session.
    private func save(_ run: Run, _ client: AuthClient, _ call: Call) {
        let user = random.isOneIn(4) ? 1 : 0
        guard !cognito.users[user].isDeleted, !cognito.users[user].isDisabled else { return }
        let (access, refresh, number) = cognito.signIn(user)
        run.minted.append(number)
        let session = Session(
            username: "user-\(user)", accessToken: SecretBytes(copying: access), idToken: nil,
            refreshToken: SecretBytes(copying: refresh), signInMethod: .api)
        do throws(AuthFailure) {
            try client.save(LoadedSession(session: session, deviceKey: nil), call)
            trace("  saved")
            judgeSave(run, number)
        } catch {
            trace("  save failed: \(error.status), \(error.message)")
            if run.program.isDead { return }
            // The program has it still, and knows.
            cognito.excuse(number)
            checkText(error.message)
        }
    }

    private func read(_ run: Run, _ read: () throws(AuthFailure) -> LoadedSession) {
        do throws(AuthFailure) {
            let loaded = try read()
            judge(loaded, run)
        } catch {
            judge(error, run)
        }
    }

    private func fetch(_ run: Run, _ client: AuthClient, _ call: Call) {
        do throws(SessionFailure) {
            judge(try client.fetch(call), run)
        } catch {
            if !run.program.isDead, let token = error.unsaved?.session.refreshToken { excuse(token) }
            judge(error.failure, run)
        }
    }

    private func check(_ run: Run, _ client: AuthClient, _ call: Call) {
        do throws(AuthFailure) {
            try client.check(call)
            trace("  checked: good")
        } catch {
            judge(error, run)
        }
    }

    /// A token that the program was handed is its own to end.
    func excuse(_ token: SecretBytes) {
        for number in Wire.refreshTokens(in: token) { cognito.excuse(number) }
    }
}
