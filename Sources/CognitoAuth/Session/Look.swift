// SPDX-License-Identifier: Apache-2.0

/// What a look shows of the sessions of a client.
///
/// A session that an unfinished sign-out names is signed out, whatever kept it from being deleted: it is no session any more.
final class Look {
    /// Those of whoever is signed in, the newest first.
    let sessions: [StoredSession]
    /// Those that are signed out, and still to be deleted.
    let ended: [StoredSession]
    /// The oldest first.
    let unfinished: [UnfinishedSignOut]

    init(_ items: [StoredItem], _ client: AuthClient) {
        var unfinished: [UnfinishedSignOut] = []
        var found: [StoredItem] = []
        for item in items {
            if item.attributes.kind != .unfinished {
                found.append(item)
            } else if let one = UnfinishedSignOut.read(item, for: client.configuration) {
                let place = unfinished.firstIndex { $0.signedOutAt > one.signedOutAt }
                unfinished.insert(one, at: place ?? unfinished.endIndex)
            }
        }
        var sessions: [StoredSession] = []
        var ended: [StoredSession] = []
        for stored in StoredSession.newestFirst(found) {
            if unfinished.contains(where: { $0.names(stored, client.ports.digest) }) {
                ended.append(stored)
            } else {
                sessions.append(stored)
            }
        }
        self.sessions = sessions
        self.ended = ended
        self.unfinished = unfinished
    }
}
