// SPDX-License-Identifier: Apache-2.0

internal import CCognitoAuth
internal import CognitoAuth

/// The functions of the program that a client was made with.
struct Callbacks {
    private let logFunction: auth_log_function?
    private let logUserData: UnsafeMutableRawPointer?
    private let eventFunction: auth_event_function?
    private let eventUserData: UnsafeMutableRawPointer?
    private let openURLFunction: auth_open_url_function?
    private let openURLUserData: UnsafeMutableRawPointer?

    init(_ options: auth_client_options) {
        logFunction = options.log_function
        logUserData = options.log_user_data
        eventFunction = options.event_function
        eventUserData = options.event_user_data
        openURLFunction = options.open_url_function
        openURLUserData = options.open_url_user_data
    }

    var takesLines: Bool { logFunction != nil }

    var opensURLs: Bool { openURLFunction != nil }

    func tell(_ notice: Notice) {
        switch notice {
        case .line(let level, let text):
            if let logFunction { text.withCString { logFunction(logUserData, level.rawValue, $0) } }
        case .event(let event):
            eventFunction?(eventUserData, event.rawValue)
        }
    }

    func answer(_ question: Question) -> Bool {
        switch question {
        case .openURL(let url):
            guard let openURLFunction else { return false }
            return url.withCString { openURLFunction(openURLUserData, $0) == 0 }
        }
    }
}
