// SPDX-License-Identifier: Apache-2.0

/// What errors call the settings that a configuration file can hold too.
struct ConfigurationNames {
    var userPoolID = Setting.option("user_pool_id")
    var clientID = Setting.option("client_id")
    var clientSecret = Setting.option("client_secret")
    var endpoint = Setting.option("endpoint")
    var region = Setting.option("region")
    var hostedUIDomain = Setting.option("hosted_ui_domain")
    var signInRedirectURIs = Setting.option("sign_in_redirect_uris")
    var signOutRedirectURIs = Setting.option("sign_out_redirect_uris")
}
