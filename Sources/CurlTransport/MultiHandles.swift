// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Linux

/// libcurl's multi handles, each of which keeps its connections and is used by one request at a time.
///
/// The requests of one sign-out follow each other and share a handle, and so a connection. Requests of other threads get
/// handles of their own; one is kept for later.
final class MultiHandles {
    private let mutex = ThreadMutex()
    private var idle: UnsafeMutableRawPointer?

    deinit { Self.close(idle) }

    /// Lends a handle to `body`, nil where libcurl cannot make one. It is kept where `body` says so.
    func withHandle<Result>(_ body: (UnsafeMutableRawPointer?) -> (Result, isKept: Bool)) -> Result {
        let handle = take()
        let (result, isKept) = body(handle)
        if isKept { giveBack(handle) } else { Self.close(handle) }
        return result
    }

    private func take() -> UnsafeMutableRawPointer? {
        let kept = mutex.withLock {
            let kept = idle
            idle = nil
            return kept
        }
        return kept ?? Self.make()
    }

    /// libcurl 8.23 keeps any number of connections where older versions keep four, and each refresh and each redeemed code
    /// adds one.
    private static func make() -> UnsafeMutableRawPointer? {
        guard let handle = curl_multi_init() else { return nil }
        _ = cognitoauth_curl_limit_connections(handle, 4)
        return handle
    }

    private func giveBack(_ handle: UnsafeMutableRawPointer?) {
        let surplus = mutex.withLock {
            let surplus = idle
            idle = handle
            return surplus
        }
        Self.close(surplus)
    }

    private static func close(_ handle: UnsafeMutableRawPointer?) {
        guard let handle else { return }
        BrokenPipeGuard.run { _ = curl_multi_cleanup(handle) }
    }
}
