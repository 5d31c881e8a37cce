// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// How long an access token lives by this machine's clock, which may be ahead of Cognito's, or behind it.
///
/// `exp` is a time of Cognito's clock. By a clock that is an hour ahead, a token that has just come expired long ago, and
/// would be refreshed on every fetch. So a refresh remembers when it began, by this clock, and how long Cognito lets the
/// token live: between the two nobody has to know what time it is.
struct TokenLife {
    /// When the refresh began, in Unix seconds: not later than Cognito made the token.
    let beginning: Int64
    /// In seconds.
    let length: Int64

    /// Source: the access token's duration in the Cognito user pools guide, 5 minutes to 1 day.
    private static let shortest: Int64 = 300
    private static let longest: Int64 = 86_400

    /// The life of a token that a refresh brought. Where nothing tells its length it is the shortest that Cognito has.
    init(of tokens: IssuedTokens, since beginning: Int64) {
        self.beginning = beginning
        let claims = TokenClaims(tokens.accessToken)
        var lengths = [tokens.expiresIn].compactMap { $0 }
        if let end = claims?.expiresAt {
            let (length, isTooLarge) = end.subtractingReportingOverflow(claims?.issuedAt ?? beginning)
            // By our clock it may be over only because of the clock.
            if !isTooLarge, length > 0 || claims?.issuedAt != nil { lengths.append(length) }
        }
        length = lengths.min().map { min(max($0, 0), Self.longest) } ?? Self.shortest
    }

    /// What was stored; nil if it makes no sense.
    init?(beginning: Int64?, length: Int64?) {
        guard let beginning, let length, (0...Int64.max / 2).contains(beginning), (0...Self.longest).contains(length)
        else { return nil }
        self.beginning = beginning
        self.length = length
    }

    /// Whether fewer than `margin` seconds are left; nil if the clock was set back since, and this tells nothing.
    func isOver(at unixSeconds: Int64, margin: Int64) -> Bool? {
        unixSeconds < beginning ? nil : beginning + length < unixSeconds + margin
    }
}
