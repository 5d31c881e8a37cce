// SPDX-License-Identifier: Apache-2.0

/// What the person in front of the screen is told of a sign-out: the first of these that holds.
///
/// No sentence has "signed out" in it where `signed_out_locally` is not AUTH_ANSWER_YES, and none says more than the
/// fields do. The table in the manual is made of the comments and the texts here.
public enum SignOutSentence: CaseIterable, Sendable {
    // `signed_out_locally` is AUTH_ANSWER_YES

    /// `global_sign_out` is AUTH_REMOTE_DONE, and neither `hosted_ui_error` nor `partial_failure_token` is NULL
    case everywhereButBrowser
    /// `global_sign_out` is not AUTH_REMOTE_NOT_REQUESTED, and neither of these two is NULL
    case othersAndBrowserOpen
    /// `revoke_token` is AUTH_REMOTE_NOT_ATTEMPTED, AUTH_REMOTE_FAILED or AUTH_REMOTE_UNKNOWN, and neither of these two
    /// is NULL
    case serviceAndBrowserOpen
    /// neither of these two is NULL
    case hereButBrowser
    /// `global_sign_out` is AUTH_REMOTE_DONE, `partial_failure_token` is not NULL, and `kept` is AUTH_ANSWER_YES
    case everywhereButOneStepKept
    /// `global_sign_out` is AUTH_REMOTE_DONE, `partial_failure_token` is not NULL, and `revoke_token_error` is
    /// AUTH_STATUS_TOO_MANY_REQUESTS
    case everywhereButOneStepBusy
    /// `global_sign_out` is AUTH_REMOTE_DONE, and `partial_failure_token` is not NULL
    case everywhereButOneStep
    /// `global_sign_out` is AUTH_REMOTE_DONE, and `invalid_session_error` is not NULL
    case everywhereDamaged
    /// `global_sign_out` is AUTH_REMOTE_DONE
    case everywhere
    /// complete, `was_signed_in` is AUTH_ANSWER_NO, `revoke_token` is AUTH_REMOTE_NOT_REQUESTED, and
    /// `global_sign_out` is AUTH_REMOTE_NOT_ATTEMPTED
    case notSignedInHere
    /// complete, `was_signed_in` is AUTH_ANSWER_NO, and `revoke_token` is AUTH_REMOTE_NOT_REQUESTED
    case notSignedIn
    /// complete, `was_signed_in` is AUTH_ANSWER_NO, `global_sign_out` is AUTH_REMOTE_NOT_REQUESTED, and `revoke_token` is
    /// AUTH_REMOTE_DONE or AUTH_REMOTE_NOT_ENABLED: the result of a retry
    case lastStep
    /// `global_sign_out` is not AUTH_REMOTE_NOT_REQUESTED, `partial_failure_token` is not NULL, and `kept` is
    /// AUTH_ANSWER_YES
    case othersKept
    /// `global_sign_out` is not AUTH_REMOTE_NOT_REQUESTED, `partial_failure_token` is not NULL, and
    /// `global_sign_out_error` is about the connection
    case othersOffline
    /// `global_sign_out` is not AUTH_REMOTE_NOT_REQUESTED, `partial_failure_token` is not NULL, and
    /// `global_sign_out_error` is AUTH_STATUS_TOO_MANY_REQUESTS
    case othersBusy
    /// `global_sign_out` is not AUTH_REMOTE_NOT_REQUESTED, and `partial_failure_token` is not NULL
    case othersOpen
    /// `global_sign_out` is not AUTH_REMOTE_NOT_REQUESTED
    case othersLeft
    /// `revoke_token` is AUTH_REMOTE_NOT_ATTEMPTED, AUTH_REMOTE_FAILED or AUTH_REMOTE_UNKNOWN,
    /// `partial_failure_token` is not NULL, and `kept` is AUTH_ANSWER_YES
    case serviceKept
    /// `revoke_token` is one of these three, `partial_failure_token` is not NULL, and `revoke_token_error` is about the
    /// connection
    case serviceOffline
    /// `revoke_token` is one of these three, `partial_failure_token` is not NULL, and `revoke_token_error` is
    /// AUTH_STATUS_TOO_MANY_REQUESTS
    case serviceBusy
    /// `revoke_token` is one of these three, and `partial_failure_token` is not NULL
    case serviceOpen
    /// `revoke_token` is one of these three
    case serviceLeft
    /// `invalid_session_error` is not NULL
    case hereDamaged
    /// otherwise
    case here

