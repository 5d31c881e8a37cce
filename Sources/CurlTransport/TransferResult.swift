// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CognitoAuth
internal import SecretMemory

/// What libcurl's result means.
enum TransferResult {
    /// CURLE_TOO_LARGE, which older headers of libcurl do not have.
    private static let tooLarge: UInt32 = 100

    /// nil: an answer came, and all of it.
    static func failure(_ code: CURLcode, of transfer: Transfer, _ handle: UnsafeMutableRawPointer) -> TransportFailure?
    {
        // Before 8.6 libcurl had no other word for a line of the header that is longer than it reads.
        if transfer.isTooLarge || code == CURLE_OUT_OF_MEMORY || code.rawValue == tooLarge {
            return TransportFailure(
                transfer.wasSent ? .invalidResponse : .proxyFailed, "too large", wasSent: transfer.wasSent)
        }
        if transfer.isElsewhere {
            return TransportFailure(
                .connectionFailed, "http is for this machine, and the endpoint's name leads elsewhere", wasSent: false)
        }
        if code == CURLE_OK {
            // libcurl takes the end of a connection for the end of a header, and a provisional answer for one.
            let isWhole =
                transfer.answer == .headed && cognitoauth_curl_get_number(handle, CURLINFO_RESPONSE_CODE) >= 200
            guard isWhole else { return TransportFailure(.invalidResponse, "it ends within its header", wasSent: true) }
            return isCutOff(transfer, handle)
                ? TransportFailure(.invalidResponse, "it has no body, and does not say so", wasSent: true) : nil
        }
        if !transfer.wasSent {
            let proxyStatus = cognitoauth_curl_get_number(handle, CURLINFO_HTTP_CONNECTCODE)
            if proxyStatus >= 300 { return TransportFailure(proxyStatus: proxyStatus) }
        }
        // It quotes the proxy's URL, perhaps with a password, from the environment.
        if transfer.complainsAboutProxy {
            return TransportFailure(.proxyFailed, "the proxy's URL cannot be used", wasSent: false)
        }
        return TransportFailure(
            status(code, of: transfer), transfer.explanation(of: code), wasSent: transfer.mayHaveArrived)
    }

    /// Whether a success without a body may have lost it: it ends with its connection, or with its stream, whatever the
    /// reason. Of what has a body, the JSON shows whether it is whole.
    private static func isCutOff(_ transfer: Transfer, _ handle: UnsafeMutableRawPointer) -> Bool {
        let httpStatus = cognitoauth_curl_get_number(handle, CURLINFO_RESPONSE_CODE)
        guard transfer.body.isEmpty, (200..<300).contains(httpStatus), httpStatus != 204 else { return false }
        return cognitoauth_curl_get_offset(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T) < 0
            && CurlTransport.header("Transfer-Encoding", of: handle) == nil
    }

    private static func status(_ code: CURLcode, of transfer: Transfer) -> Status {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .hostNotFound
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxyFailed
        case CURLE_COULDNT_CONNECT: .connectionFailed
        case CURLE_OPERATION_TIMEDOUT: .networkTimedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_USE_SSL_FAILED:
            .tlsFailed
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
            transfer.wasSent ? .invalidResponse : .networkFailed
        // The last one is a request that libcurl wanted to send again.
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_PARTIAL_FILE,
            CURLE_ABORTED_BY_CALLBACK:
            if !transfer.wasSent {
                .connectionFailed
            } else {
                transfer.answer == .nothing && !transfer.complainsAboutFrames ? .connectionLost : .invalidResponse
            }
        default: .networkFailed
        }
    }
}
