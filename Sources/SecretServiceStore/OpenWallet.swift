// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// KWallet, which says of a wallet that is open that it is locked, to every program that has not asked it to unlock.
enum OpenWallet {
    private static let services = ["kwalletd5", "kwalletd6"]

    /// Asks an open wallet to unlock, which opens no window. Returns false where the provider is another one, or no wallet
    /// is open: unlocking would ask the user.
    static func unlock(_ provider: Provider, _ context: KeyringContext) throws(BusFailure) -> Bool {
        let owners = try context.burst(
            services.map { Provider.owner(of: .joining("org.kde.", $0)) }, provider.connection)
        for (service, answer) in zip(services, owners) {
            guard let owner = try? answer.value()[0]?.text, owner.isExactly(provider.owner) else { continue }
            guard try isOpen(service, provider, context) else { return false }
            return try Unlocking(provider: provider, context: context).unlock(collection: Provider.defaultAlias)
        }
        return false
    }

    private static func isOpen(
        _ service: String, _ provider: Provider, _ context: KeyringContext
    ) throws(BusFailure) -> Bool {
        func call(_ method: String, _ arguments: Variant?, _ reply: StaticString) -> MethodCall {
            MethodCall(
                destination: provider.owner, path: .joining("/modules/", service), interface: "org.kde.KWallet",
                method: method,
                arguments: arguments, reply: reply)
        }
        guard let wallet = try context.call(call("networkWallet", nil, "(s)"), provider.connection)[0] else {
            return false
        }
        return try context.call(call("isOpen", .tuple(wallet), "(b)"), provider.connection)[0]?.boolean ?? false
    }
}
