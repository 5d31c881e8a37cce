// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth
internal import SecretMemory

/// Making, changing and deleting items.
extension SecretServiceItems {
    /// Makes a new item. A provider that answers with a prompt has it run.
    func create(_ secret: SecretBytes, _ attributes: ItemAttributes) throws(BusFailure) {
        switch try collection() {
        case .unlocked: break
        case .locked: try requireUnlocked()
        // The provider may take the call for a wish to have one made.
        case .missing, .closed: throw .noCollection
        }
        let encrypted = try encrypt(secret)
        let properties = Variant.array(
            of: "{sv}",
            [
                .entry("org.freedesktop.Secret.Item.Label", .boxed(.string(schema.label(attributes.kind)))),
                .entry("org.freedesktop.Secret.Item.Attributes", .boxed(schema.stored(attributes))),
            ])
        let call = MethodCall(
            destination: provider.owner, path: Provider.defaultPath, interface: "org.freedesktop.Secret.Collection",
            method: "CreateItem", arguments: .tuple(properties, encrypted, .boolean(false)), reply: "(oo)")
        try finish(try context.call(call, connection)[1])
    }

    /// Gives an item another secret, in its place.
    func update(_ path: String, _ secret: SecretBytes) throws(BusFailure) {
        try requireUnlocked()
        let call = provider.itemCall(path, "SetSecret", .tuple(try encrypt(secret)), reply: "()")
        guard try Self.unlessMissing(try context.burst([call], connection)[0]) != nil else {
            try requireNothingHidden()
            throw BusFailure(AuthFailure(.sessionChanged), .missingObject)
        }
        if provider.kind == .gnomeKeyring { tell(path) }
    }

    /// gnome-keyring tells nobody of a new secret, and everybody of a label: the item is given the one that it has. Where
    /// that fails, the secret is stored all the same.
    private func tell(_ path: String) {
        let item = "org.freedesktop.Secret.Item"
        let label = MethodCall.property("Label", of: item, path, at: provider.owner)
        guard let label = try? context.call(label, connection)[0] else { return }
        let call = MethodCall(
            destination: provider.owner, path: path, interface: "org.freedesktop.DBus.Properties", method: "Set",
            arguments: .tuple(.string(item), .string("Label"), label), reply: "()")
        _ = try? context.call(call, connection)
    }

    private func encrypt(_ secret: SecretBytes) throws(BusFailure) -> Variant {
        guard let value = SecretValuePointer.copying(secret), let encrypted = provider.encrypt(value) else {
            throw .nonsense
        }
        return encrypted
    }

    /// Deletes items; those that are gone are deleted. KWallet would delete what is locked, too.
    func delete(_ paths: [String]) throws(BusFailure) {
        do throws(BusFailure) {
            try requireUnlocked()
        } catch {
            // It is not the deletion that was not answered.
            throw error.kind == .sent ? BusFailure(error.failure, .unsent) : error
        }
        for path in paths { _ = try finishDeletion(try context.burst([deleteCall(path)], connection)[0]) }
    }

    /// Deletes items, and returns whether it was seen at once that no other of the kind is there. gnome-keyring does one
    /// thing after the other, and what is locked it does not delete: it is asked for all of it together.
    func delete(_ paths: [String], lookingFor kind: ItemKind) throws(BusFailure) -> Bool {
        guard provider.kind == .gnomeKeyring else {
            try delete(paths)
            return false
        }
        let answers = try context.burst(paths.map(deleteCall) + framedSearch([kind]), connection)
        var hasAskedUser = false
        for answer in answers.prefix(paths.count) where try finishDeletion(answer) { hasAskedUser = true }
        let left = try? Self.framed(answers.suffix(from: paths.count))
        return !hasAskedUser && left?.isEmpty == true
    }

    /// Returns whether a prompt had to be run.
    private func finishDeletion(_ answer: Answer) throws(BusFailure) -> Bool {
        try finish(try Self.unlessMissing(answer)?[0])
    }

    /// Runs the prompt that a provider answered with, "/" for none; but not where the collection was locked meanwhile, and
    /// the prompt would ask for its password. Returns whether there was one.
    @discardableResult
    private func finish(_ prompt: Variant?) throws(BusFailure) -> Bool {
        guard let path = prompt?.text, !path.isExactly("/") else { return false }
        if try collection() == .locked { throw .locked }
        guard try Prompt.run(path, provider, context) else {
            throw BusFailure(AuthFailure(.keyringPromptDismissed), .refused)
        }
        return true
    }
}
