// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth
internal import Linux

/// A port of the loopback, listened at by a socket for each family that its host has. Nobody else can have it until it is
/// closed, which the last reference does.
final class LoopbackPort {
    private(set) var descriptors: [Int32] = []

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    /// nil where the port is not free. `localhost` may lead a browser to either family, so both have to be free where the
    /// machine has both.
    static func open(_ redirect: LoopbackRedirect) throws(AuthFailure) -> LoopbackPort? {
        let port = LoopbackPort()
        for family in [AF_INET, AF_INET6] where redirect.host.isExactly("localhost") || isHost(redirect.host, family) {
            switch attempt(family, redirect.port) {
            case .listening(let descriptor): port.descriptors.append(descriptor)
            case .noFamily: continue
            case .taken: return nil
            case .outOfResources: throw AuthFailure(.outOfResources)
            }
        }
        return port.descriptors.isEmpty ? nil : port
    }

    private static func isHost(_ host: String, _ family: Int32) -> Bool {
        host.isExactly(family == AF_INET ? "127.0.0.1" : "[::1]")
    }

    private enum Attempt {
        case listening(Int32)
        /// The machine does not have it.
        case noFamily
        case taken
        case outOfResources
    }

    private static func attempt(_ family: Int32, _ port: UInt16) -> Attempt {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return meaning(cognitoauth_errno()) }
        // A connection of an earlier listener that lingers does not keep the port. SO_REUSEPORT would share it.
        for (level, name) in [(SOL_SOCKET, SO_REUSEADDR), (Int32(IPPROTO_IPV6), IPV6_V6ONLY)]
        where family == AF_INET6 || level == SOL_SOCKET {
            var on: Int32 = 1
            setsockopt(descriptor, level, name, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        // Where somebody else has bound the port and does not listen yet, it is only listen(2) that fails.
        if bindLoopback(descriptor, family, port) == 0, listen(descriptor, SOMAXCONN) == 0 {
            return .listening(descriptor)
        }
        let code = cognitoauth_errno()
        close(descriptor)
        return meaning(code)
    }

    private static func bindLoopback(_ descriptor: Int32, _ family: Int32, _ port: UInt16) -> Int32 {
        if family == AF_INET {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    private static func meaning(_ code: Int32) -> Attempt {
        switch code {
        case EAFNOSUPPORT, EADDRNOTAVAIL: .noFamily
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: .outOfResources
        default: .taken
        }
    }
}
