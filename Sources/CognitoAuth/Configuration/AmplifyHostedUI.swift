// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import SecretMemory

/// What a configuration file of Amplify's says of the hosted UI, as it stands there.
struct AmplifyHostedUI {
    let domain: String?
    let signInRedirectURIs: [String]
    let signOutRedirectURIs: [String]
    let scopes: [String]

    init(_ keys: AmplifyKeys, in object: JSONObject) throws(AuthFailure) {
        domain = try AmplifyConfiguration.text(keys.hostedUIDomain, in: object)
        let areLists = keys.hasListsOfRedirectURIs
        signInRedirectURIs = try Self.texts(keys.signInRedirectURIs, areList: areLists, in: object)
        signOutRedirectURIs = try Self.texts(keys.signOutRedirectURIs, areList: areLists, in: object)
        scopes = try Self.texts(keys.scopes, areList: true, in: object)
    }

    /// A list, or one string with commas.
    @inline(never)
    private static func texts(
        _ setting: Setting, areList: Bool, in object: JSONObject
    ) throws(AuthFailure) -> [String] {
        guard areList else {
            return try AmplifyConfiguration.secret(setting, in: object)?.withBytes(parts) ?? []
        }
        switch object.find(setting.name) {
        case .texts(let texts): return texts
        case .text, .other: throw setting.invalid("must be an array of strings")
        // The domain has the same objects on its way, and was read first.
        case .nothing, .obstacle: return []
        }
    }

    /// What stands between commas; no URI has a space in it.
    private static func parts(of text: UnsafeRawBufferPointer) -> [String] {
        var parts: [String] = []
        var start = 0
        for end in 0...text.count where end == text.count || text[end].isOne(of: ", ") {
            if start < end {
                parts.append(UnsafeRawBufferPointer(rebasing: text[start..<end]).text)
            }
            start = end + 1
        }
        return parts
    }
}
