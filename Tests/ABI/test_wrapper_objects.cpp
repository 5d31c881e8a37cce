/* SPDX-License-Identifier: Apache-2.0 */

/* The objects of the C++ wrapper: errors, and what is left where one was moved. */

#include <dlfcn.h>
#include <fcntl.h>
#include <initializer_list>
#include <string>
#include <unistd.h>

#include "wrapper.hpp"

template <class Type>
constexpr bool only_moves = std::is_nothrow_move_constructible_v<Type> && std::is_nothrow_move_assignable_v<Type> &&
                            !std::is_copy_constructible_v<Type> && !std::is_copy_assignable_v<Type>;
static_assert(only_moves<Client> && only_moves<Session> && only_moves<SignOutResult> && only_moves<Result<void>> &&
              only_moves<Result<Client>> && only_moves<Result<Session>> && only_moves<Operation<void>> &&
              only_moves<Operation<Session>> && only_moves<Operation<SignOutResult>>);
static_assert(std::is_nothrow_default_constructible_v<Client> && std::is_nothrow_default_constructible_v<Session> &&
              std::is_nothrow_default_constructible_v<SignOutResult> &&
              std::is_nothrow_default_constructible_v<Operation<void>>);
static_assert(std::is_nothrow_copy_constructible_v<Error> && std::is_nothrow_copy_assignable_v<Error>);
static_assert(std::is_aggregate_v<ClientOptions> && std::is_aggregate_v<CallOptions> &&
              std::is_aggregate_v<NewSession>);
static_assert(!std::is_convertible_v<Result<void>, bool> && !std::is_convertible_v<Error, bool>);
static_assert(noexcept(std::declval<SignOutResult>().failure().message()));
static_assert(std::is_same_v<decltype(*std::declval<const Result<Session> &>()), const Session &>);

/* Whether memory that a session or a result had still holds a secret; such memory is given back. */
static bool holds(const char *address, std::string_view secret)
{
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    std::string bytes(secret.size(), '\0');
    const auto count = pread(memory, bytes.data(), bytes.size(), reinterpret_cast<off_t>(address));
    close(memory);
    return count > 0 && bytes == secret;
}

static void check_empty(const Session &session)
{
    for (std::string_view view : {session.username(), session.access_token(), session.id_token(),
                                  session.refresh_token(), session.device_key()})
        CHECK(view.data() == nullptr);
    CHECK(!session.access_token_expires_at() && !session.id_token_expires_at());
    CHECK(session.get()->owned == nullptr);
    CHECK_INT(session.get()->struct_size, sizeof(auth_session));
}

static void check_empty(const SignOutResult &result)
{
    CHECK(result.failed() && !result.complete() && !result.partial());
    CHECK(result.signed_out_locally() == Answer::unknown && result.was_signed_in() != Answer::yes);
    CHECK(result.global_sign_out() != Remote::done && result.revoke_token() != Remote::done);
    CHECK(!result.can_retry() && !result.tokens_valid_until() && !result.revoke_token_error() && !result.failure());
    CHECK(result.get()->owned == nullptr);
    CHECK_INT(result.get()->struct_size, sizeof(auth_sign_out_result));
}

TEST("a status has a name and a sentence, and a number that is none has too")
{
    CHECK_VIEW(name(AUTH_STATUS_KEYRING_LOCKED), "AUTH_STATUS_KEYRING_LOCKED");
    CHECK_VIEW(message(AUTH_STATUS_KEYRING_LOCKED), "The keyring is locked.");
    CHECK_VIEW(name(-1), "AUTH_STATUS_UNKNOWN");
}

TEST("a session is empty where it was moved from, and wiped where it was assigned over or destroyed")
{
    Client client = make();
    const std::string token(sign_in(client).access_token);
    check_empty(Session());
    Session first = *client.load(), second = *client.load();
    const char *old = first.access_token().data();
    CHECK(holds(old, token));
    first = std::move(second);
    CHECK(!holds(old, token));
    check_empty(second);
    second = Session(std::move(first));
    check_empty(first);
    Session &same = second;
    second = std::move(same);
    CHECK(second.access_token() == token);
    old = second.access_token().data();
    second = Session();
    CHECK(!holds(old, token));
    old = Session(*client.load()).access_token().data();
    CHECK(!holds(old, token));
}

