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

    // The sockets of this network (proc(5)): one end, the other, and the user, in a line for each.
    private static var table: StaticString { "/proc/self/net/tcp" }
    private static var tableOfIPv6: StaticString { "/proc/self/net/tcp6" }

    /// Whether this process may read who has a socket; a sandbox can forbid it.
    static var canBeKnown: Bool {
        guard let file = fopen(table.text, "re") else { return false }
        fclose(file)
        return true
    }

    /// Who has the other end of a connection that was accepted.
    static func owner(of connection: Int32) -> Owner {
        // The kernel can skip a line while the table changes.
        for _ in 0..<2 {
            // A socket of IPv6 can be connected to an address of IPv4.
            for isMapped in [false, true] {
                switch look(for: connection, isMapped) {
                case .user(let user): return user == getuid() ? .us : .somebodyElse
                case .absent: continue
                case .unreadable: if !isMapped { return .unknown }
                }
            }
        }
        return .somebodyElse
    }

    private enum Entry {
        case user(uid_t)
        case absent
        case unreadable
    }

    @inline(never)
    private static func look(for connection: Int32, _ isMapped: Bool) -> Entry {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { ends in
            guard let ends = ends.baseAddress else { return .absent }
            let family = cognitoauth_write_ends(ends, 128, connection, isMapped ? 1 : 0)
            guard family >= 0, family == AF_INET || !isMapped else { return .absent }
            let table = family == AF_INET && !isMapped ? table : tableOfIPv6
            guard let file = fopen(table.text, "re") else { return .unreadable }
            var line: UnsafeMutablePointer<CChar>?
            var size = 0
            defer {
                fclose(file)
                free(line)
            }
            while getline(&line, &size, file) > 0, let line {
                guard let found = strstr(line, ends) else { continue }
                // Its state, queues, timer and retransmissions stand before the user.
                var rest = found + strlen(ends)
                for _ in 0..<4 {
                    rest += strspn(rest, " ")
                    rest += strcspn(rest, " ")
                }
                return .user(uid_t(truncatingIfNeeded: strtoul(rest, nil, 10)))
            }
            return .absent
        }
    }
}
