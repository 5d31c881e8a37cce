// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import CurlTransport
internal import Linux
internal import LoopbackBrowser
internal import SecretServiceStore
internal import SessionLockFile

extension AuthClient {
    /// A client with the adapters that the library is shipped with.
    static func standard(_ configuration: Configuration) -> AuthClient {
        let ports = Ports(
            transport: CurlTransport(configuration, userAgent: .joining("cognitoauth/", versionText)),
            store: SecretServiceStore(configuration), lock: ClientLock(configuration),
            resumeLock: ClientLock(configuration, purpose: "resume-"), clock: SystemClock(),
            randomness: SystemRandomness(), digest: SystemDigest(), browser: LoopbackBrowser(), mutex: ThreadMutex())
        return AuthClient(configuration, ports)
    }
}

extension Configuration {
    /// Options, checked with the adapters that the library is shipped with.
    static func standard(_ options: ConfigurationOptions) throws(AuthFailure) -> Configuration {
        try .checked(options, CurlURLReader())
    }
}
