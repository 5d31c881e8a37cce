// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What one change of the keyring, made by a call of this client, left of who is signed in.
final class OwnChange {
    let left: Sighting
    let effect: Effect

    enum Effect {
        case done
        /// What was there before may be there still.
        case unsure
        /// What was there before the client's changes is there again.
        case undone
    }

    /// What items are removed for.
    enum Purpose {
        case signOut
        /// The sign-out is not to be, and its session is still there.
        case takingBack
        /// A sign-out, perhaps another process's, has ended these sessions before.
        case tidying
    }

    init(_ left: Sighting, _ effect: Effect = .unsure) {
        self.left = left
        self.effect = effect
    }

    /// nil of these, here and below: nobody sees a difference.
    static func creation(
        of secret: SecretBytes, _ attributes: ItemAttributes, _ effect: Effect, _ digest: any Digest
    ) -> OwnChange? {
        switch attributes.kind {
        case .session: OwnChange(Sighting(attributes, secret, digest), effect)
        case .unfinished: OwnChange(Sighting(nil))
        case .device, .browser: nil
        }
    }

    /// It may be of a session whose sign-out the keyring keeps: then nobody is signed in, as before.
    static func update(of item: StoredItem, _ secret: SecretBytes, _ digest: any Digest) -> OwnChange? {
        item.attributes.kind == .session ? OwnChange(Sighting(item.attributes, secret, digest)) : nil
    }

    /// `left`: what is left of the kind; nil where that was not seen.
    static func removal(of items: [StoredItem], leaving left: [StoredItem]?, for purpose: Purpose) -> OwnChange? {
        guard let attributes = items.first?.attributes else { return nil }
        switch attributes.kind {
        case .session: return left?.isEmpty != false && purpose != .tidying ? OwnChange(Sighting(nil)) : nil
        // A sign-out that is taken back: its session is seen again.
        case .unfinished:
            let isUndone = purpose == .takingBack && left?.contains { $0.attributes == attributes } == false
            return OwnChange(
                Sighting(ItemAttributes(.session, session: attributes.session)), isUndone ? .undone : .unsure)
        case .device, .browser: return nil
        }
    }
}
