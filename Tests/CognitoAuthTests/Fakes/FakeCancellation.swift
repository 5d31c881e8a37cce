// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Testing

/// A cancellation that a test raises.
final class FakeCancellation: Cancellation, @unchecked Sendable {
    var isCancelled = false
    var descriptor: Int32 { -1 }
}

/// When a call is cancelled. Steps are named with their number, as in "look 2".
enum Moment: Sendable, CustomTestStringConvertible {
    /// Before the call is made.
    case before
    /// While the step is under way, which then ends as its limit says.
    case `in`(String)
    /// When the step has been done.
    case after(String)

    var testDescription: String {
        switch self {
        case .before: "before the call"
        case .in(let step): "in \(step)"
        case .after(let step): "after \(step)"
        }
    }
}
