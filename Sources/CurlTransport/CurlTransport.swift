// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CPlatform
public import CognitoAuth
internal import SecretMemory

/// Carries requests with libcurl: https, or http to this machine, and nothing else.
///
/// Safe to be used by any number of threads at once.
public final class CurlTransport: CognitoTransport {
    private let multiHandles = MultiHandles()
    private let certificates: CertificateSource
    private let proxy: String?
    private let userAgent: String

    public init(_ configuration: Configuration, userAgent: String) {
        // Thread-safe since libcurl 7.84; counted, and never taken back, as others may use libcurl too.
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        certificates = CertificateSource(file: configuration.certificateFile)
        proxy = configuration.proxy
        self.userAgent = userAgent
    }

    public func post(_ request: CognitoRequest, _ limit: WaitLimit) throws(TransportFailure) -> CognitoReply {
        let timeout = limit.deadline - cognitoauth_monotonic_milliseconds()
        guard timeout > 0 else { throw TransportFailure(.networkTimedOut, wasSent: false) }
        guard request.isLoopbackOnly || certificates.isRegular else {
            throw TransportFailure(.tlsFailed, "ca_file is not a regular file", wasSent: false)
        }
        guard let handle = curl_easy_init() else {
            throw TransportFailure(.networkFailed, "libcurl could not be started", wasSent: false)
        }
        let transfer = Transfer(
            handle, isLoopbackOnly: request.isLoopbackOnly, watchesForRefusal: !request.isRepeatable)
        let headers = Self.list(request.headers, request.authorization)
        defer {
            curl_easy_cleanup(handle)
            cognitoauth_curl_free_headers(headers)
        }
        let readsBundle = certificates.readsBundle
        configure(handle, isLoopbackOnly: request.isLoopbackOnly, readsBundle: readsBundle)
        set(handle, CURLOPT_FRESH_CONNECT, request.isRepeatable ? 0 : 1)
        transfer.attach()
        _ = cognitoauth_curl_set_headers(handle, headers)
        request.url.withCString { _ = cognitoauth_curl_set_text(handle, CURLOPT_URL, $0) }
        setTimeout(handle, timeout)

        let wait = TransferWait(limit, patience: request.patience)
        let result = request.body.withBytes { body in
            // libcurl reads the body where it is: no copy of its own.
            set(handle, CURLOPT_POSTFIELDSIZE, body.count)
            _ = cognitoauth_curl_set_data(handle, CURLOPT_POSTFIELDS, body.baseAddress)
            return multiHandles.withHandle { multi in
                let result = BrokenPipeGuard.run {
                    run(handle, in: multi, limit, wait, transfer, readsBundle: readsBundle)
                }
                // libcurl 8.23 would send the next request on an HTTP/2 connection that has ended.
                return (result, isKept: result != CURLE_RECV_ERROR && result != CURLE_SEND_ERROR)
            }
        }
        guard let result else { throw TransportFailure(.cancelled, wasSent: transfer.mayHaveArrived) }
        if let failure = TransferResult.failure(result, of: transfer, handle) { throw failure }
        let retryAfter = cognitoauth_curl_get_offset(handle, CURLINFO_RETRY_AFTER)
        return CognitoReply(
            httpStatus: cognitoauth_curl_get_number(handle, CURLINFO_RESPONSE_CODE),
            errorType: Self.header("x-amzn-errortype", of: handle),
            retryAfterSeconds: retryAfter > 0 ? Int64(retryAfter) : nil,
            body: transfer.body)
    }

