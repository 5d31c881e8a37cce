// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What one change of the keyring, made by a call of this client, left of who is signed in.
enum OwnChange {
    case nothing
    /// This, for sure.
    case left(Sighting)
    /// This, or what was there before.
    case mayHaveLeft(Sighting)

    static func creation(
        of secret: SecretBytes, _ attributes: ItemAttributes, isDone: Bool, _ digest: any Digest
    ) -> OwnChange {
        switch attributes.kind {
        case .session:
            let sighting = Sighting.of(secret, attributes, digest)
            return isDone ? .left(sighting) : .mayHaveLeft(sighting)
        case .unfinished: return .mayHaveLeft(.nobody)
        case .device, .browser: return .nothing
        }
    }

    /// Nobody sees the new tokens of a session whose sign-out the keyring keeps.
    static func update(of item: StoredItem, _ secret: SecretBytes, _ digest: any Digest) -> OwnChange {
        item.attributes.kind == .session ? .mayHaveLeft(.of(secret, item.attributes, digest)) : .nothing
    }

    /// `left`: what is left of the kind, as far as it was seen.
    static func removal(of items: [StoredItem], leaving left: [StoredItem]) -> OwnChange {
        guard let attributes = items.first?.attributes else { return .nothing }
        switch attributes.kind {
        case .session: return left.isEmpty ? .mayHaveLeft(.nobody) : .nothing
        // A sign-out that is taken back: its session is seen again.
        case .unfinished:
            return .mayHaveLeft(.session(ItemAttributes(.session, session: attributes.session), fingerprint: nil))
        case .device, .browser: return .nothing
        }
    }
}
