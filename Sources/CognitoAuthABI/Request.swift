// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import SecretMemory

/// What a program asks of a client, whether it waits for the outcome or not.
protocol Request {
    associatedtype Outcome

    func run(_ core: AuthClient, _ call: Call) -> Outcome
}

enum SignOutRequest: Request {
    case local
    case global
    case retry(SecretBytes)
    case resume

    func run(_ core: AuthClient, _ call: Call) -> SignOutReport {
        switch self {
        case .local: core.signOut(globally: false, call)
        case .global: core.signOut(globally: true, call)
        case .retry(let token): core.retrySignOut(token, call)
        case .resume: core.resumeSignOuts(call)
        }
    }
}

enum SessionRequest: Request {
    case save(LoadedSession)
    case load
    case fetch
    case check
    case watch
    case signIn(SignInOptions)

    func run(_ core: AuthClient, _ call: Call) -> SessionOutcome {
        switch self {
        case .save(let session):
            do { try core.save(session, call) } catch { return SessionOutcome(failure: error) }
            return SessionOutcome()
        case .load:
            do { return SessionOutcome(session: try core.load(call)) } catch { return SessionOutcome(failure: error) }
        case .fetch:
            do { return SessionOutcome(session: try core.fetch(call)) } catch { return SessionOutcome(error) }
        case .check:
            do { try core.check(call) } catch { return SessionOutcome(failure: error) }
            return SessionOutcome()
        case .watch: return SessionOutcome(failure: core.watch(call))
        case .signIn(let options):
            do { return SessionOutcome(session: try core.signIn(options, call)) } catch { return SessionOutcome(error) }
        }
    }
}

/// How a session call ended: with both where new tokens could not be stored, with neither where a session was
/// saved.
struct SessionOutcome {
    var session: LoadedSession?
    var failure: AuthFailure?
}

extension SessionOutcome {
    fileprivate init(_ error: SessionFailure) { self.init(session: error.unsaved, failure: error.failure) }
}

/// Ending a session that is in no keyring, and that nobody has.
struct DiscardRequest: Request {
    let session: LoadedSession

    func run(_ core: AuthClient, _ call: Call) { core.discard(session, call) }
}
