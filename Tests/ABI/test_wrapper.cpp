/* SPDX-License-Identifier: Apache-2.0 */

/* The C++ wrapper: its calls, that all of their options arrive, and that no copy of them stays. Each program of the
 * wrapper runs once as it is, and once without exceptions and RTTI. */

#include <cstdlib>
#include <initializer_list>
#include <new>
#include <string>
#include <thread>

#include "wrapper.hpp"

extern "C" {
#include "refuser.h"
}

#define CLIENT_SECRET "clientsecretclientsecretclientsecret"
#define PARTIAL "partial: was signed in, signed out; global failed, revocation not attempted"

static UnixTime expiry(std::string_view token) { return UnixTime(std::chrono::seconds(token_expiry(c_text(token)))); }

TEST("what is saved is loaded and fetched, field by field, and ends in NUL")
{
    Client client = make();
    NewSession saved = session_for(3600);
    saved.sign_in_method = SignInMethod::hosted_ui;
    REQUIRE(bool(client.save(saved)));
    for (auto read : {&Client::load, &Client::fetch}) {
        const Result<Session> session = (client.*read)({});
        REQUIRE(bool(session));
        CHECK(!session.error());
        CHECK(session->username() == saved.username && session->username().data()[saved.username.size()] == '\0');
        CHECK((*session).access_token() == saved.access_token);
        CHECK(session->id_token() == saved.id_token);
        CHECK(session->refresh_token() == saved.refresh_token);
        CHECK(session->device_key() == saved.device_key);
        CHECK(session->access_token_expires_at() == expiry(saved.access_token));
        CHECK(session->id_token_expires_at() == expiry(saved.id_token));
        CHECK(session->sign_in_method() == SignInMethod::hosted_ui);
        CHECK_TEXT(session->get()->refresh_token, c_text(saved.refresh_token));
    }
    CHECK_INT(server_connection_count(), 0);
}

TEST("what is an empty view, default or not, is not there, and comes out as a default one")
{
    Client client = make();
    NewSession session;
    session.username = "ada";
    session.access_token = "opaque";
    session.id_token = std::string_view("text").substr(4);
    session.device_key = "";
    REQUIRE(bool(client.save(session)));
    const Result<Session> loaded = client.load();
    CHECK_VIEW(loaded->access_token(), "opaque");
    for (std::string_view view : {loaded->id_token(), loaded->refresh_token(), loaded->device_key()})
        CHECK(view.data() == nullptr && view.empty());
    CHECK(!loaded->access_token_expires_at() && !loaded->id_token_expires_at());
    CHECK(loaded->sign_in_method() == SignInMethod::api);

    session.access_token = "";
    CHECK_ERROR(client.save(session).error(), AUTH_STATUS_INVALID_ARGUMENT, "access_token");
}

TEST("a sign-out tells all that it tells in C, and a result retries with its own token")
{
    Client client = make();
    const NewSession session = sign_in(client);
    server_reply("GlobalSignOut", text("%s,{'default':true}", exception("ForbiddenException", "It cannot be done.")));
    SignOutResult result = client.sign_out_global();
    CHECK_TEXT(told(result.get()), PARTIAL);
    CHECK(result.outcome() == Outcome::partial && result.partial() && !result.complete() && !result.failed());
    CHECK(result.was_signed_in() == Answer::yes && result.signed_out_locally() == Answer::yes);
    CHECK(result.global_sign_out() == Remote::failed && result.revoke_token() == Remote::not_attempted);
    CHECK(result.tokens_valid_until() == expiry(session.id_token));
    CHECK(!result.failure() && !result.hosted_ui_error() && !result.invalid_session_error());
    const Error error = result.global_sign_out_error();
    CHECK(bool(error));
    CHECK_ANSWER(error.status(), AUTH_STATUS_FORBIDDEN);
    CHECK_VIEW(error.service_exception(), "ForbiddenException");
    CHECK_HAS(c_text(error.message()), "It cannot be done.");
    CHECK(!error.recovery_suggestion().empty() && error.token() == session.access_token);
    CHECK_ANSWER(result.revoke_token_error().status(), AUTH_STATUS_NOT_ATTEMPTED);
    CHECK(result.can_retry() && !result.partial_failure_token().empty());

    result = client.retry(result.partial_failure_token());
    CHECK_TEXT(told(result.get()), "complete: was not signed in, signed out; global done, revocation done");
    CHECK(result.complete() && !result.can_retry() && result.partial_failure_token().data() == nullptr);

    CHECK_TEXT(told(client.sign_out().get()),
               "complete: was not signed in, signed out; global not requested, revocation not requested");
    CHECK(!client.sign_out().tokens_valid_until());
    keyring_add("session", "damaged");
    CHECK_ANSWER(client.sign_out().invalid_session_error().status(), AUTH_STATUS_INVALID_SESSION);
    sign_in(client);
    CHECK(keyring_run("lock"));
    result = client.sign_out();
    CHECK(result.failed());
    CHECK_ANSWER(result.failure().status(), AUTH_STATUS_KEYRING_LOCKED);
}

