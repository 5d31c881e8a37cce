// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// The schema `org.cognitoauth.Session`, and the attributes that items have.
///
/// Stored items carry the schema's name as an attribute of their own. A search must not ask for it: a keyring that was
/// never unlocked shows its items only to a search without the name.
final class ItemSchema {
    private static let name = "org.cognitoauth.Session"

    let pointer: UnsafeMutablePointer<SecretSchema>?
    private let appID: String
    private let userPoolID: String
    private let clientID: String

    init(_ configuration: Configuration) {
        appID = configuration.appID
        userPoolID = configuration.userPoolID
        clientID = configuration.clientID
        let types = cognitoauth_attribute_types_new()
        for name in ["app-id", "user-pool-id", "client-id", "kind", "session"] as [StaticString] {
            cognitoauth_attribute_types_add(types, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
        }
        pointer = secret_schema_newv(Self.name, SECRET_SCHEMA_DONT_MATCH_NAME, types)
        g_hash_table_unref(types)
    }

    deinit { if let pointer { secret_schema_unref(pointer) } }

    /// The attributes of an item as libsecret wants them, to be released.
    func table(_ attributes: ItemAttributes) -> OpaquePointer? {
        let table = cognitoauth_attributes_new()
        cognitoauth_attributes_set(table, "app-id", appID)
        cognitoauth_attributes_set(table, "user-pool-id", userPoolID)
        cognitoauth_attributes_set(table, "client-id", clientID)
        cognitoauth_attributes_set(table, "kind", attributes.kind.name)
        if let session = attributes.session { cognitoauth_attributes_set(table, "session", session) }
        return table
    }

    /// The attributes by which items of a kind are looked for.
    func searched(_ attributes: ItemAttributes) -> Variant? { .array(of: "{ss}", entries(attributes)) }

    /// The attributes that an item is stored with.
    func stored(_ attributes: ItemAttributes) -> Variant? {
        .array(of: "{ss}", entries(attributes) + [.entry("xdg:schema", .string(Self.name))])
    }

    private func entries(_ attributes: ItemAttributes) -> [Variant?] {
        let entries: [Variant?] = [
            .entry("app-id", .string(appID)), .entry("user-pool-id", .string(userPoolID)),
            .entry("client-id", .string(clientID)), .entry("kind", .string(attributes.kind.name)),
        ]
        guard let session = attributes.session else { return entries }
        return entries + [.entry("session", .string(session))]
    }

    func label(_ kind: ItemKind) -> String { "\(appID): Amazon Cognito \(kind.name)" }
}
