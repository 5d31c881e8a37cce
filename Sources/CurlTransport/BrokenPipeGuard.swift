// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// Keeps SIGPIPE from the program while libcurl writes to sockets.
///
/// CURLOPT_NOSIGNAL leaves the signal to us, and OpenSSL writes without MSG_NOSIGNAL. The thread's mask
/// is put back as it was, and a signal that came meanwhile is taken, unless one was pending before.
enum BrokenPipeGuard {
    static func run<Result>(_ body: () -> Result) -> Result {
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)

        var pending = sigset_t()
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1

        var previous = sigset_t()
        pthread_sigmask(SIG_BLOCK, &brokenPipe, &previous)
        let result = body()
        if !wasPending {
            var noTime = timespec()
            sigtimedwait(&brokenPipe, nil, &noTime)
        }
        pthread_sigmask(SIG_SETMASK, &previous, nil)
        return result
    }
}
