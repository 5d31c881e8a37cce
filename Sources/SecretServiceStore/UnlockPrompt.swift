// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth
internal import Linux

/// The keyring's dialog, in which the user unlocks something.
///
/// A prompt must not be cancelled: gnome-keyring 42 aborts, and with it goes every unlocked secret of the
/// desktop. So a thread of its own waits in it. When the caller's time is up the caller leaves; the
/// thread stays behind with what it holds, asks for nothing more, and cleans up when the user is done.
final class UnlockPrompt {
    private let target: UnsafeMutableRawPointer
    private let service: UnsafeMutablePointer<SecretService>
    private let done = EventDescriptor()
    /// Written by the thread before `done` is raised, read by the caller after.
    private var failure: AuthFailure?

    /// How often the wait looks whether there is still a keyring: libsecret does not notice one that
    /// vanishes while its prompt is open.
    private static let interval: Int64 = 500

    /// Shows the prompt that unlocks `target`, a collection or an item, and waits for the user. Returns how
    /// many milliseconds that took.
    static func show(
        for target: UnsafeMutableRawPointer, _ service: UnsafeMutablePointer<SecretService>, _ limit: WaitLimit
    ) throws(AuthFailure) -> Int64 {
        let start = cognitoauth_monotonic_milliseconds()
        let prompt = UnlockPrompt(target, service)
        let hasBegun =
            prompt.done.isUsable
            && BackgroundThread.start(prompt) { this in
                guard let this else { return nil }
                Unmanaged<UnlockPrompt>.fromOpaque(this).takeRetainedValue().unlock()
                return nil
            }
        guard hasBegun else { throw AuthFailure(.outOfResources) }
        try prompt.wait(limit)
        if let failure = prompt.failure { throw failure }
        return cognitoauth_monotonic_milliseconds() - start
    }

    private init(_ target: UnsafeMutableRawPointer, _ service: UnsafeMutablePointer<SecretService>) {
        self.target = g_object_ref(target)
        self.service = service
        g_object_ref(service)
    }

    deinit {
        g_object_unref(target)
        g_object_unref(service)
    }

    private func unlock() {
        let targets = g_list_append(nil, target)
        var unlocked: UnsafeMutablePointer<GList>?
        var error: UnsafeMutablePointer<GError>?
        let count = secret_service_unlock_sync(service, targets, nil, &unlocked, &error)
        g_list_free(targets)
        g_list_free_full(unlocked) { g_object_unref($0) }
        if let error {
            failure = AuthFailure(consuming: error)
        } else if count < 1 {
            failure = AuthFailure(.keyringPromptDismissed)
        }
        done.raise()
    }

    private func wait(_ limit: WaitLimit) throws(AuthFailure) {
        var entries = [
            pollfd(fd: done.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: limit.cancellation?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        while !done.isRaised {
            if limit.isCancelled { throw AuthFailure(.cancelled) }
            let left = limit.deadline - cognitoauth_monotonic_milliseconds()
            guard left > 0 else {
                throw AuthFailure(.deadlineExceeded, detail: "the keyring's prompt was not answered")
            }
            let isIdle = poll(&entries, 2, Int32(clamping: min(left, Self.interval))) == 0
            guard isIdle else { continue }
            let isAlive = try SecretServiceConnection.isAlive(service, limit)
            if !isAlive { throw AuthFailure(.keyringUnavailable, detail: "it vanished while its prompt was open") }
        }
    }
}
