// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// A cancellation that a test raises.
final class FakeCancellation: Cancellation, @unchecked Sendable {
    var isCancelled = false
    var descriptor: Int32 { -1 }
}
