/* SPDX-License-Identifier: Apache-2.0 */

/* Saving and loading a session, and what the keyring holds of it. */

#include <jansson.h>
#include <string.h>

#include "scene.h"

#define OTHER_SUB "bbbbbbbb-1111-4222-8333-444444444444"

static auth_session session_of(const char *username, const char *sub)
{
    auth_session session = scene_session();
    session.username = username;
    session.access_token = sub ? jwt(text("{'sub':'%s','exp':4102444800}", sub)) : jwt("{'exp':4102444800}");
    session.id_token = NULL;
    return session;
}

TEST("a session comes back as it was saved, with the times when its tokens expire")
{
    auth_client *client = scene_client();
    auth_session saved = scene_session();
    saved.device_key = SCENE_DEVICE_KEY;
    saved.id_token = id_token(1800);
    saved.sign_in_method = AUTH_SIGN_IN_METHOD_HOSTED_UI;
    save(client, &saved);
    const auth_session *loaded = load(client);
    CHECK_TEXT(loaded->username, saved.username);
    CHECK_TEXT(loaded->access_token, saved.access_token);
    CHECK_TEXT(loaded->id_token, saved.id_token);
    CHECK_TEXT(loaded->refresh_token, saved.refresh_token);
    CHECK_TEXT(loaded->device_key, SCENE_DEVICE_KEY);
    CHECK_INT(loaded->access_token_expires_at, token_expiry(saved.access_token));
    CHECK_INT(loaded->id_token_expires_at, token_expiry(saved.id_token));
    CHECK_INT(loaded->sign_in_method, AUTH_SIGN_IN_METHOD_HOSTED_UI);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a session of an access token alone comes back so, and a token that does not tell expires at 0")
{
    auth_client *client = scene_client();
    auth_session saved = AUTH_SESSION_INIT;
    saved.username = "ada";
    saved.access_token = "opaque";
    save(client, &saved);
    const auth_session *loaded = load(client);
    CHECK_TEXT(loaded->access_token, "opaque");
    CHECK(loaded->id_token == NULL && loaded->refresh_token == NULL && loaded->device_key == NULL);
    CHECK_INT(loaded->access_token_expires_at, 0);
    CHECK_INT(loaded->id_token_expires_at, 0);
    CHECK_INT(loaded->sign_in_method, AUTH_SIGN_IN_METHOD_API);
}

TEST("a session is one item with five attributes and the schema's name, none of which names the user")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_INT(keyring_count_all(), 1);
    CHECK_TEXT(keyring_label("session"), SCENE_APP_ID ": Amazon Cognito session");
    CHECK_INT(keyring_attribute_count("session"), 6);
    CHECK_TEXT(keyring_attribute("session", "xdg:schema"), "org.cognitoauth.Session");
    CHECK_TEXT(keyring_attribute("session", "app-id"), SCENE_APP_ID);
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), SCENE_POOL_ID);
    CHECK_TEXT(keyring_attribute("session", "client-id"), SCENE_CLIENT_ID);
    CHECK_TEXT(keyring_attribute("session", "kind"), "session");
    const char *identity = keyring_attribute("session", "session");
    REQUIRE(identity != NULL);
    CHECK_INT(strspn(identity, "0123456789abcdef"), 32);
    CHECK_INT(strlen(identity), 32);
}

TEST("each save gives the session another identity, and a refresh keeps it")
{
    auth_client *client = scene_client();
    sign_in(client);
    const char *first = keyring_attribute("session", "session");
    sign_in_for(client, EXPIRED);
    const char *second = keyring_attribute("session", "session"), *secret = keyring_secret("session");
    REQUIRE(first != NULL && second != NULL && secret != NULL);
    CHECK(strcmp(first, second) != 0);
    auth_session fetched = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&fetched);
    CHECK(strcmp(keyring_secret("session"), secret) != 0);
    CHECK_TEXT(keyring_attribute("session", "session"), second);
}

TEST("the secret is one JSON object with a version, and holds no client secret and no endpoint")
{
    auth_client_options options = scene_options();
    options.client_secret = "clientsecretclientsecretclientsecret";
    auth_session session = sign_in(scene_client_with(&options));
    const char *secret = keyring_secret("session");
    REQUIRE(secret != NULL);
    json_t *object = json_loads(secret, JSON_REJECT_DUPLICATES, NULL);
    CHECK(json_is_object(object) && json_is_integer(json_object_get(object, "version")));
    json_decref(object);
    CHECK_HAS(secret, session.refresh_token);
    CHECK_LACKS(secret, options.client_secret);
    CHECK_LACKS(secret, "127.0.0.1");
}

