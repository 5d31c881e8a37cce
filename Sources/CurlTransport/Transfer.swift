// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CPlatform
internal import CognitoAuth
internal import SecretMemory

/// What libcurl's callbacks learn of one request.
final class Transfer {
    /// Cognito's largest answer is below 20 KB.
    static let maximumBody = 256 * 1024
    /// A whole answer, with its header and trailers and with what a proxy said before it.
    private static let maximumAnswer = maximumBody + 16 * 1024

    /// How much of the answer came.
    enum Answer {
        case nothing
        /// Some of a header.
        case begun
        /// A whole header, if perhaps that of a provisional answer.
        case headed
    }

    let isLoopbackOnly: Bool
    private(set) var body = SecretBytes(capacity: 4096)
    private(set) var answer = Answer.nothing
    /// The answer was cut off at the limit.
    private(set) var isTooLarge = false
    /// A connection was ready and the request was about to be written to it.
    private(set) var wasSent = false
    /// The name of the endpoint led to another machine.
    private(set) var isElsewhere = false
    /// The server said that it did not look at the request: HTTP/2 has such an end of a stream.
    private(set) var wasRefused = false

    private let handle: UnsafeMutableRawPointer
    private let watchesForRefusal: Bool
    private let errorText: UnsafeMutablePointer<CChar>
    private var isFirstOnConnection = false
    private var wantsHTTP1 = false
    private var size = 0

    /// `watchesForRefusal`: looks out for an HTTP/2 server that goes away before it has looked at the request.
    init(_ handle: UnsafeMutableRawPointer, isLoopbackOnly: Bool, watchesForRefusal: Bool) {
        self.handle = handle
        self.watchesForRefusal = watchesForRefusal
        self.isLoopbackOnly = isLoopbackOnly
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { errorText.deallocate() }

    /// Whether the server may have done what the request asks for.
    var mayHaveArrived: Bool { wasSent && !(wasRefused && answer == .nothing) }

    /// Whether libcurl could make nothing of the proxy's URL, which has no result code of its own.
    var complainsAboutProxy: Bool { strncmp(errorText, "Unsupported proxy", 17) == 0 }

    /// Whether what came was no HTTP/2, or too much for libcurl.
    var complainsAboutFrames: Bool { strstr(errorText, "nghttp2_session_mem_recv") != nil }

    /// What libcurl says of a failure; more than its result code does, as a rule. Never a URL with a password.
    func explanation(of code: CURLcode) -> String {
        // Not what happened to the connection, but that we kept libcurl from sending again.
        if code == CURLE_ABORTED_BY_CALLBACK { return "" }
        let isUsable = errorText.pointee != 0 && strchr(errorText, Int32(UInt8(ascii: "@"))) == nil
        return String(cString: isUsable ? UnsafePointer(errorText) : curl_easy_strerror(code))
    }

    /// Lets the callbacks of the handle report here. The transfer must outlive the request.
    func attach() {
        let this = Unmanaged.passUnretained(self).toOpaque()
        _ = cognitoauth_curl_set_data(handle, CURLOPT_ERRORBUFFER, errorText)
        _ = cognitoauth_curl_set_data(handle, CURLOPT_WRITEDATA, this)
        _ = cognitoauth_curl_set_write_function(handle) { bytes, size, count, this in
            guard let bytes, let this else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue()
            return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = cognitoauth_curl_set_data(handle, CURLOPT_HEADERDATA, this)
        _ = cognitoauth_curl_set_header_function(handle) { bytes, size, count, this in
            guard let bytes, let this else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue()
            return transfer.receiveLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = cognitoauth_curl_set_data(handle, CURLOPT_PREREQDATA, this)
        _ = cognitoauth_curl_set_prerequest_function(handle) { this, address, _, _, _ in
            guard let this, let address else { return CURL_PREREQFUNC_ABORT }
            let transfer = Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue()
            return transfer.mayBeSent(to: address) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        // What a server of HTTP/2 says beside its answers libcurl has no other word for than a line that it would print.
        _ = cognitoauth_curl_set_data(handle, CURLOPT_DEBUGDATA, this)
        _ = cognitoauth_curl_set_debug_function(handle) { _, kind, text, size, this in
            guard kind == CURLINFO_TEXT, let text, let this else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue()
            transfer.note(UnsafeRawBufferPointer(start: text, count: size))
            return 0
        }
        _ = cognitoauth_curl_set_number(handle, CURLOPT_VERBOSE, 1)
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= Self.maximumBody - body.count, takes(bytes) else {
            isTooLarge = true
            return 0
        }
        body.append(bytes)
        return bytes.count
    }

    /// A line of a header or trailer, also of a provisional answer and of a proxy's.
    private func receiveLine(_ line: UnsafeRawBufferPointer) -> Int {
        guard takes(line) else { return 0 }
        if line.has("HTTP/", at: 0) {
            answer = .begun
        } else if answer == .begun, line.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
            answer = .headed
        }
        return line.count
    }

    private func takes(_ bytes: UnsafeRawBufferPointer) -> Bool {
        size += bytes.count
        isTooLarge = isTooLarge || size > Self.maximumAnswer
        return !isTooLarge
    }

    /// The address that was connected to decides: a name can be made to lead anywhere.
    private func mayBeSent(to address: UnsafePointer<CChar>) -> Bool {
        if isLoopbackOnly && strncmp(address, "127.", 4) != 0 && strcmp(address, "::1") != 0 {
            isElsewhere = true
            return false
        }
        if wasSent { return mayBeSentAgain() }
        wasSent = true
        answer = .nothing  // What came until now is a proxy's.
        isFirstOnConnection = cognitoauth_curl_get_number(handle, CURLINFO_NUM_CONNECTS) > 0
        return true
    }

    /// libcurl would send again by itself where a kept connection ends without a byte, and where an HTTP/2 server refuses
    /// a stream, which it does before it looks at the request. When a request is sent again is for others to decide, with
    /// one exception: a server that wants HTTP/1.1, as only this transfer of libcurl's knows.
    private func mayBeSentAgain() -> Bool {
        guard isFirstOnConnection else { return false }
        errorText.pointee = 0
        wasRefused = !wantsHTTP1
        return wantsHTTP1
    }

    /// As in "received GOAWAY, error=0, last_stream=0": the first stream of a connection is 1.
    private func note(_ text: UnsafeRawBufferPointer) {
        if text.mentions("HTTP_1_1_REQUIRED") { wantsHTTP1 = true }
        if watchesForRefusal, isFirstOnConnection, text.mentions("GOAWAY, error="), text.mentions("last_stream=0") {
            wasRefused = true
        }
    }
}
