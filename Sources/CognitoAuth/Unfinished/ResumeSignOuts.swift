// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Finishing the sign-outs that the keyring keeps, each once, the oldest first.
struct ResumeSignOuts {
    let client: AuthClient
    let call: Call

    /// How many sign-outs are kept, and for how many milliseconds.
    static let maximumCount = 16
    private static let maximumAge: Int64 = 90 * 86_400_000

    func run() -> SignOutReport {
        var report = SignOutReport.unbegunRetry(nil)
        report.kept = .unknown
        do {
            try resume(&report)
        } catch {
            report.failure = error
        }
        report.close("Resume of sign-outs", call)
        return report
    }

    private func resume(_ report: inout SignOutReport) throws(AuthFailure) {
        let active = try ActiveCall.begin(client, call)
        report.revocation = .notRequested
        if try look(active, &report).unfinished.isEmpty { return }
        try active.takeResumeLock()
        defer { active.ports.resumeLock.release() }
        let look = try deleteSessions(active, &report)
        finish(look, active, &report)
    }

    private func look(_ active: ActiveCall, _ report: inout SignOutReport) throws(AuthFailure) -> Look {
        let look = try active.look(active.time.whole)
        report.lookedIn(look)
        report.kept = look.unfinished.isEmpty ? .no : .yes
        // Where it ends before that one's turn.
        if let steps = look.unfinished.last?.steps { report.leave(steps) }
        return look
    }

    /// First of all, and whatever else becomes of it. A sign-out that is under way has the session's lock: what is found under
    /// it is nobody's.
    private func deleteSessions(_ active: ActiveCall, _ report: inout SignOutReport) throws(AuthFailure) -> Look {
        try active.takeLock(.isBusy)
        defer { active.ports.lock.release() }
        let look = try look(active, &report)
        if look.ended.isEmpty { return look }
        switch InterruptedDeletion(active: active).run(look) {
        case .signedOut:
            report.signedOutLocally = .yes
            call.announce(.signedOut)
        case .replaced: report.signedOutLocally = .no
        case .open(let failure, let answer):
            report.signedOutLocally = answer
            let newest = look.unfinished.last { one in one.steps?.deletions.isEmpty == false }
            if let steps = newest?.steps {
                report.keep(steps, deleting: steps.deletions, for: client.configuration)
            }
            report.kept = .yes
            report.failure = failure.told(of: .openDeletion)
        }
        return look
    }

    /// Runs what is open at Cognito of each. A server that stalls has only its share of the time.
    private func finish(_ look: Look, _ active: ActiveCall, _ report: inout SignOutReport) {
        let digest = active.ports.digest
        report.leave(.nothing)
        let base = report
        var left = look.unfinished.count
        for (index, one) in look.unfinished.enumerated() {
            let waiting = look.unfinished.count - index
            // Where a deletion failed, nobody knows of which one.
            if base.failure != nil, look.ended.contains(where: { one.names($0, digest) }) { continue }
            var single = base
            single.failure = nil
            if let steps = one.steps { single.leave(steps) }
            let limit = active.time.network.share(of: waiting, at: active.ports.clock.monotonicMilliseconds)
            do throws(AuthFailure) {
                try ResumedSignOut(active: active, limit: limit).run(one, &single)
            } catch {
                single.failure = error
            }
            if isToBeGivenUp(one, left: left, single, active) { single.kept = giveUp(one, active) }
            if single.kept == .no { left -= 1 }
            report.add(single)
        }
        report.unfinishedCount = left
    }

    /// What was tried in vain is not kept for ever.
    private func isToBeGivenUp(
        _ one: UnfinishedSignOut, left: Int, _ report: SignOutReport, _ active: ActiveCall
    ) -> Bool {
        guard report.kept != .no, report.failure == nil, one.steps != nil else { return false }
        return left > Self.maximumCount || Self.isOld(one, active)
    }

    /// Whether it has been kept for so long that it is given up.
    static func isOld(_ one: UnfinishedSignOut, _ active: ActiveCall) -> Bool {
        one.age(active.ports.clock).map { $0 > maximumAge } ?? true
    }

    private func giveUp(_ one: UnfinishedSignOut, _ active: ActiveCall) -> SignOutReport.Answer {
        call.write(
            .warning,
            "An unfinished sign-out was given up: it is too old, or there are too many. Its refresh token may be good")
        let record = SignOutRecord(one, active)
        record.remove()
        return record.kept
    }
}