    // `signed_out_locally` is not AUTH_ANSWER_YES, and the outcome is not failed (only a retry or a resume)

    /// complete, `was_signed_in` is AUTH_ANSWER_YES, `signed_out_locally` is AUTH_ANSWER_NO, and `global_sign_out`
    /// is AUTH_REMOTE_DONE
    case earlierEndedEverywhere
    /// complete, `was_signed_in` is AUTH_ANSWER_YES, `signed_out_locally` is AUTH_ANSWER_NO, and both remote fields are
    /// AUTH_REMOTE_NOT_REQUESTED
    case nothingLeft
    /// complete, `was_signed_in` is AUTH_ANSWER_YES, and `signed_out_locally` is AUTH_ANSWER_NO
    case earlierIsGone
    /// partial, `was_signed_in` is AUTH_ANSWER_YES, and `signed_out_locally` is AUTH_ANSWER_NO
    case earlierIsOpen
    /// complete, and both are AUTH_ANSWER_UNKNOWN
    case finished
    /// partial, both are AUTH_ANSWER_UNKNOWN, and neither `hosted_ui_error` nor `partial_failure_token` is NULL
    case browserOpen
    /// partial, and both are AUTH_ANSWER_UNKNOWN
    case unfinished
    /// otherwise: no sign-out wrote this result
    case unknown

    // Failed, and `was_signed_in` is AUTH_ANSWER_YES

    /// `signed_out_locally` is AUTH_ANSWER_NO, and the status of `failure` is AUTH_STATUS_SESSION_CHANGED
    case stillSignedInAnew
    /// `signed_out_locally` is AUTH_ANSWER_NO, `global_sign_out` is AUTH_REMOTE_DONE, and the status of `failure` is
    /// AUTH_STATUS_KEYRING_LOCKED
    case endedEverywhereAndStoredLocked
    /// `signed_out_locally` is AUTH_ANSWER_NO, and `global_sign_out` is AUTH_REMOTE_DONE
    case endedEverywhereAndStored
    /// `global_sign_out` is AUTH_REMOTE_DONE, and the status of `failure` is AUTH_STATUS_KEYRING_LOCKED
    case endedEverywhereAndPerhapsStoredLocked
    /// `global_sign_out` is AUTH_REMOTE_DONE
    case endedEverywhereAndPerhapsStored
    /// `signed_out_locally` is AUTH_ANSWER_NO, `revoke_token` is AUTH_REMOTE_DONE without an error, and the status of
    /// `failure` is AUTH_STATUS_KEYRING_LOCKED
    case endedAndStoredLocked
    /// `signed_out_locally` is AUTH_ANSWER_NO, and `revoke_token` is AUTH_REMOTE_DONE without an error
    case endedAndStored
    /// `revoke_token` is AUTH_REMOTE_DONE without an error, and the status of `failure` is AUTH_STATUS_KEYRING_LOCKED
    case endedAndPerhapsStoredLocked
    /// `revoke_token` is AUTH_REMOTE_DONE without an error
    case endedAndPerhapsStored

    // Failed in any other way, and `kept` is AUTH_ANSWER_YES

    /// whatever the status of `failure` is
    case willBeTriedAgain

    // Failed, `was_signed_in` is AUTH_ANSWER_YES, `signed_out_locally` is AUTH_ANSWER_NO: by the status of `failure`