TEST("a time that no clock of the machine's reaches is told as it is")
{
    Client client = make();
    NewSession session = session_for(3600);
    session.access_token = jwt("{'exp':253402300799}");
    session.id_token = {};
    REQUIRE(bool(client.save(session)));
    const Result<Session> loaded = client.load();
    CHECK(loaded->access_token_expires_at() == UnixTime(253402300799s));
    CHECK(client.sign_out().tokens_valid_until() == UnixTime(253402300799s));
}

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
    refuser *refuser = start_refuser();
    options.endpoint = {};
    options.proxy = bounded(refuser_url(refuser));
    options.max_attempts = 1;
    Client client = make(options);
    sign_in(client);
    CHECK_ANSWER(client.sign_out().revoke_token_error().status(), AUTH_STATUS_PROXY_FAILED);
    const std::string asked = finish_refuser(refuser);
    return asked.substr(0, asked.find(':'));
}

TEST("region, FIPS, dual stack and proxy arrive")
{
    ClientOptions options = options_of_scene();
    CHECK_TEXT(host(options).c_str(), "CONNECT cognito-idp.eu-west-1.amazonaws.com");
    options.region = bounded("ca-central-1");
    CHECK_TEXT(host(options).c_str(), "CONNECT cognito-idp.ca-central-1.amazonaws.com");
    options.use_fips = true;
    CHECK_TEXT(host(options).c_str(), "CONNECT cognito-idp-fips.ca-central-1.amazonaws.com");
    options.use_dualstack = true;
    CHECK_TEXT(host(options).c_str(), "CONNECT cognito-idp-fips.ca-central-1.api.aws");
    options.use_fips = false;
    options.region = bounded("cn-north-1");
    CHECK_TEXT(host(options).c_str(), "CONNECT cognito-idp.cn-north-1.api.amazonwebservices.com.cn");
}

TEST("a default proxy is the environment's, and an empty one is none")
{
    setenv("https_proxy", refuser_url(start_refuser()), 1);
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
            CHECK(seconds() - start >= 0.4 && seconds() - start < 1.5);
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
        CHECK_HAS(c_text(client.start_retry("token", call).error().message()), "timeout_ms");
        call = {};
        call.prompt_timeout = time;
        CHECK_HAS(c_text(client.save(session_for(60), call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.fetch(call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.start_save(session_for(60), call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.start_fetch(call).error().message()), "prompt_timeout_ms");
        CHECK_HAS(c_text(client.start_sign_out_global(call).error().message()), "prompt_timeout_ms");
    }
    CHECK_INT(keyring_count_all(), 0);
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

TEST("tokens that were renewed and could not be stored come out together with the error")
{
    Client client = make();
    const NewSession session = sign_in(client, EXPIRED);
    const Result<Session> loaded = client.load();
    CHECK(loaded->access_token() == session.access_token);
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    std::thread lock([] {
        CHECK(server_await(1));
        CHECK(keyring_run("lock"));
        server_release();
    });
    Result<Session> fetched = client.fetch();
    lock.join();
    CHECK_ANSWER(fetched.status(), AUTH_STATUS_KEYRING_LOCKED);
    CHECK(!fetched && !fetched->access_token().empty() && fetched->access_token() != session.access_token);
    CHECK(fetched->refresh_token() == session.refresh_token);
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_ITS_OWN_NEW
#endif
#endif
#ifndef HAS_ITS_OWN_NEW

/* What became of the blocks of one size that were freed. */
static struct {
    std::size_t size;
    void *block;
    int wiped, left;
} watch;

__attribute__((noinline)) void *operator new[](std::size_t size)
{
    void *block = std::malloc(size);
    if (!block) std::abort();
    if (size == watch.size) watch.block = block;
    return block;
}

__attribute__((noinline)) void operator delete[](void *block) noexcept
{
    if (block && block == watch.block) {
        const volatile char *bytes = static_cast<const char *>(block);
        std::size_t count = 0;
        while (count < watch.size && bytes[count] == '\0') count++;
        (count == watch.size ? watch.wiped : watch.left)++;
        watch.block = nullptr;
    }
    std::free(block);
}

void operator delete[](void *block, std::size_t) noexcept { operator delete[](block); }

/* That `call` copies a secret of this length once, and wipes the copy. */
template <class Call> static void check_wiped(const char *what, std::size_t length, Call call)
{
    during(what);
    watch = {length + 1, nullptr, 0, 0};
    call();
    watch.size = 0;
    CHECK_INT(watch.wiped, 1);
    CHECK_INT(watch.left, 0);
    during(nullptr);
}

TEST("every copy of a string that goes in is wiped before it is freed")
{
    const char *const token = long_token(1001);
    ClientOptions options = options_of_scene();
    options.client_secret = "secretsecretsecretsecretsecretsecretsecret7";
    options.proxy = "http://user:password-of-a-proxy-that-is-long@localhost:1";
    check_wiped("client_secret", options.client_secret.size(), [&] { CHECK(bool(Client::make(options))); });
    check_wiped("proxy", options.proxy.size(), [&] { CHECK(bool(Client::make(options))); });
    Client client = make();
    for (auto part : {&NewSession::access_token, &NewSession::id_token, &NewSession::refresh_token}) {
        NewSession session = session_for(3600);
        session.*part = token;
        check_wiped("save", 1001, [&] { CHECK(bool(client.save(session))); });
        check_wiped("start_save", 1001, [&] { CHECK(bool(finished(client.start_save(session)))); });
        session.username = "";
        check_wiped("a save that is refused", 1001, [&] { CHECK(!client.save(session)); });
    }
    check_wiped("retry", 1001, [&] { CHECK(client.retry(token).failed()); });
    check_wiped("start_retry", 1001, [&] { CHECK(finished(client.start_retry(token)).failed()); });
}

#endif
