// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth

/// A watch of the keyring: of what a provider of the Secret Service tells over the bus, or of the encrypted file.
final class KeyringWatch: StoreWatch {
    /// nil: the watch was closed.
    private var place: Place?
    private let process = getpid()

    /// Where signs come to, and from what.
    private final class Place {
        let context: KeyringContext
        let signs: Signs
        var source: Source?

        init(_ context: KeyringContext, _ signs: Signs, _ source: Source) {
            self.context = context
            self.signs = signs
            self.source = source
        }

        /// Whether nothing more can come.
        var hasEnded: Bool {
            switch source {
            case .bus(let bus): !bus.isConnected
            case .file(let file): file.haveEnded
            case nil: true
            }
        }
    }

    private enum Source {
        case bus(BusConnection)
        case file(FileSigns)
    }

    static func begin(_ choice: KeyringChoice, _ limit: WaitLimit) throws(AuthFailure) -> KeyringWatch {
        _ = try limit.left(at: cognitoauth_monotonic_milliseconds())
        let context = try KeyringContext.make(limit)
        let signs = Signs(context)
        let source = try context.enter { () throws(AuthFailure) -> Source in
            switch choice {
            case .secretService: .bus(try ServiceSigns.begin(signs, context))
            case .encryptedFile: .file(try FileSigns.begin(signs, context))
            }
        }
        return KeyringWatch(Place(context, signs, source))
    }

    private init(_ place: Place) { self.place = place }

    func next(_ limit: WaitLimit) throws(AuthFailure) {
        // GLib does not outlive a fork: nothing that was inherited is touched.
        guard process == getpid(), let place else {
            throw AuthFailure(.keyringUnavailable, detail: "this process is a child of the one that watches it")
        }
        let signs = place.signs
        try place.context.wait(limit) { signs.due != nil || place.hasEnded }
        // What came before the end is told before it.
        while let due = signs.due, due > cognitoauth_monotonic_milliseconds() {
            do throws(AuthFailure) {
                let pause = WaitLimit(deadline: min(due, limit.deadline), cancellation: limit.cancellation)
                try place.context.wait(pause) { false }
            } catch {
                guard error.status == .deadlineExceeded, due < limit.deadline else { throw error }
            }
        }
        guard signs.take() else { throw AuthFailure(.keyringUnavailable, detail: "what was watched has ended") }
    }

    func close() {
        guard let place else { return }
        guard process == getpid() else {
            _ = Unmanaged.passRetained(place)
            return
        }
        self.place = nil
        try? place.context.enter { () throws(AuthFailure) in
            place.source = nil
            // A connection and the context that it was born in hold each other until it has told the context of its end.
            let patience = WaitLimit(
                deadline: cognitoauth_monotonic_milliseconds() + Self.patience, cancellation: nil)
            try place.context.wait(patience) { place.signs.areOver }
        }
    }

    /// In milliseconds.
    private static let patience: Int64 = 1000
}
