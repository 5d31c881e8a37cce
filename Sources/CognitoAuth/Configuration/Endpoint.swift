// SPDX-License-Identifier: Apache-2.0

/// Where requests go.
public struct Endpoint: Sendable {
    /// "https://host/", "https://host/path" or "http://localhost:port/".
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

    /// An endpoint that the program names: "https://host[:port][/path]", or "http://" to this machine. The text must say
    /// just that, and in the form in which it is read: what would be read in another way than it looks is refused.
    public init?(_ text: String, _ urls: any URLReader) {
        guard let parts = urls.parts(of: text), parts.isServer, parts.isPath else { return nil }
        if parts.scheme.isExactly("https") {
            isLoopbackOnly = false
        } else if parts.scheme.isExactly("http"), parts.isLoopback {
            isLoopbackOnly = true
        } else {
            return nil
        }
        url = parts.url
        guard parts.areAll(of: text) else { return nil }
    }
}
