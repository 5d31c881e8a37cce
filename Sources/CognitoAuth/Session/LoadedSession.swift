// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// A session with what is stored beside it.
public final class LoadedSession: Sendable {
    public let session: Session
    public let deviceKey: SecretBytes?

    /// All that must not be told.
    var secrets: [SecretBytes] {
        .present([session.accessToken, session.idToken, session.refreshToken, deviceKey])
    }

    public init(session: Session, deviceKey: SecretBytes?) {
        self.session = session
        self.deviceKey = deviceKey
    }
}
