// SPDX-License-Identifier: Apache-2.0

/// When a request is sent again, and after how long.
///
/// Exponential back-off with full jitter, as the AWS SDKs do it: a random time of at most 100 ms,
/// 200 ms, 400 ms and so on up to 20 s; `Retry-After` is the least.
struct RetryPolicy {
    let maximumAttempts: Int

    private static let base: Int64 = 100
    private static let longest: Int64 = 20_000
    private static let longestRetryAfter: Int64 = 86_400

    /// Whether a server or proxy that answers with this HTTP status may answer otherwise the next time.
    static func mayPass(_ httpStatus: Int) -> Bool {
        switch httpStatus {
        case 429, 500, 502, 503, 504: true
        default: false
        }
    }

    /// The pause in milliseconds before the attempt after `attempt` (1, 2, ...), or nil for no further one.
    func pause(
        after attempt: Int, _ failure: RequestFailure, of operation: CognitoOperation, randomness: any Randomness
    ) -> Int64? {
        guard attempt < maximumAttempts, failure.isTransient, operation.isRepeatable || !failure.wasSent else {
            return nil
        }
        let ceiling = min(Self.base << min(attempt - 1, 16), Self.longest)
        let jitter = Int64(randomness.next() % UInt64(ceiling + 1))
        let asked = min(max(failure.retryAfterSeconds ?? 0, 0), Self.longestRetryAfter) * 1000
        return max(jitter, asked)
    }
}
