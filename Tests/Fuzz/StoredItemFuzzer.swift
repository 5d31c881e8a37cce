// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

@testable import CognitoAuth

/// The secret of an item in the keyring, whoever wrote it: a session, also one that 0.1 stored, a device, an unfinished
/// sign-out. Each is read as all three.
enum StoredItemFuzzer {
    static func run(_ bytes: UnsafeRawBufferPointer) {
        let secret = SecretBytes(copying: bytes)
        checkSession(item(.session, secret))
        checkDevice(item(.device, secret))
        checkUnfinished(item(.unfinished, secret))
    }

    private static func item(_ kind: ItemKind, _ secret: SecretBytes?) -> StoredItem {
        StoredItem(path: nil, attributes: ItemAttributes(kind), secret: secret)
    }

    private static func checkSession(_ item: StoredItem) {
        let stored = StoredSession(item)
        for token in stored.secrets { require(TokenRules.accept(token), "what is no token was read") }
        if let life = stored.life { require((0...86_400).contains(life.length) && life.beginning >= 0) }
        _ = stored.life?.isOver(at: .max / 2, margin: 60)
        let older = StoredSession.newestFirst([item, self.item(.session, nil), item])
        require(older.count == 3 && zip(older, older.dropFirst()).allSatisfy { $0.savedAt >= $1.savedAt })
        let ending = SessionToEnd(older)
        require(ending?.secrets.count ?? 0 == 2 * stored.secrets.count, "a token is lost")
        if let plan = ending?.plan(globally: true), stored.refreshToken != nil {
            require(plan.refreshTokens.count == 1, "a refresh token is revoked twice")
        }
        guard let session = stored.session else { return }
        let object = item.secret?.withBytes { JSONObject(parsing: $0) }
        require(object?.has("refresh_token") == (session.refreshToken != nil), "a damaged token is taken for none")
        require(object?.has("id_token") == (session.idToken != nil), "a damaged token is taken for none")
        let again = StoredSession(
            self.item(.session, StoredSession.encode(session, savedAt: stored.savedAt, life: stored.life)))
        guard let read = again.session else { fatalError("what was written cannot be read") }
        require(
            isSame(session.accessToken, read.accessToken) && isSame(session.idToken, read.idToken)
                && isSame(session.refreshToken, read.refreshToken) && session.signInMethod == read.signInMethod
                && session.username.isExactly(read.username), "what was written is read as something else")
        require(again.savedAt == max(0, stored.savedAt))
        require(again.life?.beginning == stored.life?.beginning && again.life?.length == stored.life?.length)
    }

    private static func checkDevice(_ item: StoredItem) {
        guard let device = StoredDevice(item), let secret = device.encode() else { return }
        let again = StoredDevice(self.item(.device, secret))
        require(again.map { $0.key.hasSameBytes(as: device.key) && $0.username.isExactly(device.username) } ?? false)
        require(device.belongs(toUsername: device.username, subject: device.subject))
    }

    private static func checkUnfinished(_ item: StoredItem) {
        let configuration = FuzzConfiguration.standard
        guard let unfinished = UnfinishedSignOut.read(item, for: configuration), let steps = unfinished.steps else {
            return
        }
        let secret = UnfinishedSignOut.encode(steps, signedOutAt: unfinished.signedOutAt, for: configuration)
        let again = UnfinishedSignOut.read(self.item(.unfinished, secret), for: configuration)
        require(again?.signedOutAt == unfinished.signedOutAt, "a time is written as another")
        require(again?.steps?.secrets.count == steps.secrets.count, "a token is lost")
    }

    private static func isSame(_ one: SecretBytes?, _ other: SecretBytes?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return one.hasSameBytes(as: other)
    }
}

@_cdecl("fuzz_stored_item")
public func fuzzStoredItem(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    StoredItemFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