    /// AUTH_STATUS_KEYRING_LOCKED
    case stillLocked
    /// AUTH_STATUS_KEYRING_PROMPT_DISMISSED
    case stillNotPermitted
    /// AUTH_STATUS_KEYRING_UNAVAILABLE
    case stillUnreachable
    /// AUTH_STATUS_KEYRING_ACCESS_DENIED
    case stillRefused
    /// AUTH_STATUS_KEYRING_NO_COLLECTION or AUTH_STATUS_KEYRING_FAILED
    case stillKeyringProblem
    /// AUTH_STATUS_DEADLINE_EXCEEDED
    case stillTooLong
    /// AUTH_STATUS_CANCELLED
    case stillCancelled
    /// AUTH_STATUS_BROWSER_UNAVAILABLE, _NO_PORT, _TIMED_OUT or _REDIRECT_ERROR
    case stillInBrowser
    /// any other
    case still

    // Failed in any other way: by the status of `failure`

    /// AUTH_STATUS_KEYRING_LOCKED, `was_signed_in` and `signed_out_locally` are AUTH_ANSWER_UNKNOWN, both remote fields
    /// are AUTH_REMOTE_NOT_REQUESTED, and `partial_failure_token` is not NULL: a retry in which only the deletion is open
    case perhapsStoredLocked
    /// AUTH_STATUS_KEYRING_LOCKED
    case perhapsLocked
    /// AUTH_STATUS_KEYRING_PROMPT_DISMISSED
    case perhapsNotPermitted
    /// AUTH_STATUS_KEYRING_UNAVAILABLE
    case perhapsUnreachable
    /// AUTH_STATUS_KEYRING_ACCESS_DENIED
    case perhapsRefused
    /// AUTH_STATUS_KEYRING_NO_COLLECTION or AUTH_STATUS_KEYRING_FAILED
    case perhapsKeyringProblem
    /// AUTH_STATUS_DEADLINE_EXCEEDED
    case perhapsTooLong
    /// AUTH_STATUS_CANCELLED
    case perhapsCancelled
    /// AUTH_STATUS_BROWSER_UNAVAILABLE, _NO_PORT, _TIMED_OUT or _REDIRECT_ERROR
    case perhapsInBrowser
    /// any other
    case perhaps

