// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// Asking a provider to unlock, which as a rule asks the user.
struct Unlocking {
    let provider: Provider
    let context: KeyringContext

    init(_ items: SecretServiceItems) {
        self.init(provider: items.provider, context: items.context)
    }

    init(provider: Provider, context: KeyringContext) {
        self.provider = provider
        self.context = context
    }

    /// Unlocks the collection that an alias stands for; returns whether the user agreed.
    func unlock(collection alias: String) throws(BusFailure) -> Bool {
        let answer = try context.call(
            provider.serviceCall("ReadAlias", .tuple(.string(alias)), reply: "(o)"), provider.connection)
        guard let path = answer[0]?.text, !path.isExactly("/") else { return false }
        return try unlock([path])
    }

    /// Unlocks collections or items.
    func unlock(_ paths: [String]) throws(BusFailure) -> Bool {
        let call = provider.serviceCall(
            "Unlock", .tuple(.array(of: "o", paths.map { Variant.path($0) })), reply: "(aoo)")
        let answer = try context.call(call, provider.connection)
        guard let prompt = answer[1]?.text, !prompt.isExactly("/") else { return true }
        return try Prompt.run(prompt, provider, context)
    }
}
