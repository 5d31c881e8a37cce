/* SPDX-License-Identifier: Apache-2.0 */

/* The options of the C++ wrapper: all of them arrive. */

#include <cstdlib>
#include <initializer_list>
#include <string>

#include "wrapper.hpp"

#define CLIENT_SECRET "clientsecretclientsecretclientsecret"

TEST("client id and secret, app id, pool and attempts arrive")
{
    ClientOptions options = options_of_scene();
    options.client_secret = bounded(CLIENT_SECRET);
    options.max_attempts = 2;
    Client client = make(options);
    sign_in(client);
    CHECK_TEXT(keyring_attribute("session", "app-id"), SCENE_APP_ID);
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), SCENE_POOL_ID);
    CHECK(client.sign_out().complete());
    CHECK_TEXT(server_body(0, "ClientId"), SCENE_CLIENT_ID);
    CHECK_TEXT(server_body(0, "ClientSecret"), CLIENT_SECRET);
    CHECK_TEXT(server_header(0, "amz-sdk-request"), "attempt=1; max=2");
}

/* Signs in and out with a proxy that refuses; what it was asked for. */
static std::string host(ClientOptions options)
{
    options.endpoint = {};
    options.proxy = bounded(server_refuse());
    options.max_attempts = 1;
    Client client = make(options);
    sign_in(client);
    CHECK_ANSWER(client.sign_out().revoke_token_error().status(), AUTH_STATUS_PROXY_FAILED);
    CHECK_TEXT(server_operations(), "CONNECT");
    const std::string asked = server_path(0);
    return asked.substr(0, asked.find(':'));
}

TEST("region, FIPS, dual stack and proxy arrive")
{
    ClientOptions options = options_of_scene();
    CHECK_TEXT(host(options).c_str(), "cognito-idp.eu-west-1.amazonaws.com");
    options.region = bounded("ca-central-1");
    CHECK_TEXT(host(options).c_str(), "cognito-idp.ca-central-1.amazonaws.com");
    options.use_fips = true;
    CHECK_TEXT(host(options).c_str(), "cognito-idp-fips.ca-central-1.amazonaws.com");
    options.use_dualstack = true;
    CHECK_TEXT(host(options).c_str(), "cognito-idp-fips.ca-central-1.api.aws");
    options.use_fips = false;
    options.region = bounded("cn-north-1");
    CHECK_TEXT(host(options).c_str(), "cognito-idp.cn-north-1.api.amazonwebservices.com.cn");
}

/* The field that a client with these options is refused for. */
static std::string refused_for(const ClientOptions &options)
{
    const std::string message(Client::make(options).error().message());
    return message.substr(0, message.find(' '));
}

TEST("what is said of the hosted UI arrives, in arrays of any size")
{
    ClientOptions options = options_of_scene();
    options.hosted_ui_domain = bounded("login.example");
    options.sign_in_redirect_uris = {bounded("http://localhost:3000/"), "org.example.mail://in"};
    options.sign_out_redirect_uris.assign(64, Text("http://localhost:3000/"));
    options.app_name = bounded("Mail");
    options.open_url = [](std::string_view) { return true; };
    make(options);
    options.app_name = "\n";
    CHECK_TEXT(refused_for(options).c_str(), "app_name");
    options.sign_in_redirect_uris.emplace_back("https://mail.example/");
    CHECK_TEXT(refused_for(options).c_str(), "sign_in_redirect_uris");
    options.sign_out_redirect_uris.emplace_back("mail://out");
    CHECK_TEXT(refused_for(options).c_str(), "sign_out_redirect_uris");
    options.sign_out_redirect_uris.assign(1, Text());
    CHECK_TEXT(refused_for(options).c_str(), "sign_out_redirect_uris");
    options.hosted_ui_domain = "login.example/path";
    options.sign_out_redirect_uris.clear();
    CHECK_TEXT(refused_for(options).c_str(), "hosted_ui_domain");
}

TEST("a default proxy is the environment's, and an empty one is none")
{
    setenv("https_proxy", server_refuse(), 1);
    ClientOptions options = options_of_scene();
    options.endpoint = text("https%s", closed_url() + sizeof "http" - 1);
    Client client = make(options);
    sign_in(client);
    CHECK_ANSWER(client.sign_out().revoke_token_error().status(), AUTH_STATUS_PROXY_FAILED);
    options.proxy = "";
    client = make(options);
    sign_in(client);
    CHECK_ANSWER(client.sign_out().revoke_token_error().status(), AUTH_STATUS_CONNECTION_FAILED);
    unsetenv("https_proxy");
}

