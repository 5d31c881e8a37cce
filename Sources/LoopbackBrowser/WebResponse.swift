// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import CognitoAuth

/// An answer as it goes to the browser.
final class WebResponse {
    let status: UInt32
    /// nil where there is no memory.
    let pointer: OpaquePointer?

    init(_ answer: RedirectAnswer) {
        switch answer {
        case .page(let page, let httpStatus):
            status = UInt32(clamping: httpStatus)
            pointer = Self.response(WebPage.html(page))
            set("Content-Type", "text/html; charset=utf-8")
            set("Content-Security-Policy", WebPage.policy.text)
            if httpStatus == 405 { set("Allow", "GET") }
        case .redirect(let url):
            status = 303
            pointer = Self.response("")
            set("Location", url)
        }
        // The address of this answer has a code in it that no other page, cache or program is to see.
        set("Referrer-Policy", "no-referrer")
        set("Cache-Control", "no-store")
        set("X-Content-Type-Options", "nosniff")
        set("Connection", "close")
    }

    deinit { if let pointer { MHD_destroy_response(pointer) } }

    private static func response(_ body: String) -> OpaquePointer? {
        var bytes = Array(body.utf8)
        return MHD_create_response_from_buffer(bytes.count, &bytes, .RESPMEM_MUST_COPY)
    }

    private func set(_ name: String, _ value: String) { MHD_add_response_header(pointer, name, value) }
}