TEST("where nobody is signed in, loading and fetching say so and leave the struct empty")
{
    auth_client *client = scene_client();
    auth_session session = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_load(client, NULL, &session, &error), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_STATUS(error, AUTH_STATUS_NOT_SIGNED_IN);
    auth_error_free(error);
    CHECK(session.owned == NULL && session.username == NULL);
    CHECK_ANSWER(auth_session_fetch(client, NULL, &session, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK(session.owned == NULL && session.username == NULL);
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 31: the same user's session is replaced whole")
{
    auth_client *client = scene_client();
    sign_in(client);
    auth_session second = session_of(TOKEN_USERNAME, TOKEN_SUB);
    second.refresh_token = NULL;
    save(client, &second);
    CHECK_INT(keyring_count("session"), 1);
    const auth_session *loaded = load(client);
    CHECK_TEXT(loaded->access_token, second.access_token);
    CHECK(loaded->id_token == NULL && loaded->refresh_token == NULL);
}

TEST("row 31: while another user is signed in, nothing is stored")
{
    auth_client *client = scene_client();
    auth_session first = scene_session(), second = session_of("grace.hopper", OTHER_SUB);
    first.device_key = SCENE_DEVICE_KEY;
    second.device_key = "eu-west-1_other";
    save(client, &first);
    const char *secret = keyring_secret("session");
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_save(client, &second, NULL, &error), AUTH_STATUS_ALREADY_SIGNED_IN);
    CHECK_STATUS(error, AUTH_STATUS_ALREADY_SIGNED_IN);
    CHECK_LACKS(auth_error_message(error), "grace");
    CHECK_LACKS(auth_error_message(error), TOKEN_USERNAME);
    auth_error_free(error);
    CHECK_TEXT(keyring_secret("session"), secret);
    CHECK_INT(keyring_count("device"), 1);

    sign_out(client);
    save(client, &second);
    CHECK_TEXT(load(client)->username, "grace.hopper");
}

TEST("the same user is one with the same sub, whatever the name, and without a sub the one with the same name")
{
    static const struct {
        const char *username, *sub;
        auth_status status;
    } seconds[] = {
        {"ada", TOKEN_SUB, AUTH_STATUS_SUCCESS},           {"ada.renamed", TOKEN_SUB, AUTH_STATUS_SUCCESS},
        {"ada", OTHER_SUB, AUTH_STATUS_ALREADY_SIGNED_IN}, {"ada", NULL, AUTH_STATUS_SUCCESS},
        {"grace", NULL, AUTH_STATUS_ALREADY_SIGNED_IN},
    };
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        during(text("%s, %s", seconds[i].username, seconds[i].sub ? seconds[i].sub : "no sub"));
        keyring_empty();
        auth_session first = session_of("ada", TOKEN_SUB), second = session_of(seconds[i].username, seconds[i].sub);
        save(client, &first);
        CHECK_INT(auth_session_save(client, &second, NULL, NULL), seconds[i].status);
        CHECK_INT(keyring_count("session"), 1);
    }
}

TEST("a damaged session that does not tell its user is replaced")
{
    auth_client *client = scene_client();
    keyring_add("session", "damaged");
    auth_session session = sign_in(client);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_TEXT(load(client)->access_token, session.access_token);
}

TEST("a device key is an item of its own, survives sign-out, and comes back to the same user")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.device_key = SCENE_DEVICE_KEY;
    save(client, &session);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count("device"), 1);
    CHECK_INT(keyring_attribute_count("device"), 5);
    CHECK_TEXT(keyring_attribute("device", "kind"), "device");
    CHECK_HAS(keyring_secret("device"), SCENE_DEVICE_KEY);
    CHECK_LACKS(keyring_secret("session"), SCENE_DEVICE_KEY);

    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count("device"), 1);

    sign_in(client);
    CHECK_TEXT(load(client)->device_key, SCENE_DEVICE_KEY);
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("device"), 1);
}

TEST("a device key is not handed to another user")
{
    auth_client *client = scene_client();
    auth_session ada = session_of("ada", TOKEN_SUB), grace = session_of("grace", OTHER_SUB);
    ada.device_key = SCENE_DEVICE_KEY;
    save(client, &ada);
    sign_out(client);
    save(client, &grace);
    CHECK_TEXT(load(client)->device_key, NULL);
}

