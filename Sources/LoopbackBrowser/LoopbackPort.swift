// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth
internal import Linux

/// A port of the loopback, listened at by a socket for each family that its host has. Nobody else can have it until it is
/// closed, which the last reference does.
final class LoopbackPort {
    /// The sockets of the two families; -1 for a family that the host does not have.
    private(set) var ipv4: Int32 = -1
    private(set) var ipv6: Int32 = -1

    deinit {
        Self.free(ipv4)
        Self.free(ipv6)
    }

    private static func free(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        // A child of fork(2) that lives on has it too, and would keep the port.
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// nil where the port is not free. `localhost` may lead a browser to either family, so both have to be free where the
    /// machine has both.
    static func open(_ redirect: LoopbackRedirect) throws(AuthFailure) -> LoopbackPort? {
        let this = LoopbackPort()
        let isLocalhost = redirect.host.isExactly("localhost")
        if isLocalhost || redirect.host.isExactly("127.0.0.1") {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = redirect.port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let attempt = listen(AF_INET, &address, MemoryLayout<sockaddr_in>.size)
            guard try attempt.mayGoOn(&this.ipv4) else { return nil }
        }
        if isLocalhost || redirect.host.isExactly("[::1]") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = redirect.port.bigEndian
            address.sin6_addr = in6addr_loopback
            let attempt = listen(AF_INET6, &address, MemoryLayout<sockaddr_in6>.size)
            guard try attempt.mayGoOn(&this.ipv6) else { return nil }
        }
        return this.ipv4 < 0 && this.ipv6 < 0 ? nil : this
    }

    private static func listen(_ family: Int32, _ address: UnsafeMutableRawPointer, _ size: Int) -> Attempt {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return .failed(cognitoauth_errno()) }
        var on: Int32 = 1
        let size = socklen_t(size), sizeOfOption = socklen_t(MemoryLayout<Int32>.size)
        // A connection of an earlier listener that lingers does not keep the port. SO_REUSEPORT would share it.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeOfOption)
        if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, sizeOfOption) }
        // Where somebody else has bound the port and does not listen yet, it is only listen(2) that fails.
        if cognitoauth_listen(descriptor, address, size) == 0 { return .listening(descriptor) }
        let code = cognitoauth_errno()
        close(descriptor)
        return .failed(code)
    }

    private enum Attempt {
        case listening(Int32)
        case failed(Int32)

        /// Puts the socket into `descriptor`. Returns false where the port is not free, and true where the machine does not
        /// have the family.
        func mayGoOn(_ descriptor: inout Int32) throws(AuthFailure) -> Bool {
            switch self {
            case .listening(let listening):
                descriptor = listening
                return true
            case .failed(EAFNOSUPPORT), .failed(EADDRNOTAVAIL): return true
            case .failed(EMFILE), .failed(ENFILE), .failed(ENOBUFS), .failed(ENOMEM): throw AuthFailure(.outOfResources)
            case .failed: return false
            }
        }
    }
}
