// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth

/// Tells what a browser sends when its user comes back from what else it sends, and from what others do.
final class RequestRules {
    private let redirect: LoopbackRedirect
    private var hosts = 0
    private var hasForeignHost = false
    private var hasBody = false
    /// It is a page's doing, or the browser's own, and nobody looks at the answer.
    private var isUnseen = false

    init(_ redirect: LoopbackRedirect) { self.redirect = redirect }

    /// Takes note of a header field.
    func read(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if name.isWord("host") {
            hosts += 1
            if !isOurs(value) { hasForeignHost = true }
        } else if name.isWord("origin") {
            // Browsers send it with what a page's script or form asks for, and not when they follow a redirect by GET.
            isUnseen = true
        } else if name.isWord("sec-fetch-dest") {
            if !value.isWord("document") { isUnseen = true }
        } else if name.isWord("purpose") || name.isWord("sec-purpose") || name.isWord("x-moz") {
            if value.mentions("prefetch") || value.mentions("prerender") || value.mentions("preview") {
                isUnseen = true
            }
        } else if name.isWord("content-length") || name.isWord("transfer-encoding") {
            if !value.isWord("0") { hasBody = true }
        }
    }

    /// The HTTP status with which the request is refused; nil for one that is what we wait for.
    func refusal(_ method: UnsafeRawBufferPointer, _ version: UnsafeRawBufferPointer, _ target: RequestTarget?) -> Int?
    {
        guard version.isWord("http/1.1") || version.isWord("http/1.0") else { return 505 }
        // A name that was made to lead here, as in DNS rebinding, is not ours.
        guard hosts == 1, !hasForeignHost else { return 400 }
        guard method.elementsEqual("GET".utf8) else { return 405 }
        guard let target, target.hasPath(redirect.path) else { return 404 }
        if isUnseen { return 403 }
        return hasBody ? 400 : nil
    }

    private func isOurs(_ host: UnsafeRawBufferPointer) -> Bool {
        let name = redirect.host.utf8
        let prefix = UnsafeRawBufferPointer(rebasing: host.prefix(name.count))
        guard prefix.elementsEqual(name) || prefix.isWord("localhost") && redirect.host.isExactly("localhost") else {
            return false
        }
        let rest = host.dropFirst(name.count)
        return rest.isEmpty ? redirect.port == 80 : rest.elementsEqual(":\(redirect.port)".utf8)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes are `word`, ASCII letters compared without their case.
    fileprivate func isWord(_ word: StaticString) -> Bool {
        count == word.utf8CodeUnitCount && mentions(word)
    }
}