TEST("a new device key takes the place of the old one")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.device_key = "eu-west-1_old";
    save(client, &session);
    session.device_key = SCENE_DEVICE_KEY;
    save(client, &session);
    CHECK_INT(keyring_count("device"), 1);
    CHECK_TEXT(load(client)->device_key, SCENE_DEVICE_KEY);
}

TEST("a user name of 128 characters comes back whole, however many bytes they take")
{
    auth_client *client = scene_client();
    char name[128 * 4 + 1] = "";
    for (int i = 0; i < 128; i++) strcat(name, i % 2 ? "\xe7\x94\xa8" : "\xf0\x9f\xa6\x8a");
    auth_session session = scene_session();
    session.username = name;
    save(client, &session);
    CHECK_TEXT(load(client)->username, name);
}

TEST("a session that is saved without a user name has the one in its tokens")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.username = NULL;
    save(client, &session);
    CHECK_TEXT(load(client)->username, TOKEN_USERNAME);
    session.access_token = "opaque";
    session.id_token = jwt("{'sub':'" TOKEN_SUB "','cognito:username':'\xe7\x94\xa8'}");
    save(client, &session);
    CHECK_TEXT(load(client)->username, "\xe7\x94\xa8");
}

TEST("tokens of this pool and client are stored, with both of Cognito's issuers")
{
    static const char *const hosts[] = {"cognito-idp", "issuer-cognito-idp"};
    auth_client *client = scene_client();
    for (int i = 0; i < 2; i++) {
        auth_session session = scene_session();
        const char *issuer = text("'iss':'https://%s.eu-west-1.amazonaws.com/" SCENE_POOL_ID "'", hosts[i]);
        session.access_token = jwt(text("{'token_use':'access','client_id':'" SCENE_CLIENT_ID "',%s}", issuer));
        session.id_token = jwt(text("{'token_use':'id','aud':'" SCENE_CLIENT_ID "',%s}", issuer));
        save(client, &session);
        CHECK_TEXT(load(client)->access_token, session.access_token);
    }
}

TEST("a claim that cannot be read hides no other: when the tokens expire is told")
{
    static const char *const claims[] = {"'custom:id':18446744073709551616",
                                         "'custom:id':1e400",
                                         "'custom:id':'\\ud800'",
                                         "'custom:id':'\\u0000'",
                                         "'x':null",
                                         "'x':1,'x':{'x':2,'x':3}"};
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        during(claims[i]);
        auth_session session = scene_session();
        session.access_token = jwt(text("{'sub':'" TOKEN_SUB "',%s,'exp':1900000000}", claims[i]));
        save(client, &session);
        CHECK_INT(load(client)->access_token_expires_at, 1900000000);
        CHECK_INT(sign_out(client)->tokens_valid_until, 1900000000);
    }
}

TEST("tokens of 65536 bytes and a user name of 256 come back whole")
{
    auth_client *client = scene_client();
    auth_session session = AUTH_SESSION_INIT;
    session.username = text("\xc3\xa9%0254d", 0);
    session.access_token = long_token(65536);
    session.refresh_token = long_token(65536);
    save(client, &session);
    const auth_session *loaded = load(client);
    CHECK_TEXT(loaded->username, session.username);
    CHECK_TEXT(loaded->access_token, session.access_token);
    CHECK_TEXT(loaded->refresh_token, session.refresh_token);
}

TEST("a user name with quotes, backslashes and letters of all kinds comes back as it was")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.username = "\"\\/<\xe2\x82\xac \xf0\x9f\x94\x91 \xd8\xb9'";
    save(client, &session);
    CHECK_TEXT(load(client)->username, session.username);
}

TEST("a session that came out may go in again")
{
    auth_client *client = scene_client();
    auth_session saved = sign_in(client), loaded = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_load(client, NULL, &loaded, NULL), AUTH_STATUS_SUCCESS);
    keyring_empty();
    save(client, &loaded);
    auth_session_clear(&loaded);
    CHECK_TEXT(load(client)->refresh_token, saved.refresh_token);
}

TEST("another client of the same app, pool and app client sees the session")
{
    auth_session session = sign_in(scene_client());
    CHECK_TEXT(load(scene_client())->access_token, session.access_token);
}
