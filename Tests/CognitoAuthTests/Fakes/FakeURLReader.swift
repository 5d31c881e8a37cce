// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import CognitoAuth

/// Takes apart the URLs that are written as they should be; to it, all others are none.
final class FakeURLReader: URLReader {
    func parts(of text: String) -> URLParts? {
        let form =
            #/
            ([a-z0-9]+) :// ([^\/?\#@\s\\]*@)?
            (\[[0-9a-f:.]+\] | [A-Za-z0-9._\-]+) (?: : ([0-9]{1,5}) )?
            ((?: / [^?\#\s]* )?)
            /#
        guard let match = text.wholeMatch(of: form) else { return nil }
        let (_, scheme, _, host, port, path) = match.output
        let hasDots = path.split(separator: "/").contains { $0.allSatisfy { $0 == "." } }
        guard !hasDots, Self.isPlain(String(host)), port.map({ String(UInt16($0) ?? 0) == $0 }) ?? true else {
            return nil
        }
        return URLParts(
            scheme: String(scheme), host: String(host), port: port.map(String.init) ?? "",
            path: path.isEmpty ? "/" : String(path))
    }

    /// Whether a host is a name, or an address in the form in which it is written out.
    private static func isPlain(_ host: String) -> Bool {
        let isIPv6 = host.hasPrefix("[")
        guard isIPv6 || host.split(separator: ".").last?.first?.isNumber ?? false else { return true }
        let address = host.trimmingCharacters(in: ["[", "]"])
        let family = isIPv6 ? AF_INET6 : AF_INET
        var bytes = in6_addr()
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_pton(family, address, &bytes) == 1,
            let written = inet_ntop(family, &bytes, &text, socklen_t(text.count))
        else { return false }
        return String(cString: written) == address
    }
}

extension Configuration {
    static func checked(_ options: ConfigurationOptions) throws(AuthFailure) -> Configuration {
        try checked(options, FakeURLReader())
    }
}
