// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// Making a collection for the alias that new items are stored in, for which as a rule the user chooses a password.
struct NewCollection {
    let items: SecretServiceItems

    /// The name that libsecret gives it too, for the user to know it by.
    private static let label = "Default keyring"

    /// Returns whether the user agreed, or has a collection by now: somebody else may have made one.
    func create() throws(BusFailure) -> Bool {
        let prompt: String?
        do throws(BusFailure) {
            prompt = try ask()
        } catch {
            guard error.isRefusal else { throw error }
            guard try exists() else {
                throw BusFailure(AuthFailure(.keyringNoCollection, detail: "it refuses to create one"), .refused)
            }
            return true
        }
        guard let prompt, !prompt.isExactly("/") else { return true }
        if try Prompt.run(prompt, items.provider, items.context) { return true }
        return try exists()
    }

    /// Asks for it, and returns the prompt that has to be run; "/" for none.
    private func ask() throws(BusFailure) -> String? {
        let properties = Variant.array(
            of: "{sv}", [.entry("org.freedesktop.Secret.Collection.Label", .boxed(.string(Self.label)))])
        let call = items.provider.serviceCall(
            "CreateCollection", .tuple(properties, .string(Provider.defaultAlias)), reply: "(oo)")
        return try items.context.call(call, items.provider.connection)[1]?.text
    }

    private func exists() throws(BusFailure) -> Bool { try items.collection().exists }
}

extension BusFailure {
    /// Whether the provider does not do what was asked for, or does not know it.
    fileprivate var isRefusal: Bool {
        failure.status == .keyringFailed && (kind == .refused || kind == .missingObject)
    }
}
