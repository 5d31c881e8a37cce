// SPDX-License-Identifier: Apache-2.0

/// Where requests go.
public struct Endpoint {
    /// "https://host/" or "http://localhost:port/".
    public let url: String
    /// Whether it is plain http, which only reaches this machine and never takes a proxy.
    public let isLoopbackOnly: Bool

    /// Cognito's own endpoint in a region.
    ///
    /// Source: the endpoint rule set of `cognito-idp` that AWS publishes with its SDKs.
    public init(region: String, useFIPS: Bool, useDualStack: Bool) {
        let partition = Partition(region: region)
        let service = useFIPS ? "cognito-idp-fips" : "cognito-idp"
        let suffix =
            useDualStack && !partition.isDualStack(region: region, useFIPS: useFIPS)
            ? partition.dualStackSuffix : partition.suffix
        url = .joining("https://", service, ".", region, ".", suffix, "/")
        isLoopbackOnly = false
    }

    /// An endpoint that the program names: "https://host[:port]", or "http://" to this machine.
    public init?(_ text: String) {
        guard let parts = URLParts(text) else { return nil }
        if text.startsExactly(with: "https://") {
            isLoopbackOnly = false
        } else if text.startsExactly(with: "http://"), parts.isLoopback {
            isLoopbackOnly = true
        } else {
            return nil
        }
        url = text.utf8.last == UInt8(ascii: "/") ? text : text + "/"
    }
}
