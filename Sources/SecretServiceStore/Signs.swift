// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Synchronization

/// The signs of changes that have come since they were last taken, from any thread: no more than when they came, however
/// many there are.
final class Signs: Sendable {
    /// On the monotonic clock, in milliseconds; 0 where no sign has come.
    private let first = Atomic<Int64>(0)
    private let last = Atomic<Int64>(0)
    private let hasEnded = Atomic<Bool>(false)
    private nonisolated(unsafe) let context: KeyringContext

    /// So long nothing must come for the signs to be taken, in milliseconds; or so long after the first.
    private static let quiet: Int64 = 50
    private static let patience: Int64 = 100

    /// The context in which they are waited for.
    init(_ context: KeyringContext) { self.context = context }

    /// Another one has come.
    func note() {
        let now = cognitoauth_monotonic_milliseconds()
        last.store(now, ordering: .releasing)
        let isFirst = first.compareExchange(expected: 0, desired: now, ordering: .acquiringAndReleasing).exchanged
        if isFirst { context.wake() }
    }

    /// Whoever noted them is gone.
    func end() {
        hasEnded.store(true, ordering: .releasing)
        context.wake()
    }

    var areOver: Bool { hasEnded.load(ordering: .acquiring) }

    /// When they are to be taken; nil where there are none.
    var due: Int64? {
        let first = first.load(ordering: .acquiring)
        return first == 0 ? nil : min(last.load(ordering: .acquiring) + Self.quiet, first + Self.patience)
    }

    /// Forgets them, and returns whether there were any.
    func take() -> Bool { first.exchange(0, ordering: .acquiringAndReleasing) != 0 }
}
