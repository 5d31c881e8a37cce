// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth
internal import SecretMemory

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
    func read(_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>) {
        if Self.isWord(name, "host") {
            hosts += 1
            if !isOurs(value) { hasForeignHost = true }
        } else if Self.isWord(name, "origin") {
            // Browsers send it with what a page's script or form asks for, and not when they follow a redirect by GET.
            isUnseen = true
        } else if Self.isWord(name, "sec-fetch-dest") {
            if !Self.isWord(value, "document") { isUnseen = true }
        } else if Self.isWord(name, "purpose") || Self.isWord(name, "sec-purpose") || Self.isWord(name, "x-moz") {
            // What a browser loads ahead of need, or draws for an overview.
            if value.pointee != 0 { isUnseen = true }
        } else if Self.isWord(name, "transfer-encoding") || Self.isWord(name, "content-length") {
            if !Self.isWord(value, "0") { hasBody = true }
        }
    }

    /// The HTTP status with which the request is refused; nil for one that is what we wait for.
    func refusal(_ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>, isOurPath: Bool) -> Int? {
        guard Self.isWord(version, "HTTP/1.1") || Self.isWord(version, "HTTP/1.0") else { return 505 }
        // A name that was made to lead here, as in DNS rebinding, is not ours.
        guard hosts == 1, !hasForeignHost else { return 400 }
        guard strcmp(method, "GET") == 0 else { return 405 }
        guard isOurPath else { return 404 }
        if isUnseen { return 403 }
        return hasBody ? 400 : nil
    }

    private func isOurs(_ host: UnsafePointer<CChar>) -> Bool {
        let name = redirect.host
        guard strncasecmp(host, name, name.utf8.count) == 0 else { return false }
        let rest = host + name.utf8.count
        if redirect.port == 80, rest.pointee == 0 { return true }
        // Not with a sign, a space or a 0 in front.
        guard strspn(rest, ":") == 1, strspn(rest + 1, "123456789") > 0 else { return false }
        var end: UnsafeMutablePointer<CChar>?
        return strtoul(rest + 1, &end, 10) == UInt(redirect.port) && end?.pointee == 0
    }

    /// Whether a text is `word`, ASCII letters compared without their case.
    private static func isWord(_ text: UnsafePointer<CChar>, _ word: StaticString) -> Bool {
        // A literal is stored with a NUL behind it.
        strcasecmp(text, UnsafeRawPointer(word.utf8Start).assumingMemoryBound(to: CChar.self)) == 0
    }
}

/// The target of a request (RFC 9112, section 3.2), as it was sent.
enum RequestTarget {
    /// What stands behind the first question mark of a target whose path is the one of `redirect`; nil for another path. A
    /// slash more or less at the end does not matter.
    static func query(_ target: UnsafePointer<CChar>, at redirect: LoopbackRedirect) -> SecretBytes? {
        let end = strcspn(target, "?")
        let isOurs = redirect.path.withCString { path in
            let length = lengthOfPath(path, strlen(path))
            return lengthOfPath(target, Int(end)) == length && memcmp(path, target, length) == 0
        }
        guard isOurs else { return nil }
        let query = target + Int(end)
        let text = query.pointee == 0 ? query : query + 1
        return SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: Int(strlen(text))))
    }

    /// Without the slash at the end.
    private static func lengthOfPath(_ path: UnsafePointer<CChar>, _ length: Int) -> Int {
        length > 0 && path[length - 1] == CChar(bitPattern: UInt8(ascii: "/")) ? length - 1 : length
    }
}