TEST("a certificate file arrives")
{
    server_select("good");
    ClientOptions options = options_of_scene();
    Client client = make(options);
    sign_in(client);
    CHECK_ANSWER(client.sign_out().revoke_token_error().status(), AUTH_STATUS_TLS_FAILED);
    options.ca_file = bounded(text("%s/ca.pem", std::getenv("COGNITOAUTH_TEST_CERTIFICATES")));
    client = make(options);
    sign_in(client);
    CHECK(client.sign_out().complete());
}

TEST("the client's time and the call's arrive")
{
    ClientOptions options = options_of_scene();
    options.timeout = 900ms;
    Client client = make(options), patient = make();
    CallOptions call;
    call.timeout = 900ms;
    for (auto sign_out : {&Client::sign_out, &Client::sign_out_global}) {
        server_reply("GlobalSignOut", "{'delay_ms':20000}");
        server_reply("RevokeToken", "{'delay_ms':20000}");
        for (int i = 0; i < 2; i++) {
            sign_in(client);
            const double start = seconds();
            CHECK(((i ? patient : client).*sign_out)(i ? call : CallOptions()).partial());
            CHECK(seconds() - start >= 0.4 && seconds() - start < 4);
        }
    }
}

TEST("a time that does not fit is refused, and not cut to one that does")
{
    constexpr std::chrono::milliseconds wraps{1LL << 32}; /* ... to 0 in 32 bits */
    Client client = make();
    for (const auto time : {99ms, -1ms, 3600001ms, wraps, wraps + 1s, wraps / 2, -wraps, wraps.max(), wraps.min()}) {
        during(text("%lld ms", static_cast<long long>(time.count())));
        ClientOptions options = options_of_scene();
        options.timeout = time;
        CHECK_HAS(c_text(Client::make(options).error().message()), "timeout_ms");
        CallOptions call;
        call.timeout = time;
        CHECK_HAS(c_text(client.load(call).error().message()), "timeout_ms");
        CHECK_HAS(c_text(client.retry("token", call).failure().message()), "timeout_ms");
        CHECK_HAS(c_text(client.start_load(call).error().message()), "timeout_ms");
        CHECK_HAS(c_text(client.start_sign_out(call).error().message()), "timeout_ms");
        CHECK_HAS(c_text(client.resume(call).failure().message()), "timeout_ms");
        CHECK_HAS(c_text(client.start_resume(call).error().message()), "timeout_ms");
        CHECK_HAS(c_text(client.start_watch(call).error().message()), "timeout_ms");
        CHECK_HAS(c_text(client.start_retry("token", call).error().message()), "timeout_ms");
        call = {};
        call.prompt_timeout = time;
        CHECK_HAS(c_text(client.save(session_for(60), call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.fetch(call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.start_save(session_for(60), call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.start_fetch(call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.start_sign_out_global(call).error().message()), "prompt_timeout_ms");
        call = {};
        call.browser_timeout = time;
        CHECK_HAS(c_text(client.sign_out(call).failure().message()), "browser_timeout_ms");
    }
    CallOptions call;
    call.browser_failure = static_cast<BrowserFailure>(2);
    CHECK_HAS(c_text(client.sign_out(call).failure().message()), "browser_failure");
    call.browser_failure = BrowserFailure::fail;
    call.skip_browser = true;
    CHECK(client.sign_out(call).complete());
    CHECK_INT(keyring_count_all(), 0);
}

TEST("whether the keyring keeps what a sign-out could not finish arrives, and the result says so")
{
    ClientOptions options = options_of_scene();
    Client client = make(options);
    server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "It cannot be done.")));
    sign_in(client);
    SignOutResult result = client.sign_out();
    CHECK(result.partial() && result.kept() == Answer::no && result.unfinished_count() == 0);
    CHECK_INT(keyring_count("unfinished"), 0);

    options.keep_unfinished = true;
    Client keeping = make(options);
    server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "It cannot be done.")));
    sign_in(keeping);
    result = keeping.sign_out();
    CHECK(result.partial() && result.kept() == Answer::yes && result.unfinished_count() == 1);
    CHECK_INT(keyring_count("unfinished"), 1);
    result = client.resume();
    CHECK(result.complete() && result.kept() == Answer::no && result.unfinished_count() == 0);
    CHECK_INT(keyring_count("unfinished"), 0);
}

TEST("a locked keyring asks only where a prompt is allowed")
{
    Client client = make();
    CHECK(keyring_run("lock"));
    const int before = keyring_prompt_count();
    CHECK(client.sign_out().failed());
    CHECK_INT(keyring_prompt_count(), before);
    CallOptions call;
    call.allow_prompt = true;
    CHECK(client.sign_out(call).failed());
    CHECK(keyring_prompt_count() > before);
}
