/* SPDX-License-Identifier: Apache-2.0 */

/* Uses everything of auth.hpp. PART is a name: files that are compiled from this one must link with each other. */

#include <cognitoauth/auth.hpp>
#include <cognitoauth/auth.hpp>
#include <cognitoauth/auth.h>

using namespace cognitoauth;

static void see(std::string_view) {}
static void see(std::optional<UnixTime>) {}

static int look(Error error)
{
    see(error.message());
    see(error.recovery_suggestion());
    see(error.service_exception());
    see(error.token());
    return error ? error.status() : AUTH_STATUS_SUCCESS;
}

static int look(const Session &session)
{
    see(session.username());
    see(session.access_token());
    see(session.id_token());
    see(session.refresh_token());
    see(session.device_key());
    see(session.access_token_expires_at());
    see(session.id_token_expires_at());
    return session.sign_in_method() == SignInMethod::hosted_ui && session.get()->owned;
}

static int look(const SignOutResult &result)
{
    see(result.partial_failure_token());
    see(result.tokens_valid_until());
    look(result.failure());
    look(result.hosted_ui_error());
    look(result.global_sign_out_error());
    look(result.revoke_token_error());
    look(result.invalid_session_error());
    switch (result.outcome()) {
    case Outcome::complete:
        return result.complete();
    case Outcome::partial:
        return result.partial() && result.can_retry();
    case Outcome::failed:
        return result.failed();
    }
    const bool is_done = result.global_sign_out() == Remote::done && result.revoke_token() == Remote::done;
    return is_done && result.was_signed_in() == Answer::yes && result.signed_out_locally() == Answer::yes &&
           result.get()->owned && result.message() == "Signed out on all devices.";
}

template <class Value> static int look(Result<Value> result)
{
    if constexpr (!std::is_void_v<Value>) {
        const Result<Value> &constant = result;
        static_cast<void>(constant.operator->() == &*constant && result.operator->() == &*result);
        Value value = *std::move(result);
        if constexpr (std::is_same_v<Value, Session>) look(value);
        static_cast<void>(value.get());
    }
    const int status = result ? look(result.error()) : result.status();
    return std::move(result).take_error() ? status : 0;
}

template <class Value> static int run(Result<Operation<Value>> started)
{
    Operation<Value> operation = *std::move(started);
    while (operation.fd() >= 0 && !operation.dispatch()) operation.cancel();
    return look(operation.finish());
}

static int use(Client &client, const NewSession &session, const CallOptions &call)
{
    int sum = look(client.save(session)) + look(client.save(session, call));
    sum += look(client.load()) + look(client.load(call)) + look(client.fetch()) + look(client.fetch(call));
    sum += look(client.sign_out()) + look(client.sign_out(call));
    sum += look(client.sign_out_global()) + look(client.sign_out_global(call));
    sum += look(client.retry("token")) + look(client.retry("token", call));
    sum += run(client.start_save(session)) + run(client.start_save(session, call));
    sum += run(client.start_load()) + run(client.start_load(call));
    sum += run(client.start_fetch()) + run(client.start_fetch(call));
    sum += run(client.start_sign_out()) + run(client.start_sign_out(call));
    sum += run(client.start_sign_out_global()) + run(client.start_sign_out_global(call));
    sum += run(client.start_retry("token")) + run(client.start_retry("token", call));
    client.cancel();
    return sum;
}

int PART(int argument);
int PART(int argument)
{
    ClientOptions options;
    options.app_id = "org.example.Mail";
    options.timeout = std::chrono::seconds(argument);
    options.log = [argument](LogLevel level, std::string_view line) {
        static_cast<void>(level < LogLevel::debug && argument == 0);
        see(line);
    };
    see(name(AUTH_STATUS_BUSY));
    see(message(AUTH_STATUS_BUSY));
    options.event = [](Event event) { static_cast<void>(event == Event::signed_out); };
    options.log_level = LogLevel::info;
    options.hosted_ui_domain = "mail.example";
    options.sign_out_redirect_uris = {"http://localhost:3000/", std::string("http://localhost:3001/")};
    options.open_url = [argument](std::string_view url) { return argument == 0 && !url.empty(); };
    options.sign_in_redirect_uris.emplace_back("http://localhost:3000/");
    options.app_name = "Mail";
    Client client;
    client = *Client::make_from_file("amplify_outputs.json", options);
    client = *Client::make(options);
#if defined(__cpp_exceptions)
    try {
        or_throw(client.save({}));
        client = or_throw(Client::make(options));
    } catch (const Exception &exception) {
        see(exception.what());
        return look(exception.error());
    }
#endif
    return use(client, {}, {});
}
