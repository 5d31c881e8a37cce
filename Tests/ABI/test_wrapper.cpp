/* SPDX-License-Identifier: Apache-2.0 */

/* The C++ wrapper's calls. Each program of the wrapper runs once as it is, and once without exceptions and RTTI. */

#include <initializer_list>
#include <thread>

#include "wrapper.hpp"

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
    CHECK_VIEW(result.message(), "Signed out on this computer. Other devices may still be signed in: try again.");
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

    CHECK_TEXT(told(client.sign_out().get()), NOBODY);
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
