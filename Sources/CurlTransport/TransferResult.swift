// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CognitoAuth

/// What libcurl's result means.
enum TransferResult {
    static func failure(_ code: CURLcode, of transfer: Transfer, _ handle: UnsafeMutableRawPointer?) -> TransportFailure
    {
        if transfer.isTooLarge {
            return TransportFailure(.invalidResponse, "more than 256 KiB", wasSent: true)
        }
        if transfer.isElsewhere {
            return TransportFailure(
                .connectionFailed, "http is for this machine, and the endpoint's name leads elsewhere", wasSent: false)
        }
        if transfer.isUnanswered { return TransportFailure(.connectionLost, wasSent: true) }
        if !transfer.wasSent, cognitoauth_curl_get_number(handle, CURLINFO_HTTP_CONNECTCODE) >= 300 {
            return TransportFailure(.proxyFailed, "the proxy refused the connection", wasSent: false)
        }
        // It quotes the proxy's URL, perhaps with a password, from the environment.
        if transfer.complainsAboutProxy {
            return TransportFailure(.proxyFailed, "the proxy's URL cannot be used", wasSent: false)
        }
        return TransportFailure(
            status(code, wasSent: transfer.wasSent), transfer.explanation(of: code),
            wasSent: transfer.wasSent)
    }

    private static func status(_ code: CURLcode, wasSent: Bool) -> Status {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .hostNotFound
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxyFailed
        case CURLE_COULDNT_CONNECT: .connectionFailed
        case CURLE_OPERATION_TIMEDOUT: .networkTimedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_USE_SSL_FAILED:
            .tlsFailed
        case CURLE_PARTIAL_FILE, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
            CURLE_WRITE_ERROR:
            wasSent ? .invalidResponse : .networkFailed
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            wasSent ? .connectionLost : .connectionFailed
        default: .networkFailed
        }
    }
}
