// SPDX-License-Identifier: Apache-2.0

/// All that the core needs from outside.
public final class Ports {
    public let transport: any CognitoTransport
    public let store: any SessionStore
    public let lock: any SessionLock
    /// The one of those who finish sign-outs that are not finished: each of them is run by one at a time. Taken before the
    /// session's, where both are.
    public let resumeLock: any SessionLock
    public let clock: any Clock
    public let randomness: any Randomness
    public let digest: any Digest
    public let browser: any Browser
    public let mutex: any Mutex

    public init(
        transport: any CognitoTransport, store: any SessionStore, lock: any SessionLock,
        resumeLock: any SessionLock, clock: any Clock,
        randomness: any Randomness, digest: any Digest, browser: any Browser, mutex: any Mutex
    ) {
        self.transport = transport
        self.store = store
        self.lock = lock
        self.resumeLock = resumeLock
        self.clock = clock
        self.randomness = randomness
        self.digest = digest
        self.browser = browser
        self.mutex = mutex
    }
}