    public var text: StaticString {
        switch self {
        case .notSignedIn: "You were not signed in."
        case .notSignedInHere:
            "You were not signed in here. Other devices were not signed out: sign in, then sign out everywhere."
        case .lastStep: "Signed out. The last step is done."
        case .everywhere: "Signed out on all devices."
        case .everywhereButOneStep: "Signed out on all devices. One step is left: try again."
        case .everywhereButOneStepKept: "Signed out on all devices. One step is left: it will be done later."
        case .everywhereButOneStepBusy: "Signed out on all devices. One step is left: try again in a minute."
        case .everywhereDamaged: "Signed out on all devices. What was stored on this computer was damaged."
        case .everywhereButBrowser: "Signed out on all devices. Your browser may still be signed in: try again."
        case .othersAndBrowserOpen:
            "Signed out on this computer. Other devices and your browser may still be signed in: try again."
        case .serviceAndBrowserOpen:
            "Signed out on this computer. The service may not know it yet, and your browser may still be signed in: try again."
        case .hereButBrowser: "Signed out on this computer. Your browser may still be signed in: try again."
        case .here: "Signed out on this computer."
        case .hereDamaged: "Signed out on this computer. What was stored on it was damaged."
        case .othersLeft: "Signed out on this computer. Other devices may still be signed in."
        case .othersKept:
            "Signed out on this computer. Other devices may still be signed in: this will be tried again."
        case .othersOpen: "Signed out on this computer. Other devices may still be signed in: try again."
        case .othersBusy:
            "Signed out on this computer. Other devices may still be signed in: try again in a minute."
        case .othersOffline:
            "Signed out on this computer. Other devices may still be signed in: check the network, then try again."
        case .serviceLeft: "Signed out on this computer. The service may not know it."
        case .serviceKept: "Signed out on this computer. The service may not know it yet: it will be told later."
        case .serviceOpen: "Signed out on this computer. The service may not know it yet: try again."
        case .serviceBusy: "Signed out on this computer. The service may not know it yet: try again in a minute."
        case .serviceOffline:
            "Signed out on this computer. The service may not know it yet: check the network, then try again."
        case .nothingLeft: "You are signed in. No earlier sign-out is left to finish."
        case .earlierIsGone: "Your earlier sign-in is gone from this computer. There is a newer one on it."
        case .earlierEndedEverywhere:
            "Your earlier sign-in has ended on all devices. There is a newer one on this computer."
        case .earlierIsOpen:
            "Your earlier sign-in may not have ended everywhere. There is a newer one on this computer."
        case .finished: "Signing out is finished."
        case .browserOpen: "Your browser may still be signed in: try again."
        case .unfinished: "Signing out is not finished."
        case .endedAndStored: "Your sign-in has ended, but is still stored on this computer: try again."
        case .endedAndPerhapsStored: "Your sign-in has ended, but may still be stored on this computer: try again."
        case .endedAndStoredLocked:
            "Your sign-in has ended, but is still stored on this computer. The keyring is locked: unlock it, then try again."
        case .endedAndPerhapsStoredLocked:
            "Your sign-in has ended, but may still be stored on this computer. The keyring is locked: unlock it, then try again."
        case .endedEverywhereAndStoredLocked:
            "Your sign-in has ended on all devices, but is still stored on this computer. The keyring is locked: unlock it, then try again."
        case .endedEverywhereAndPerhapsStoredLocked:
            "Your sign-in has ended on all devices, but may still be stored on this computer. The keyring is locked: unlock it, then try again."
        case .endedEverywhereAndStored:
            "Your sign-in has ended on all devices, but is still stored on this computer: try again."
        case .endedEverywhereAndPerhapsStored:
            "Your sign-in has ended on all devices, but may still be stored on this computer: try again."
        case .willBeTriedAgain: "Signing out is not finished: it will be tried again."
        case .stillSignedInAnew: "You are still signed in. There is a newer sign-in on this computer."
        case .stillLocked: "You are still signed in. The keyring is locked."
        case .stillNotPermitted: "You are still signed in. The keyring did not get your permission."
        case .stillUnreachable: "You are still signed in. No keyring can be reached."
        case .stillRefused: "You are still signed in. The keyring refused this program."
        case .stillKeyringProblem: "You are still signed in. There was a problem with the keyring."
        case .stillTooLong: "You are still signed in. It took too long."
        case .stillCancelled: "You are still signed in. Signing out was cancelled."
        case .stillInBrowser: "You are still signed in. The browser did not finish signing out."
        case .still: "You are still signed in. Something went wrong."
        case .perhapsStoredLocked: "Your sign-in may still be stored on this computer. The keyring is locked."
        case .perhapsLocked: "You may still be signed in. The keyring is locked."
        case .perhapsNotPermitted: "You may still be signed in. The keyring did not get your permission."
        case .perhapsUnreachable: "You may still be signed in. No keyring can be reached."
        case .perhapsRefused: "You may still be signed in. The keyring refused this program."
        case .perhapsKeyringProblem: "You may still be signed in. There was a problem with the keyring."
        case .perhapsTooLong: "You may still be signed in. It took too long."
        case .perhapsCancelled: "You may still be signed in. Signing out was cancelled."
        case .perhapsInBrowser: "You may still be signed in. The browser did not finish signing out."
        case .perhaps: "You may still be signed in. Something went wrong."
        case .unknown: "It is not known whether you are signed in."
        }
    }
}
