// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth
internal import Linux

/// The provider that this process uses, found anew where it, or the bus, was restarted.
///
/// One for all clients: a session with it takes as long to open as all the rest of a sign-out. What the program shares
/// through `g_bus_get` is not touched.
final class Providers: @unchecked Sendable {
    static let shared = Providers()

    private let mutex = ThreadMutex()
    private var current: Provider?

    /// Of libsecret's sessions with KWallet about one in a hundred is of no use, as they do not agree on keys that begin
    /// with a zero: the two then have different keys, or KWallet refuses the session.
    private static let attempts = 4

    /// Lets `body` use the provider. Where that, or the session with it, turns out to be of no use before anything was
    /// done, it is looked for anew.
    func use<Value>(
        _ context: KeyringContext, _ body: (Provider) throws(BusFailure) -> Value
    ) throws(BusFailure) -> Value {
        for _ in 1..<Self.attempts {
            var used: Provider?
            do throws(BusFailure) {
                let provider = try provider(context)
                used = provider
                return try body(provider)
            } catch {
                if let used, error.isWorthAnotherProvider || !used.isConnected { drop(used) }
                guard error.kind == .lostSession || (error.kind == .lostOwner && used != nil) else { throw error }
            }
        }
        return try body(try provider(context))
    }

    private func provider(_ context: KeyringContext) throws(BusFailure) -> Provider {
        if let known = mutex.withLock({ current }) {
            // GLib does not outlive a fork: nothing that was inherited is touched.
            guard known.isOfThisProcess else {
                throw BusFailure(
                    AuthFailure(.keyringUnavailable, detail: "this process is a child of the one that connected to it"),
                    .unsent)
            }
            if known.isConnected { return known }
            drop(known)
        }
        let bus: BusConnection
        do throws(AuthFailure) {
            bus = try SessionBus.connect(context)
        } catch {
            throw BusFailure(error, .unsent)
        }
        return keep(try Provider.find(context, bus))
    }

    /// Two threads may have found the provider at the same time: the first one's is used by both.
    private func keep(_ found: Provider) -> Provider {
        mutex.withLock {
            if let current { return current }
            current = found
            return found
        }
    }

    private func drop(_ lost: Provider) {
        mutex.withLock { if current === lost { current = nil } }
    }
}
