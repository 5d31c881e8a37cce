/* SPDX-License-Identifier: Apache-2.0 */

/* The C++ wrapper's operations: how they are finished, and cancelled. */

#include <initializer_list>
#include <vector>

#include "wrapper.hpp"

TEST("save, load and fetch: what is started is finished with what the blocking call answers")
{
    Client client = make();
    const NewSession session = session_for(EXPIRED);
    CHECK(bool(run(client.start_save(session))));
    const Result<Session> loaded = run(client.start_load());
    CHECK_INT(server_request_count(), 0);
    const Result<Session> fetched = run(client.start_fetch());
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    REQUIRE(loaded && fetched);
    CHECK(loaded->username() == session.username && loaded->device_key() == session.device_key);
    CHECK(loaded->access_token() == session.access_token && fetched->access_token() != session.access_token);
    CHECK(loaded->refresh_token() == session.refresh_token && fetched->refresh_token() == session.refresh_token);
    keyring_empty();
    CHECK_ANSWER(run(client.start_load()).status(), AUTH_STATUS_NOT_SIGNED_IN);
}

TEST("check: both ways say whether the session is good")
{
    Client client = make();
    sign_in(client);
    CHECK(bool(client.check()));
    CHECK(bool(run(client.start_check())));
    CHECK_TEXT(server_operations(), "GetUser GetUser");
    server_reply("GetUser", exception("NotAuthorizedException", "Access Token has been revoked"));
    CHECK_ANSWER(client.check().status(), AUTH_STATUS_SESSION_ENDED);
    CHECK_ANSWER(run(client.start_check()).status(), AUTH_STATUS_SESSION_ENDED);
}

TEST("sign-out, global sign-out and retry: what is started is finished with what the blocking call answers")
{
    Client client = make();
    static const char *const expected[] = {
        "partial: was signed in, signed out; global not requested, revocation failed",
        "partial: was signed in, signed out; global done, revocation failed"};
    for (int is_global = 0; is_global < 2; is_global++) {
        sign_in(client);
        server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "no")));
        SignOutResult result = run(is_global ? client.start_sign_out_global() : client.start_sign_out());
        CHECK_TEXT(told(result.get()), expected[is_global]);
        result = run(client.start_retry(bounded(result.partial_failure_token())));
        CHECK_TEXT(told(result.get()),
                   "complete: was not signed in, signed out; global not requested, revocation done");
    }
}

TEST("resume: what is started is finished with what the blocking call answers")
{
    ClientOptions options = options_of_scene();
    options.keep_unfinished = true;
    Client client = make(options);
    for (int by_operation = 0; by_operation < 2; by_operation++) {
        sign_in(client);
        server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "no")));
        CHECK(client.sign_out().kept() == Answer::yes);
        const SignOutResult result = by_operation ? run(client.start_resume()) : client.resume();
        CHECK_TEXT(told(result.get()),
                   "complete: was not signed in, signed out; global not requested, revocation done");
    }
    CHECK(run(client.start_resume()).complete());
}

TEST("a watch tells the event function, in dispatch(), what another client does, and ends when it is cancelled")
{
    ClientOptions options = options_of_scene();
    std::vector<Event> events;
    options.event = [&events](Event event) { events.push_back(event); };
    Client client = make(options), other = make();
    Operation<void> watch = *client.start_watch();
    const auto tells = [&](Event expected) {
        events.clear();
        for (int turns = 0; events.empty() && turns < 15; turns++) {
            if (is_readable(watch.fd(), 200)) CHECK(!watch.dispatch());
        }
        return events == std::vector<Event>{expected};
    };
    /* Only what happens after its first look is a difference. */
    int attempts = 0;
    do sign_in(other);
    while (!tells(Event::session_changed_elsewhere) && ++attempts < 10);
    CHECK(attempts < 10);
    CHECK(other.sign_out().complete() && tells(Event::signed_out_elsewhere));
    CHECK(keyring_run("lock") && tells(Event::keyring_locked));
    watch.cancel();
    CHECK_ANSWER(watch.finish().status(), AUTH_STATUS_CANCELLED);
}

TEST("a fetch that renewed tokens and could not store them finishes with both a session and an error")
{
    Client client = make();
    const NewSession session = sign_in(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    Result<Operation<Session>> operation = client.start_fetch();
    CHECK(server_await(1) && keyring_run("lock"));
    server_release();
    const Result<Session> fetched = operation->finish();
    CHECK_ANSWER(fetched.status(), AUTH_STATUS_KEYRING_LOCKED);
    CHECK(!fetched->access_token().empty() && fetched->access_token() != session.access_token);
}

TEST("an operation is finished once; a second time, empty or moved from it is INVALID_ARGUMENT")
{
    Client client = make();
    Result<Operation<SignOutResult>> refused_start = client.start_retry({});
    CHECK(!refused_start && refused_start->get() == nullptr);
    sign_in(client);
    Operation<Session> load = *client.start_load(), empty, moved = std::move(load);
    CHECK(bool(moved.finish()));
    for (auto *operation : {&moved, &load, &empty}) {
        const Result<Session> refused = operation->finish();
        CHECK_ERROR(refused.error(), AUTH_STATUS_INVALID_ARGUMENT, "operation");
        CHECK(refused->get()->owned == nullptr);
        operation->cancel();
        CHECK(operation->dispatch());
    }
    CHECK(load.fd() == -1 && empty.fd() == -1 && load.get() == nullptr);
    Operation<SignOutResult> sign_out = *client.start_sign_out(), none;
    CHECK(sign_out.finish().complete());
    CHECK_ERROR(sign_out.finish().failure(), AUTH_STATUS_INVALID_ARGUMENT, "operation");
    CHECK_ERROR(none.finish().failure(), AUTH_STATUS_INVALID_ARGUMENT, "operation");
    Operation<void> save = *client.start_save(session_for(60)), nothing;
    CHECK(bool(save.finish()));
    CHECK_ERROR(save.finish().error(), AUTH_STATUS_INVALID_ARGUMENT, "operation");
    CHECK_ERROR(nothing.finish().error(), AUTH_STATUS_INVALID_ARGUMENT, "operation");
}

TEST("an operation is cancelled by itself and by its client")
{
    Client client = make();
    for (int by_client = 0; by_client < 2; by_client++) {
        Operation<SignOutResult> operation = held_sign_out(client);
        by_client ? client.cancel() : operation.cancel();
        CHECK_ANSWER(operation.finish().revoke_token_error().status(), AUTH_STATUS_CANCELLED);
    }
}
