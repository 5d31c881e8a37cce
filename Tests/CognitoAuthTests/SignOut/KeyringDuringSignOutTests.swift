// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The keyring during sign-out")
struct KeyringDuringSignOutTests {
    let world = FakeWorld.signedIn()

    @Test(
        "Rows 18 and 21: a keyring that cannot be read fails the sign-out before anything is sent or deleted",
        arguments: [Status.keyringLocked, .keyringUnavailable, .keyringAccessDenied, .keyringFailed])
    func unreadable(status: Status) throws {
        world.store.failingLooks = [1: AuthFailure(status)]
        let report = try world.signOut()
        #expect(try world.summary(report) == .failed(status))
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 1)
    }

    @Test(
        "Rows 18 and 21: a global sign-out that cannot read the keyring says that GlobalSignOut was not attempted",
        arguments: [Status.keyringLocked, .keyringUnavailable])
    func unreadableGlobally(status: Status) throws {
        world.store.failingLooks = [1: AuthFailure(status)]
        let report = try world.signOut(globally: true)
        #expect(report.failure?.status == status)
        #expect(report.outcome == .failed)
        #expect(report.wasSignedIn == .unknown)
        #expect(report.signedOutLocally == .no)
        // The header: NOT_REQUESTED is for a step that did not have to run, NOT_ATTEMPTED for one that an
        // earlier step's failure kept from being begun.
        #expect(report.globalSignOut == .notAttempted)
        #expect(world.transport.requests.isEmpty)
        #expect(world.journal.onlyLooks)
    }

    @Test("Row 18: the suggestion for a locked keyring is to unlock it and to sign out again")
    func suggestion() throws {
        world.store.failingLooks = [1: AuthFailure(.keyringLocked)]
        let report = try world.signOut()
        #expect(report.failure?.suggestion == "Unlock the keyring and sign out again.")
        #expect(report.failure?.message == "The keyring is locked.")
    }

    @Test("Where the process can have no further descriptor, the suggestion does not blame the keyring")
    func outOfDescriptors() throws {
        world.store.failingLooks = [1: AuthFailure(.outOfResources)]
        let report = try world.signOut()
        #expect(report.failure?.suggestion == "Close something, and sign out again.")
    }

    @Test("Row 21: what the keyring's library says is in the message")
    func detail() throws {
        world.store.failingLooks = [1: AuthFailure(.keyringUnavailable, detail: "no bus")]
        let report = try world.signOut()
        #expect(report.failure?.message == "No keyring can be reached. (no bus)")
    }

    @Test("Row 23: a delete that fails and leaves the session there fails the sign-out, with the token revoked")
    func deleteFails() throws {
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, globalSignOut: .done, revocation: .done, failure: .keyringAccessDenied,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 23: a delete that is ignored fails the sign-out, as the second look still finds the session")
    func deleteIgnored() throws {
        world.store.ignoresDelete = true
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: .done, failure: .keyringFailed,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 23: a delete that reports a failure fails the sign-out, also where the second look finds nothing")
    func deleteFailsButHappens() throws {
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        world.store.onLook = { [weak store = world.store] in if $0 == 2 { store?.sessions = [] } }
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .unknown, revocation: .done, failure: .keyringFailed,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test(
        "Row 23: a delete that was not answered fails the sign-out, whatever the second look shows",
        arguments: [true, false])
    func deleteUnanswered(isGone: Bool) throws {
        world.store.deleteFailure = AuthFailure(.keyringUnavailable)
        world.store.isDeleteUnanswered = true
        if isGone { world.store.onLook = { [weak store = world.store] in if $0 == 2 { store?.sessions = [] } } }
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .failed, signedOutLocally: isGone ? .unknown : .no, globalSignOut: .done, revocation: .done,
            failure: .keyringUnavailable, openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.events.isEmpty)
    }

    @Test("Row 23: where the second look fails too, the delete's failure is told")
    func deleteAndSecondLookFail() throws {
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        world.store.failingLooks = [2: AuthFailure(.keyringUnavailable)]
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .unknown, revocation: .done, failure: .keyringAccessDenied,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 23: a second look that cannot see leaves it unknown whether the user is signed out here")
    func secondLookFails() throws {
        world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .unknown, revocation: .done, failure: .keyringLocked,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 23: a collection that is locked before the delete fails the sign-out, and says that the tokens are dead")
    func lockedBeforeDelete() throws {
        world.transport.onRequest = { [store = world.store] operation in
            if operation == "RevokeToken" { store.lockedFromCall = 0 }
        }
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, globalSignOut: .done, revocation: .done, failure: .keyringLocked,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(!world.journal.hasDeleted)
        #expect(world.store.sessions.count == 1)
    }

    @Test(
        "Rows 22 and 23: where the deletion is open, the suggestion is to retry with the partial-failure token",
        arguments: [
            Status.keyringLocked, .keyringUnavailable, .keyringAccessDenied, .keyringPromptDismissed,
            .keyringNoCollection, .keyringFailed, .deadlineExceeded, .outOfResources,
        ])
    func suggestionWhereDeletionIsOpen(status: Status) throws {
        for call in ["reread 1", "delete 1"] {
            let world = FakeWorld.signedIn()
            if call == "delete 1" {
                world.store.deleteFailure = AuthFailure(status)
            } else {
                world.store.rereadFailure = AuthFailure(status)
            }
            let report = try world.signOut()
            #expect(report.failure?.status == status)
            #expect(report.partialFailureToken != nil)
            let suggestion = try #require(report.failure?.suggestion)
            #expect(suggestion.contains("etry with the partial-failure token"), "\(call): \(suggestion)")
            #expect(!suggestion.contains("ign out again"), "\(call): \(suggestion)")
        }
    }

    @Test("Row 23: one that is locked between the second reading and the delete cannot be looked into either")
    func lockedAtDelete() throws {
        world.journal.whenBegun["delete 1"] = { [store = world.store] in store.lockedFromCall = 0 }
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .unknown, revocation: .done, failure: .keyringLocked,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.store.sessions.count == 1)
    }

    @Test("Row 23: where deleting fails and both remote steps are open, the token holds all three")
    func deleteAndGlobalSignOutFail() throws {
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        world.transport.goOffline()
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, globalSignOut: .failed, revocation: .notAttempted, failure: .keyringFailed,
            globalSignOutError: .hostNotFound, revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh], deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 23: signing out again finishes too, and then nothing is open any more")
    func again() throws {
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        #expect(try world.signOut().outcome == .failed)
        world.store.deleteFailure = nil
        #expect(try world.summary(world.signOut()) == ReportSummary(.complete, revocation: .done))
        world.expectSignedOut()
    }

    @Test("Row 23: where deleting fails and a remote step is open, the result carries the token for a retry")
    func deleteAndRevocationFail() throws {
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        world.transport.goOffline()
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: .failed, failure: .keyringFailed,
            revocationError: .hostNotFound, openSteps: StepsLeft(revoke: [SampleToken.refresh], deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test("Device keys that cannot be read do not disturb a sign-out")
    func devicesUnreadable() throws {
        world.store.deviceFailure = AuthFailure(.keyringFailed)
        let report = try world.signOut(globally: true)
        #expect(report.outcome == .complete)
    }

    @Test("Sign-out leaves the item of the device key where it is")
    func deviceSurvives() throws {
        world.store.devices = [FakeWorld.device("eu-west-1_key")]
        _ = try world.signOut(globally: true)
        #expect(world.store.sessions.isEmpty)
        #expect(world.store.devices.count == 1)
    }

    @Test("Row 22: a keyring that hung before the delete could be asked for has the session still")
    func hungBeforeDelete() throws {
        world.journal.whenBegun["RevokeToken 1"] = { [store = world.store] in store.isHanging = true }
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, globalSignOut: .done, revocation: .done, failure: .deadlineExceeded,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.store.sessions.count == 1)
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
    }
}
