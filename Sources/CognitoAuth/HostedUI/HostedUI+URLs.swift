// SPDX-License-Identifier: Apache-2.0

import SecretMemory

extension HostedUI {
    /// Where the browser is signed out. The parameters are the Cognito user pools guide's, "Logout endpoint".
    static func logoutURL(_ origin: Endpoint, _ clientID: String, returningTo redirectURI: String) -> String {
        let query = URLEncodedForm()
        query.set("client_id", clientID)
        query.set("logout_uri", redirectURI)
        return url(origin, "logout?", query)
    }

    static func url(_ origin: Endpoint, _ page: String, _ query: URLEncodedForm) -> String {
        .joining(origin.url, page, query.text.withBytes { $0.text })
    }
}
