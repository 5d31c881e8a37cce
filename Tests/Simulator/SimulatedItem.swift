// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

extension SimulatedKeyring {
    /// An item, and what the world can tell of it.
    final class Item {
        let number: Int
        let path: Int
        let attributes: ItemAttributes
        private(set) var stored: StoredItem
        private(set) var content: Content
        /// That of a session.
        private(set) var family: Int?
        /// Those of all refresh tokens that it has ever had.
        private(set) var families: [Int] = []
        /// Whether it is no whole session, or no whole unfinished sign-out.
        var isDamaged = false
        /// Whether a newer version of the library wrote it.
        var isNewer = false

        init(_ number: Int, at path: Int, _ attributes: ItemAttributes, _ secret: SecretBytes, _ world: World) {
            self.number = number
            self.path = path
            self.attributes = attributes
            stored = StoredItem(path: "/item/\(path)", attributes: attributes, secret: secret)
            content = Content(attributes.kind, secret)
            families = content.refreshTokens.map { world.cognito.refreshTokens[$0].family }
            family = attributes.kind == .session ? families.first : nil
        }

        /// The refresh tokens in it.
        var tokens: [Int] { content.refreshTokens }

        /// Of a session without a refresh token.
        func belong(to family: Int) { self.family = family }

        /// The keyring shows it without its secret.
        func hide() { stored = StoredItem(path: stored.path, attributes: attributes, secret: nil) }

        func update(_ secret: SecretBytes, _ world: World) {
            isDamaged = false
            stored = StoredItem(path: stored.path, attributes: attributes, secret: secret)
            content = Content(attributes.kind, secret)
            families += tokens.map { world.cognito.refreshTokens[$0].family }
        }

        /// What a secret holds.
        struct Content {
            let refreshTokens: [Int]
            /// Of an unfinished sign-out: the access token that GlobalSignOut is still to be sent with.
            let open: Int?
            /// Of an unfinished sign-out, in Unix milliseconds of its program's clock.
            let signedOutAt: Int64

            init(_ kind: ItemKind, _ secret: SecretBytes) {
                guard kind == .unfinished else {
                    refreshTokens = Wire.refreshTokens(in: secret)
                    open = nil
                    signedOutAt = 0
                    return
                }
                let steps = secret.withBytes { Wire.steps(in: $0) }
                refreshTokens = steps.withUnsafeBytes { Wire.refreshTokens(in: $0) }
                open = steps.withUnsafeBytes { Wire.accessTokens(in: $0).first }
                signedOutAt = secret.withBytes { Wire.number(after: "\"signed_out_at\":", in: $0) } ?? 0
            }
        }
    }
}
