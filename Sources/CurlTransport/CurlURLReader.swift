// SPDX-License-Identifier: Apache-2.0

internal import CCurl
public import CognitoAuth

/// Takes URLs apart with libcurl, which is what will use them.
public final class CurlURLReader: URLReader {
    public init() {}

    public func parts(of text: String) -> URLParts? {
        guard let url = curl_url() else { return nil }
        defer { curl_url_cleanup(url) }
        // Proxies have schemes that libcurl cannot request anything with.
        let result = text.withCString { curl_url_set(url, CURLUPART_URL, $0, UInt32(CURLU_NON_SUPPORT_SCHEME)) }
        guard result == CURLUE_OK, let scheme = Self.part(CURLUPART_SCHEME, of: url),
            let host = Self.part(CURLUPART_HOST, of: url), let path = Self.part(CURLUPART_PATH, of: url)
        else { return nil }
        return URLParts(scheme: scheme, host: host, port: Self.part(CURLUPART_PORT, of: url) ?? "", path: path)
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
