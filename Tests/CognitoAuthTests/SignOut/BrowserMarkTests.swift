// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The mark that the browser may still be signed in")
struct BrowserMarkTests {
    let world = FakeWorld.signedInByHostedUI()

    @Test("It is set before the session is deleted where the browser's step failed", arguments: BrowserFault.allCases)
    func afterFailure(fault: BrowserFault) throws {
        fault.happen(in: world)
        #expect(try world.signOut().outcome == .partial)
        #expect(world.journal.keyring == "look look createMark reread delete look")
        #expect(world.store.items.map(\.attributes) == [ItemAttributes(.browser)])
        #expect(world.store.marks.map { $0?.text } == ["{}"])
    }

    @Test("And where it was left out, which is no failure")
    func skipped() throws {
        world.skipsBrowser = true
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
        #expect(world.journal.line == "take look RevokeToken createMark reread delete look release")
        #expect(world.browser.listeners.isEmpty)
        #expect(world.store.marks.count == 1)
    }

    @Test("And where no hosted UI is configured, or nothing to come back to", arguments: [true, false])
    func notConfigured(hasDomain: Bool) throws {
        if hasDomain { world.options.signOutRedirectURIs = [] } else { world.options.hostedUIDomain = nil }
        #expect(try world.signOut().outcome == .complete)
        #expect(world.journal.line == "take look RevokeToken createMark reread delete look release")
        #expect(world.store.marks.count == 1)
    }

    @Test("It is not set where the browser is signed out, and not for a session that no browser was in")
    func notNeeded() throws {
        #expect(try world.signOut().outcome == .complete)
        world.store.sessions = [FakeWorld.item()]
        world.skipsBrowser = true
        #expect(try world.signOut().outcome == .complete)
        #expect(world.store.items.isEmpty)
    }

    @Test("There is one at most, and a sign-out that signs the browser out leaves it to the next sign-in")
    func once() throws {
        for skips in [true, true, false] {
            world.store.sessions = [FakeWorld.item(method: .hostedUI)]
            world.skipsBrowser = skips
            #expect(try world.signOut().outcome == .complete)
            #expect(world.store.marks.count == 1)
        }
    }

    @Test("A keyring that does not take it keeps nobody signed in; the log tells", arguments: [true, false])
    func refused(hangs: Bool) throws {
        world.skipsBrowser = true
        if hangs {
            world.journal.whenBegun["createMark 1"] = { [world] in world.store.isHanging = true }
            world.journal.whenBegun["reread 1"] = { [world] in world.store.isHanging = false }
        } else {
            world.store.markFailure = AuthFailure(.keyringFailed)
        }
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(world.store.items.isEmpty)
        let status: Status = hangs ? .deadlineExceeded : .keyringFailed
        #expect(
            world.lines.contains { line in
                line.level == .warning
                    && line.text
                        == "Sign-out: that the browser may still be signed in was not noted: \(status.name)"
            })
    }

    @Test("It is set in a sign-out that is cancelled once something was sent, too")
    func cancelledLater() throws {
        world.skipsBrowser = true
        world.cancel(.after("RevokeToken 1"))
        #expect(try world.signOut().signedOutLocally == .yes)
        #expect(world.store.marks.count == 1)
    }

    @Test(
        "It is set where any of several sessions is of the hosted UI, whichever is the newest",
        arguments: [true, false])
    func severalSessions(isNewest: Bool) throws {
        let items = [FakeWorld.item(method: .hostedUI), FakeWorld.item()]
        world.store.sessions = isNewest ? items : items.reversed()
        world.skipsBrowser = true
        _ = try world.signOut()
        #expect(world.store.sessions.isEmpty)
        #expect(world.store.marks.count == 1)
    }

    @Test(
        "It is set for a damaged session that is of the hosted UI, or does not tell",
        arguments: [
            #"{"version":1,"username":"alice","refresh_token":"t","sign_in_method":"hosted_ui"}"#,
            #"{"version":1,"username":"alice","refresh_token":"t"}"#, "?",
        ])
    func damaged(secret: String) throws {
        world.store.sessions = [SecretBytes(secret)]
        world.skipsBrowser = true
        #expect(try world.signOut().outcome == .partial)
        #expect(world.store.sessions.isEmpty)
        #expect(world.store.marks.count == 1)
    }

    @Test("A damaged session that does not tell is not marked where no hosted UI is configured, or it is of the API")
    func damagedWithoutHostedUI() throws {
        world.store.sessions = [
            SecretBytes(#"{"version":1,"username":"alice","refresh_token":"t","sign_in_method":"api"}"#)
        ]
        #expect(try world.signOut().outcome == .partial)
        world.options.hostedUIDomain = nil
        world.store.sessions = [SecretBytes("?")]
        #expect(try world.signOut().outcome == .partial)
        #expect(world.store.items.isEmpty)
    }
}
