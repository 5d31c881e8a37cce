// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth

/// The other end of a connection on this machine.
///
/// Any user's process can connect to our port. Another user can read in the browser's arguments what a sign-in's return
/// has to carry, and send a code of his own: the program would be signed in as him.
enum LoopbackPeer {
    enum Owner {
        case us
        /// Another user, or nobody any more.
        case somebodyElse
        case unknown
    }

    // The sockets of this network (proc(5)): who has one end, who the other, and the user.
    private static var sockets: StaticString { "/proc/self/net/tcp" }
    private static var socketsOfIPv6: StaticString { "/proc/self/net/tcp6" }

    /// Whether this process may read who has a socket; a sandbox can forbid it.
    static var canBeKnown: Bool {
        guard let file = fopen(sockets.text, "re") ?? fopen(socketsOfIPv6.text, "re") else { return false }
        fclose(file)
        return true
    }

    /// Who has the other end of a connection that was accepted.
    static func owner(of connection: Int32) -> Owner {
        guard let peer = SocketAddress(of: connection, getpeername),
            let own = SocketAddress(of: connection, getsockname)
        else { return .somebodyElse }
        // The kernel can skip a line while the table changes.
        for _ in 0..<2 {
            let entry = look(for: peer, own, in: peer.isIPv4 ? sockets : socketsOfIPv6, mapped: false)
            switch entry {
            case .unreadable: return .unknown
            case .user(let user): return user == getuid() ? .us : .somebodyElse
            case .absent: break
            }
            // A socket of IPv6 can be connected to an address of IPv4.
            if peer.isIPv4, case .user(let user) = look(for: peer, own, in: socketsOfIPv6, mapped: true) {
                return user == getuid() ? .us : .somebodyElse
            }
        }
        return .somebodyElse
    }

    private enum Entry {
        case user(uid_t)
        case absent
        case unreadable
    }

    private static func look(
        for peer: SocketAddress, _ own: SocketAddress, in table: StaticString, mapped: Bool
    ) -> Entry {
        guard let file = fopen(table.text, "re") else { return .unreadable }
        var line: UnsafeMutablePointer<CChar>?
        var size = 0
        defer {
            fclose(file)
            free(line)
        }
        let ends = peer.text(mapped: mapped) + " " + own.text(mapped: mapped) + " "
        while getline(&line, &size, file) > 0, let line {
            guard let found = strstr(line, ends) else { continue }
            // Its state, queues, timer and retransmissions stand before the user.
            var rest = found + ends.utf8.count
            for _ in 0..<4 { rest = skipField(rest) }
            return .user(uid_t(truncatingIfNeeded: strtoul(rest, nil, 10)))
        }
        return .absent
    }

    private static func skipField(_ text: UnsafeMutablePointer<CChar>) -> UnsafeMutablePointer<CChar> {
        let start = text + strspn(text, " ")
        return start + strcspn(start, " ")
    }
}

/// An end of a connection, as the kernel writes it in its tables.
private struct SocketAddress {
    let isIPv4: Bool
    private let words: [UInt32]
    private let port: UInt16

    init?(
        of connection: Int32,
        _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(connection, $0, &size) }
        }
        guard code == 0 else { return nil }
        isIPv4 = address.sin6_family == sa_family_t(AF_INET)
        port = UInt16(bigEndian: address.sin6_port)
        // That of IPv4 stands where IPv6 has its flow.
        let whole = address.sin6_addr.__in6_u.__u6_addr32
        words = isIPv4 ? [address.sin6_flowinfo] : [whole.0, whole.1, whole.2, whole.3]
    }

    /// `mapped`: as an address of IPv6 (RFC 4291, section 2.5.5.2).
    func text(mapped: Bool) -> String {
        var digits: [UInt8] = []
        for word in mapped ? [0, 0, UInt32(0xFFFF).bigEndian] + words : words { Self.append(word, 8, to: &digits) }
        digits.append(UInt8(ascii: ":"))
        Self.append(UInt32(port), 4, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    private static func append(_ number: UInt32, _ count: Int, to digits: inout [UInt8]) {
        for index in (0..<count).reversed() {
            let digit = UInt8(truncatingIfNeeded: number >> UInt32(index * 4)) & 0xF
            digits.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + (digit - 10))
        }
    }
}
