// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The JSON object in a partial-failure token.
///
/// It names the app, the pool and the client it is for. Where to connect and the client secret are never in it: they are
/// the client's.
enum OpenStepsCodec {
    /// Of each list: a text of many short ones would take more memory than there is.
    static let maximumList = 4096
    private static let newestVersion: Int64 = 3

    /// The lowest one whose readers ignore nothing: the first knew no deletion, and the second no browser.
    private static func version(_ steps: OpenSteps) -> Int64 {
        if steps.isBrowserOpen { return newestVersion }
        return steps.deletions.isEmpty ? 1 : 2
    }

    /// The steps that got no answer, by their names in the object's list `unanswered`.
    private enum Unanswered {
        static var globalSignOut: StaticString { "global_sign_out" }
        static var refresh: StaticString { "refresh" }
        static var revocation: StaticString { "refresh_token" }
    }

    /// nil if something in it is not UTF-8.
    static func encode(_ steps: OpenSteps, for configuration: Configuration) -> SecretBytes? {
        let object = JSONObjectBuilder()
        func set(_ key: StaticString, _ secrets: [SecretBytes]) {
            if !secrets.isEmpty { object.set(key, secrets) }
        }
        object.set("version", version(steps))
        object.set("app_id", configuration.appID)
        object.set("user_pool_id", configuration.userPoolID)
        object.set("client_id", configuration.clientID)
        if let subject = steps.subject { object.set("sub", subject) }
        object.set("global_sign_out", steps.isGlobalSignOutOpen ? 1 : 0)
        if steps.isBrowserOpen { object.set("browser", 1) }
        if let accessToken = steps.accessToken { object.set("access_token", accessToken) }
        if let refreshToken = steps.refreshToken { object.set("refresh_token", refreshToken.token) }
        set("other_refresh_tokens", steps.others(.answered))
        set("unanswered_refresh_tokens", steps.others(.unanswered))
        var unanswered: [StaticString] = []
        if steps.globalSignOut == .unanswered { unanswered.append(Unanswered.globalSignOut) }
        if steps.refresh == .unanswered, steps.refreshToken != nil { unanswered.append(Unanswered.refresh) }
        if steps.refreshToken?.past == .unanswered { unanswered.append(Unanswered.revocation) }
        set("unanswered", unanswered.map { SecretBytes(copying: $0.text) })
        if let record = steps.record { object.set("record", record) }
        if !steps.deletions.isEmpty {
            set("deletions", steps.deletions.map { SecretBytes(copying: $0.text) })
            set("ended", steps.ended.map { SecretBytes(copying: $0.text) })
        }
        return object.encoded()
    }

    static func read(_ object: JSONObject, for configuration: Configuration) -> PartialFailureToken.Reading {
        guard let made = object.integer("version") else { return .damaged }
        guard made <= newestVersion else { return .newer }
        guard made >= 1, let appID = object.string("app_id"), let userPoolID = object.string("user_pool_id"),
            let clientID = object.string("client_id")
        else { return .damaged }
        guard appID.isExactly(configuration.appID) else { return .foreign("was made for another app") }
        guard userPoolID.isExactly(configuration.userPoolID) else { return .foreign("was made for another user pool") }
        guard clientID.isExactly(configuration.clientID) else { return .foreign("was made for another app client") }
        guard let steps = steps(object), !steps.isEmpty, steps.secrets.allSatisfy(TokenRules.accept),
            made >= version(steps)
        else { return .damaged }
        return .steps(steps)
    }

    /// nil if a member is not what it should be.
    private static func steps(_ object: JSONObject) -> OpenSteps? {
        guard let isGlobal = isOpen("global_sign_out", object), let isBrowserOpen = isOpen("browser", object),
            let unanswered = texts("unanswered", object),
            let others = list("other_refresh_tokens", object),
            let unansweredOthers = list("unanswered_refresh_tokens", object),
            let deletions = identities("deletions", object), let ended = identities("ended", object)
        else { return nil }
        func past(_ name: StaticString) -> StepPast {
            unanswered.contains { $0.isExactly(name.text) } ? .unanswered : .answered
        }
        let refreshToken = object.secret("refresh_token")
        let accessToken = object.secret("access_token")
        let names =
            (isGlobal ? [Unanswered.globalSignOut] : [])
            + (refreshToken == nil ? [] : [Unanswered.refresh, Unanswered.revocation])
        let isWhole =
            object.has("access_token") == (accessToken != nil) && (isGlobal || accessToken == nil)
            && object.has("refresh_token") == (refreshToken != nil)
            && object.has("sub") == (object.string("sub") != nil)
            && unanswered.allSatisfy { name in names.contains { name.isExactly($0.text) } }
        guard isWhole else { return nil }
        return OpenSteps(
            subject: object.string("sub"), globalSignOut: isGlobal ? past(Unanswered.globalSignOut) : nil,
            accessToken: accessToken,
            refreshToken: refreshToken.map { OpenRevocation(token: $0, past: past(Unanswered.revocation)) },
            refresh: past(Unanswered.refresh),
            otherRefreshTokens: others.toBeRevoked() + unansweredOthers.toBeRevoked(.unanswered),
            deletions: deletions, ended: ended, isBrowserOpen: isBrowserOpen, record: object.string("record"))
    }

    private static func isOpen(_ key: StaticString, _ object: JSONObject) -> Bool? {
        guard object.has(key) else { return false }
        switch object.integer(key) {
        case 0: return false
        case 1: return true
        default: return nil
        }
    }

    /// Empty if the key is missing; nil if its value is not a list of texts, or is an empty list.
    private static func list(_ key: StaticString, _ object: JSONObject) -> [SecretBytes]? {
        guard object.has(key) else { return [] }
        return object.secrets(key, maximum: maximumList).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func texts(_ key: StaticString, _ object: JSONObject) -> [String]? {
        list(key, object)?.map { $0.withBytes { $0.text } }
    }

    private static func identities(_ key: StaticString, _ object: JSONObject) -> [SessionIdentity]? {
        texts(key, object)?.map { SessionIdentity(text: $0) }
    }
}

extension OpenSteps {
    fileprivate func others(_ past: StepPast) -> [SecretBytes] {
        otherRefreshTokens.filter { $0.past == past }.tokens
    }
}
