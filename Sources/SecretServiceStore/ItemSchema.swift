// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth

/// The schema `org.cognitoauth.Session`, and the attributes that items have.
///
/// Stored items carry the schema's name as an attribute of their own. A search must not ask for it: a keyring that was
/// never unlocked shows its items only to a search without the name.
final class ItemSchema {
    private static let name = "org.cognitoauth.Session"

    private let appID: String
    private let userPoolID: String
    private let clientID: String

    init(_ configuration: Configuration) {
        appID = configuration.appID
        userPoolID = configuration.userPoolID
        clientID = configuration.clientID
    }

    /// The attributes of an item in the encrypted file. The schema's name is not among them: the items of 0.1 do not
    /// have it there.
    func table(_ attributes: ItemAttributes) -> AttributeTable {
        let table = AttributeTable()
        for (name, value) in pairs(attributes) { table.set(name, value) }
        return table
    }

    /// What an item of the encrypted file with these attributes is; nil if it is not of this client and kind.
    func attributes(_ kind: ItemKind, in table: AttributeTable) -> ItemAttributes? {
        let isMine = pairs(ItemAttributes(kind)).allSatisfy { name, value in
            table.value(name)?.isExactly(value) ?? false
        }
        return isMine ? ItemAttributes(kind, session: table.value("session")) : nil
    }

    /// The attributes by which items of a kind are looked for.
    func searched(_ attributes: ItemAttributes) -> Variant? { .array(of: "{ss}", entries(attributes)) }

    /// The attributes that an item is stored with.
    func stored(_ attributes: ItemAttributes) -> Variant? {
        .array(of: "{ss}", entries(attributes) + [.entry("xdg:schema", .string(Self.name))])
    }

    private func entries(_ attributes: ItemAttributes) -> [Variant?] {
        pairs(attributes).map { name, value in .entry(name, .string(value)) }
    }

    private func pairs(_ attributes: ItemAttributes) -> [(String, String)] {
        let pairs = [
            ("app-id", appID), ("user-pool-id", userPoolID), ("client-id", clientID), ("kind", attributes.kind.name),
        ]
        guard let session = attributes.session else { return pairs }
        return pairs + [("session", session)]
    }

    func label(_ kind: ItemKind) -> String { .joining(appID, ": Amazon Cognito ", kind.name) }
}