    private func configure(_ handle: UnsafeMutableRawPointer, isLoopbackOnly: Bool, readsBundle: Bool) {
        set(handle, CURLOPT_NOSIGNAL, 1)
        // A name lookup that hangs would otherwise be waited for, whatever the time limit.
        set(handle, CURLOPT_QUICK_EXIT, 1)
        _ = cognitoauth_curl_close_sockets_on_exec(handle)
        set(handle, CURLOPT_POST, 1)
        set(handle, CURLOPT_FOLLOWLOCATION, 0)
        set(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        // Its type is another one from version to version of libcurl.
        set(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(handle, CURLOPT_SSL_VERIFYPEER, 1)
        set(handle, CURLOPT_SSL_VERIFYHOST, 2)
        userAgent.withCString { _ = cognitoauth_curl_set_text(handle, CURLOPT_USERAGENT, $0) }
        if isLoopbackOnly {
            _ = cognitoauth_curl_set_text(handle, cognitoauth_curl_protocols, "http")
            // libcurl would send even this to `http_proxy`, token included.
            _ = cognitoauth_curl_set_text(handle, CURLOPT_PROXY, "")
        } else {
            _ = cognitoauth_curl_set_text(handle, cognitoauth_curl_protocols, "https")
            certificates.apply(to: handle, readsBundle: readsBundle)
            set(handle, CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
            if let proxy {
                proxy.withCString { _ = cognitoauth_curl_set_text(handle, CURLOPT_PROXY, $0) }
                // What the program asks for is not for the environment to undo.
                _ = cognitoauth_curl_set_text(handle, CURLOPT_NOPROXY, "")
            }
        }
    }

    private func setTimeout(_ handle: UnsafeMutableRawPointer, _ milliseconds: Int64) {
        set(handle, CURLOPT_TIMEOUT_MS, Int(clamping: milliseconds))
        set(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: milliseconds))
    }

    private func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: Int) {
        _ = cognitoauth_curl_set_number(handle, option, value)
    }

    /// Works on the request, once more with the bundle where a certificate is not believed without: nothing is sent before.
    private func run(
        _ handle: UnsafeMutableRawPointer, in multi: UnsafeMutableRawPointer?, _ limit: WaitLimit,
        _ wait: TransferWait, _ transfer: Transfer, readsBundle: Bool
    ) -> CURLcode? {
        let result = Self.run(handle, in: multi, wait, transfer)
        let timeLeft = limit.deadline - cognitoauth_monotonic_milliseconds()
        guard result == CURLE_PEER_FAILED_VERIFICATION, !readsBundle, timeLeft > 0, certificates.addBundle(to: handle)
        else { return result }
        setTimeout(handle, timeLeft)
        let second = Self.run(handle, in: multi, wait, transfer)
        if transfer.wasSent { certificates.rememberBundle() }
        return second
    }

    /// Works on the request until it is over; nil if it was cancelled. `curl_multi_poll` wakes up for
    /// whatever it waits for, and for the cancellation.
    private static func run(
        _ handle: UnsafeMutableRawPointer, in multi: UnsafeMutableRawPointer?, _ wait: TransferWait,
        _ transfer: Transfer
    ) -> CURLcode? {
        var wait = wait
        guard let multi, curl_multi_add_handle(multi, handle) == CURLM_OK else { return CURLE_FAILED_INIT }
        defer { curl_multi_remove_handle(multi, handle) }
        while true {
            guard wait.goesOn(wasSent: transfer.wasSent, at: cognitoauth_monotonic_milliseconds()) else { return nil }
            var running: Int32 = 0
            guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
            var queued: Int32 = 0
            while let message = curl_multi_info_read(multi, &queued) {
                guard message.pointee.msg == CURLMSG_DONE else { continue }
                let result = cognitoauth_curl_message_result(message)
                return result != CURLE_OK && wait.isCancelled ? nil : result
            }
            guard running > 0 else { return CURLE_FAILED_INIT }
            var cancellation = curl_waitfd(fd: wait.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
            let longest = wait.longestPause(at: cognitoauth_monotonic_milliseconds())
            curl_multi_poll(multi, &cancellation, cancellation.fd < 0 ? 0 : 1, longest, nil)
        }
    }

    /// libcurl copies the lines.
    private static func list(_ lines: [String], _ secretLine: SecretBytes?) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        func append(_ line: UnsafePointer<CChar>) {
            if let longer = curl_slist_append(list, line) { list = longer }
        }
        for line in lines { line.withCString { append($0) } }
        secretLine?.withBytes { line in
            let terminated = SecretBytes(capacity: line.count + 1)
            terminated.append(line)
            terminated.append(0)
            terminated.withBytes { if let line = $0.baseAddress { append(line.assumingMemoryBound(to: CChar.self)) } }
        }
        return list
    }

    static func header(_ name: String, of handle: UnsafeMutableRawPointer) -> String? {
        var header: UnsafeMutablePointer<curl_header>?
        let found = name.withCString { curl_easy_header(handle, $0, 0, UInt32(CURLH_HEADER), -1, &header) }
        guard found == CURLHE_OK, let value = header?.pointee.value else { return nil }
        return String(cString: value)
    }
}
