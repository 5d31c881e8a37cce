// SPDX-License-Identifier: Apache-2.0

/// What the calls of one client change of its stored session, so that a watch of the same client does not take it for
/// somebody else's doing.
///
/// While a change is under way, nobody can tell what it has done already.
final class OwnChanges {
    /// Where the keyring could not be read, a watch looks only after several calls.
    private static let kept = 64

    private let mutex: any Mutex
    private var begun = 0
    private var ended = 0
    /// The last of those that have ended.
    private var latest: [OwnChange?] = []

    init(_ mutex: any Mutex) { self.mutex = mutex }

    /// How many have ended.
    var count: Int {
        var count = 0
        mutex.withLock { count = ended }
        return count
    }

    /// To be called before the keyring is asked, and `end` after its answer.
    func begin() { mutex.withLock { begun += 1 } }

    func end(_ change: OwnChange?) {
        mutex.withLock {
            ended += 1
            latest.append(change)
            if latest.count > Self.kept { latest.removeFirst() }
        }
    }

    /// Those that ended after the first `first`. nil where there are more than `last`, or one is under way.
    func changes(after first: Int, upTo last: Int) -> [OwnChange?]? {
        var changes: [OwnChange?]?
        mutex.withLock {
            if begun == last && ended == last { changes = Array(latest.suffix(last - first)) }
        }
        return changes
    }
}
