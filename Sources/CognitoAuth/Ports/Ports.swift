// SPDX-License-Identifier: Apache-2.0

/// All that the core needs from outside.
public struct World {
    public let transport: any CognitoTransport
    public let store: any SessionStore
    public let clock: any Clock
    public let randomness: any Randomness
    public let turn: any Turn

    public init(
        transport: any CognitoTransport, store: any SessionStore, clock: any Clock, randomness: any Randomness,
        turn: any Turn
    ) {
        self.transport = transport
        self.store = store
        self.clock = clock
        self.randomness = randomness
        self.turn = turn
    }
}
