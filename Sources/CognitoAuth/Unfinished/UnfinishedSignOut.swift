// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// A sign-out that the keyring keeps, as it is not finished: an item of its own for each, so that none takes the place of
/// another.
///
/// The secret is one JSON object, `{"version":1,"signed_out_at":...,"token":"..."}`: when it began, in Unix milliseconds, and
/// its open steps as a partial-failure token. The attribute `session` is that of the session that it ends. Once it is
/// written, the user is signed out, whatever is still stored.
final class UnfinishedSignOut {
    let item: StoredItem
    /// What was read, or written into it since.
    var content: Content

    enum Content {
        /// The time is in Unix milliseconds.
        case readable(signedOutAt: Int64, OpenSteps)
        case damaged
        /// A newer version of the library wrote it.
        case newer
    }

    private static let version: Int64 = 1

    /// What an item holds; nil if it is of another app, pool or client.
    static func read(_ item: StoredItem, for configuration: Configuration) -> UnfinishedSignOut? {
        guard let object = item.secret?.withBytes({ JSONObject(parsing: $0) }), let version = object.integer("version")
        else { return UnfinishedSignOut(item, .damaged) }
        if version > Self.version { return UnfinishedSignOut(item, .newer) }
        guard version == Self.version, let signedOutAt = object.integer("signed_out_at"),
            let token = object.secret("token")
        else { return UnfinishedSignOut(item, .damaged) }
        switch PartialFailureToken.read(token, for: configuration) {
        case .steps(let steps): return UnfinishedSignOut(item, .readable(signedOutAt: signedOutAt, steps))
        case .foreign: return nil
        case .newer: return UnfinishedSignOut(item, .newer)
        case .damaged: return UnfinishedSignOut(item, .damaged)
        }
    }

    private init(_ item: StoredItem, _ content: Content) {
        self.item = item
        self.content = content
    }

    /// What is stored for a sign-out with these steps open; nil if it cannot be written.
    static func encode(_ steps: OpenSteps, signedOutAt: Int64, for configuration: Configuration) -> SecretBytes? {
        guard let token = PartialFailureToken.encode(steps, for: configuration).text else { return nil }
        let object = JSONObjectBuilder()
        object.set("version", version)
        object.set("signed_out_at", signedOutAt)
        object.set("token", token)
        return object.encoded()
    }

    /// When the sign-out began, in Unix milliseconds; 0 where that cannot be read.
    var signedOutAt: Int64 {
        if case .readable(let time, _) = content { return time }
        return 0
    }

    /// How long ago it began, in milliseconds: negative where the clock was set back since. nil where that is beyond all
    /// numbers.
    func age(_ clock: any Clock) -> Int64? {
        let (age, isTooLarge) = clock.unixMilliseconds.subtractingReportingOverflow(signedOutAt)
        return isTooLarge ? nil : age
    }

    /// nil where they cannot be read.
    var steps: OpenSteps? {
        if case .readable(_, let steps) = content { return steps }
        return nil
    }

    /// Whether the sign-out is one of this session.
    func names(_ stored: StoredSession, _ digest: any Digest) -> Bool {
        if let mine = item.attributes.session, stored.item.attributes.isOf(mine) { return true }
        guard let deletions = steps?.deletions, !deletions.isEmpty else { return false }
        return deletions.has(SessionIdentity(stored, digest))
    }
}
