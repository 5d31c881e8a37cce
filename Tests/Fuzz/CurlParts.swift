// SPDX-License-Identifier: Apache-2.0

import CCurl

/// All that libcurl finds in a URL.
struct CurlParts {
    let url: String
    let scheme: String
    let host: String
    let port: String
    let path: String
    let query: String?
    let fragment: String?
    private let login: [String?]
    /// Whether the login, if there is one, can be decoded as libcurl does before it sends it.
    let canHaveLogin: Bool

    /// Whether there is nothing but a server and a path.
    var isPlain: Bool { query == nil && fragment == nil && login.allSatisfy { $0 == nil } }

    var isLoopback: Bool { ["localhost", "127.0.0.1", "[::1]"].contains(host) }

    /// nil if libcurl takes the text for no URL.
    init?(_ text: String, _ flags: Int32) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard text.withCString({ curl_url_set(handle, CURLUPART_URL, $0, UInt32(flags)) }) == CURLUE_OK else {
            return nil
        }
        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> (text: String?, code: CURLUcode) {
            var text: UnsafeMutablePointer<CChar>?
            let code = curl_url_get(handle, part, &text, UInt32(flags))
            defer { curl_free(text) }
            return (text.map { String(cString: $0) }, code)
        }
        guard let scheme = part(CURLUPART_SCHEME).text, let host = part(CURLUPART_HOST).text,
            let path = part(CURLUPART_PATH).text, let url = part(CURLUPART_URL).text
        else { return nil }
        self.url = url
        self.scheme = scheme
        self.host = host
        self.path = path
        port = part(CURLUPART_PORT).text ?? ""
        query = part(CURLUPART_QUERY).text
        fragment = part(CURLUPART_FRAGMENT).text
        login = [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_ZONEID].map { part($0).text }
        canHaveLogin = [CURLUPART_USER, CURLUPART_PASSWORD].allSatisfy { one in
            part(one).text == nil || part(one, CURLU_URLDECODE).code == CURLUE_OK
        }
    }
}
