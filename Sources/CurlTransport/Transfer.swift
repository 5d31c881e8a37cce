// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CPlatform
internal import SecretMemory

/// What libcurl's callbacks learn of one request.
final class Transfer {
    /// Cognito's largest answer is below 20 KB.
    static let maximumReply = 256 * 1024

    let isLoopbackOnly: Bool
    private(set) var body = SecretBytes(capacity: 4096)
    /// The reply was cut off at the limit.
    private(set) var isTooLarge = false
    /// A connection was ready and the request was about to be written to it.
    private(set) var wasSent = false
    /// libcurl was about to send it once more, as a kept connection ended without an answer.
    private(set) var isUnanswered = false
    /// The name of the endpoint led to another machine.
    private(set) var isElsewhere = false

    private let errorText: UnsafeMutablePointer<CChar>

    init(isLoopbackOnly: Bool) {
        self.isLoopbackOnly = isLoopbackOnly
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { errorText.deallocate() }

    /// Whether libcurl could make nothing of the proxy's URL, which has no result code of its own.
    var complainsAboutProxy: Bool { strncmp(errorText, "Unsupported proxy", 17) == 0 }

    /// What libcurl says of a failure; more than its result code does, as a rule.
    func explanation(of code: CURLcode) -> String {
        String(cString: errorText.pointee == 0 ? curl_easy_strerror(code) : UnsafePointer(errorText))
    }

    /// Lets the callbacks of `handle` report here. The transfer must outlive the request.
    func attach(to handle: UnsafeMutableRawPointer?) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        _ = cognitoauth_curl_set_data(handle, CURLOPT_ERRORBUFFER, errorText)
        _ = cognitoauth_curl_set_data(handle, CURLOPT_WRITEDATA, this)
        _ = cognitoauth_curl_set_write_function(handle) { bytes, size, count, this in
            guard let bytes, let this else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue()
            return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = cognitoauth_curl_set_data(handle, CURLOPT_PREREQDATA, this)
        _ = cognitoauth_curl_set_prerequest_function(handle) { this, address, _, _, _ in
            guard let this, let address else { return CURL_PREREQFUNC_ABORT }
            let transfer = Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue()
            return transfer.mayBeSent(to: address) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= Self.maximumReply - body.count else {
            isTooLarge = true
            return 0
        }
        body.append(bytes)
        return bytes.count
    }

    /// The address that was connected to decides: a name can be made to lead anywhere.
    private func mayBeSent(to address: UnsafePointer<CChar>) -> Bool {
        if isLoopbackOnly && strncmp(address, "127.", 4) != 0 && strcmp(address, "::1") != 0 {
            isElsewhere = true
            return false
        }
        // The first one may have done its work: whether to send again is for the core to decide, which remembers it.
        if wasSent {
            isUnanswered = true
            return false
        }
        wasSent = true
        return true
    }
}
