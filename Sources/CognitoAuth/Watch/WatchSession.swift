// SPDX-License-Identifier: Apache-2.0

/// Watching the stored session. A sign of the keyring's is only a reason to look, and what is told is a difference that was
/// seen.
struct WatchSession {
    let client: AuthClient
    let call: Call
    /// Who is signed in, as far as the program knows: it was told so, or did it itself; nil before the first look.
    private var known: Sighting?
    private var isLocked = false
    /// How many of the client's own changes `known` takes in.
    private var ownChanges: Int

    /// In milliseconds; for a look that an own change got in the way of.
    private static let pause: Int64 = 50
    /// A look may fail by chance, and no sign come after it: so it is tried again, so often, after so many milliseconds.
    private static let retries = 3
    private static let retryPause: Int64 = 1000

    init(client: AuthClient, call: Call) {
        self.client = client
        self.call = call
        ownChanges = client.ownChanges.count
    }

    /// Watches until it is cancelled, or nothing more can come; returns which.
    mutating func run() -> AuthFailure {
        do {
            let watch = try client.ports.store.watch(try begin().time.whole)
            defer { watch.close() }
            call.write(.info, "The session is watched")
            try follow(watch)
        } catch {
            call.write(error.status == .cancelled ? .info : .error, .joining("Watch: ", error.status.name))
            return error
        }
    }

    /// It never asks the user for anything: nobody waits for it.
    private func begin() throws(AuthFailure) -> ActiveCall { try .begin(client, call, needsKeyring: false) }

    private mutating func follow(_ watch: any StoreWatch) throws(AuthFailure) -> Never {
        var failures = 0
        while true {
            failures = try look() ? 0 : failures + 1
            let isTriedAgain = failures > 0 && failures <= Self.retries
            let now = client.ports.clock.monotonicMilliseconds
            do {
                try watch.next(limit(isTriedAgain ? now + Self.retryPause : .max))
                failures = 0
            } catch {
                guard isTriedAgain && error.status == .deadlineExceeded else { throw error }
            }
        }
    }

    private func limit(_ deadline: Int64) -> WaitLimit {
        WaitLimit(deadline: deadline, cancellation: call.cancellation)
    }

    /// Looks, and tells what is different. Returns false where nothing could be seen, which says nothing of who is signed in.
    private mutating func look() throws(AuthFailure) -> Bool {
        let own = client.ownChanges
        do throws(AuthFailure) {
            while true {
                let count = own.count
                if own.changes(after: count, upTo: count) != nil {
                    guard let seen = try glance() else { return false }
                    if let changes = own.changes(after: ownChanges, upTo: count) {
                        ownChanges = count
                        take(seen, after: changes)
                        return true
                    }
                }
                client.ports.clock.pause(milliseconds: Self.pause, limit(.max))
                if call.cancellation.isCancelled { throw AuthFailure(.cancelled) }
            }
        } catch {
            if error.status == .cancelled { throw error }
            guard error.status == .keyringLocked else { return false }
            if !isLocked { call.announce(.keyringLocked) }
            isLocked = true
            return true
        }
    }

    private func glance() throws(AuthFailure) -> Sighting? {
        let active = try begin()
        return .of(try active.look(active.time.whole), client.ports.digest)
    }

    private mutating func take(_ seen: Sighting, after changes: [OwnChange?]) {
        if isLocked { call.announce(.keyringUnlocked) }
        isLocked = false
        let isKnown = known?.isSame(as: seen) ?? true
        var isExpected = isKnown
        for case let change? in changes {
            // What the program was told of last counts, and what may have come of it since.
            switch change.effect {
            case .done: isExpected = false
            case .unsure: break
            // A refresh before it is not undone.
            case .undone: isExpected = isKnown || isExpected && seen.attributes != nil
            }
            isExpected = isExpected || change.left.isSame(as: seen)
        }
        known = seen
        guard !isExpected else { return }
        call.announce(seen.attributes == nil ? .signedOutElsewhere : .sessionChangedElsewhere)
    }
}
