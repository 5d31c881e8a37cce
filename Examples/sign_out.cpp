/* SPDX-License-Identifier: Apache-2.0
 *
 * sign_out: signs the user out on this machine, in C++17.
 *
 * Shows cognitoauth::Client, and SignOutResult::message(), which is what the
 * user is told. Why a step failed goes to standard error.
 *
 *   c++ -std=c++17 sign_out.cpp -o sign_out $(pkg-config --cflags --libs cognitoauth)
 *   sign_out APP_ID USER_POOL_ID CLIENT_ID
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 complete, 1 partial, 2 failed.
 */
#include <cstdlib>
#include <iostream>

#include <cognitoauth/auth.hpp>

/* For those who look after the program; the user has the message. */
static void explain(cognitoauth::Error error)
{
    if (error) std::cerr << "  " << error.message() << "\n  " << error.recovery_suggestion() << '\n';
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::cerr << "usage: " << argv[0] << " APP_ID USER_POOL_ID CLIENT_ID\n";
        return AUTH_SIGN_OUT_FAILED;
    }
    cognitoauth::ClientOptions options;
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    if (const char *endpoint = std::getenv("COGNITO_ENDPOINT")) options.endpoint = endpoint;

    auto client = cognitoauth::Client::make(options);
    if (!client) {
        std::cerr << client.error().message() << '\n';
        return AUTH_SIGN_OUT_FAILED;
    }

    const auto result = client->sign_out();
    std::cout << result.message() << std::endl;
    explain(result.failure());
    explain(result.revoke_token_error());
    explain(result.invalid_session_error());
    /* Revoking ends the refresh token. What was made from it before lives on a while. */
    if (const auto until = result.tokens_valid_until()) {
        const auto left = *until - std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        if (left.count() > 0)
            std::cout << "Services that do not ask Cognito accept the old tokens for another "
                      << std::chrono::ceil<std::chrono::minutes>(left).count() << " min.\n";
    }
    return static_cast<int>(result.outcome());
}