TEST("a result of a sign-out that is empty or was moved from never says complete")
{
    Client client = make();
    const SignOutResult partial = partial_result(client);
    SignOutResult first = client.sign_out(), second = client.sign_out_global();
    CHECK(first.complete() && second.complete() && second.signed_out_locally() == Answer::yes);
    check_empty(SignOutResult());
    first = std::move(second);
    check_empty(second);
    SignOutResult third(std::move(first));
    check_empty(first);
    SignOutResult &same = third;
    third = std::move(same);
    CHECK(third.complete() && third.signed_out_locally() == Answer::yes);
    CHECK(partial.can_retry());
}

static void check_refuses_all(Client &client)
{
    CHECK(client.get() == nullptr);
    const NewSession session = session_for(60);
    CHECK_ERROR(client.save(session).error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.load().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.fetch().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.check().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.sign_out().failure(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.sign_out_global().failure(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.retry("token").failure(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.resume().failure(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_save(session).error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_load().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_fetch().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_check().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_sign_out().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_sign_out_global().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_retry("token").error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_resume().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    CHECK_ERROR(client.start_watch().error(), AUTH_STATUS_INVALID_ARGUMENT, "client");
    client.cancel();
}

TEST("a client that is empty, that could not be made or was moved from does nothing but say INVALID_ARGUMENT")
{
    Client empty, first = make(), second(std::move(first));
    Result<Client> failed = Client::make({});
    CHECK_ERROR(failed.error(), AUTH_STATUS_INVALID_ARGUMENT, "app_id");
    check_refuses_all(empty);
    check_refuses_all(first);
    check_refuses_all(*failed);
    empty = std::move(second);
    check_refuses_all(second);
    Client &same = empty;
    empty = std::move(same);
    sign_in(empty);
    CHECK(empty.sign_out().complete());
}

/* Takes the place of the library's own, and counts. */
static int freed_errors;
void auth_error_free(auth_error *error)
{
    freed_errors += error != nullptr;
    reinterpret_cast<decltype(&auth_error_free)>(dlsym(RTLD_NEXT, "auth_error_free"))(error);
}

TEST("an error lives as long as its result, or as who took it; where nothing failed it is none")
{
    Client client = make();
    freed_errors = 0;
    Result<Session> result = client.load();
    CHECK_ERROR(result.error(), AUTH_STATUS_NOT_SIGNED_IN, ".");
    auto taken = std::move(result).take_error();
    CHECK_INT(freed_errors, 0);
    CHECK_ERROR(Error(taken.get()), AUTH_STATUS_NOT_SIGNED_IN, ".");
    taken = nullptr;
    CHECK_INT(freed_errors, 1);
    result = client.load();
    sign_in(client);
    result = client.load();
    CHECK_INT(freed_errors, 2);
    const Error none = result.error();
    CHECK(result && !none && std::move(result).take_error() == nullptr);
    CHECK_ANSWER(none.status(), AUTH_STATUS_SUCCESS);
    CHECK(none.message().empty() && none.recovery_suggestion().empty());
    CHECK(none.service_exception().data() == nullptr && none.token().data() == nullptr);
}

#if defined(__cpp_exceptions)

static_assert(std::is_nothrow_copy_constructible_v<Exception> && std::is_base_of_v<std::exception, Exception>);

TEST("or_throw() hands out the value, or throws an exception that can be copied and outlives the result")
{
    Client client = or_throw(Client::make(options_of_scene()));
    std::exception_ptr thrown;
    try {
        or_throw(client.load());
        CHECK(false);
    } catch (const Exception &exception) {
        const Exception copy = exception;
        CHECK_ANSWER(copy.error().status(), AUTH_STATUS_NOT_SIGNED_IN);
        CHECK_TEXT(copy.what(), c_text(exception.error().message()));
        thrown = std::make_exception_ptr(copy);
    }
    NewSession session;
    try {
        or_throw(client.save(session));
        CHECK(false);
    } catch (const std::exception &exception) {
        CHECK_HAS(exception.what(), "access_token");
    }
    session = session_for(3600);
    or_throw(client.save(session));
    CHECK(or_throw(client.load()).access_token() == session.access_token);
    try {
        std::rethrow_exception(thrown);
    } catch (const Exception &exception) {
        CHECK_TEXT(exception.what(), auth_status_message(AUTH_STATUS_NOT_SIGNED_IN));
    }
}

#endif
