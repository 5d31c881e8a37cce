/* SPDX-License-Identifier: Apache-2.0 */

/* Clients that are made from an Amplify project's configuration file: real files, and all that may stand at a path in
 * place of one. What each key of a file does is in the core's tests. */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "first_sizes.h"
#include "refuser.h"
#include "scene.h"

/* What Tests/Support/amplify/amplifyconfiguration.json holds. */
#define GEN_1_POOL_ID "us-west-2_ConfigGen1"
#define GEN_1_CLIENT_ID "1configuration1client1exmp"
#define GEN_1_SECRET "1configuration1secret1example1of1the1first1generatn"
#define GEN_1_ENDPOINT "cognito.mail.example"
#define GEN_1 "auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default"

#define GEN_2_LEAST "{'auth':{'user_pool_id':'eu-west-1_Least','user_pool_client_id':'least'}}"

enum { LARGEST = 1 << 20 };

/* This program's open(), fstat(), read() and getauxval() come before those of the C library, for all libraries in the
 * process. They do the same, but for the one file of `watched`, and for a process that is to look privileged. */
static struct {
    const char *path;
    int opened, flags, open_error, status_error;
    int descriptor, reads;
    int (*at_read)(int number); /* Called before each read; its error, if it is not 0, is what the read answers. */
    bool is_privileged;
} watched;

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (__OPEN_NEEDS_MODE(flags)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if (!watched.path || strcmp(path, watched.path) != 0) return openat(AT_FDCWD, path, flags, mode);
    watched.opened++;
    watched.flags = flags;
    if (watched.open_error) {
        errno = watched.open_error;
        return -1;
    }
    return watched.descriptor = openat(AT_FDCWD, path, flags, mode);
}

int fstat(int descriptor, struct stat *status)
{
    if (watched.status_error && descriptor == watched.descriptor) {
        errno = watched.status_error;
        return -1;
    }
    return fstatat(descriptor, "", status, AT_EMPTY_PATH);
}

ssize_t read(int descriptor, void *buffer, size_t size)
{
    if (watched.path && descriptor == watched.descriptor) {
        watched.reads++;
        int error = watched.at_read ? watched.at_read(watched.reads) : 0;
        if (error) {
            errno = error;
            return -1;
        }
    }
    return syscall(SYS_read, descriptor, buffer, size);
}

unsigned long getauxval(unsigned long type)
{
    static __typeof__(getauxval) *original;
    if (watched.is_privileged && type == AT_SECURE) return 1;
    if (!original) *(void **)&original = dlsym(RTLD_NEXT, "getauxval");
    return original(type);
}

static void watch(const char *path)
{
    memset(&watched, 0, sizeof watched);
    watched.path = path;
    watched.descriptor = -1;
}

/* A folder of the case's own. */
static char folder[64];

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static void remove_folder(void *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

BEFORE_EACH
{
    watch(NULL);
    strcpy(folder, "/tmp/cognitoauth-files.XXXXXX");
    if (!mkdtemp(folder)) abort();
    defer(remove_folder, folder);
}

static const char *in_folder(const char *name) { return text("%s/%s", folder, name); }

/* Writes a file and returns its path. */
static const char *put_bytes(const char *name, const char *bytes, size_t size)
{
    const char *path = in_folder(name);
    FILE *file = fopen(path, "w");
    CHECK(file && fwrite(bytes, 1, size, file) == size);
    if (file) fclose(file);
    return path;
}

static const char *put(const char *name, const char *content) { return put_bytes(name, content, strlen(content)); }

/* JSON with ' for ". */
static const char *put_json(const char *json) { return put("file.json", json_text(json)); }

/* JSON with spaces behind it, `size` bytes in all. */
static const char *put_padded(const char *json, size_t size)
{
    char *bytes = text("%*s", (int)size, "");
    memcpy(bytes, json_text(json), strlen(json));
    return put_bytes("padded.json", bytes, size);
}

static const char *sample_path(const char *name)
{
    return text("%s/amplify/%s", getenv("COGNITOAUTH_TEST_SUPPORT"), name);
}

/* A sample with something in it replaced. */
static const char *put_sample(const char *name, const char *old, const char *new)
{
    char content[16384];
    FILE *file = fopen(sample_path(name), "r");
    size_t size = file ? fread(content, 1, sizeof content - 1, file) : 0;
    content[size] = '\0';
    if (file) fclose(file);
    char *found = strstr(content, old);
    if (!CHECK(found != NULL)) return "";
    *found = '\0';
    return put(name, text("%s%s%s", content, new, found + strlen(old)));
}

/* amplifyconfiguration.json with the selected server as its endpoint. */
static const char *put_gen_1(void) { return put_sample("amplifyconfiguration.json", GEN_1_ENDPOINT, server_url()); }

static auth_client_options only_app_id(void)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = SCENE_APP_ID;
    return options;
}

/* A connection of keyring.h's to the bus may still be closing: the count may fall. */
static int descriptor_count(void)
{
    int count = 0;
    for (int descriptor = 0; descriptor < 1024; descriptor++) count += fcntl(descriptor, F_GETFD) >= 0;
    return count;
}

static void free_client(void *client) { auth_client_free(client); }

static auth_client *client_with(const char *path, const auth_client_options *options)
{
    auth_client *client = NULL;
    auth_error *error = (auth_error *)&client;
    CHECK_ANSWER(auth_client_new_from_file(path, options, &client, &error), AUTH_STATUS_SUCCESS);
    CHECK(client != NULL);
    CHECK(error == NULL);
    CHECK_TEXT(auth_error_message(error), "");
    auth_error_free(error);
    defer(free_client, client);
    return client;
}

static auth_client *client_from(const char *path)
{
    auth_client_options options = only_app_id();
    return client_with(path, &options);
}

/* No client is made, with this message and nothing left behind, whether or not the error is asked for. */
static void refuse_with(const char *path, const auth_client_options *options, auth_status status, const char *message)
{
    auth_client *client = (auth_client *)folder;
    auth_error *error = NULL;
    int descriptors = descriptor_count();
    CHECK_TEXT(auth_status_name(auth_client_new_from_file(path, options, &client, &error)), auth_status_name(status));
    CHECK(client == NULL);
    CHECK_TEXT(auth_status_name(auth_error_status(error)), auth_status_name(status));
    CHECK_TEXT(auth_error_message(error), message);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    CHECK(auth_error_service_exception(error) == NULL && auth_error_token(error) == NULL);
    auth_error_free(error);
    client = (auth_client *)folder;
    CHECK_INT(auth_client_new_from_file(path, options, &client, NULL), status);
    CHECK(client == NULL);
    CHECK(descriptor_count() <= descriptors);
}

static void refuse(const char *path, auth_status status, const char *message)
{
    auth_client_options options = only_app_id();
    refuse_with(path, &options, status, message);
}

static void refuse_unreadable(const char *path, const char *message)
{
    during(path);
    double start = seconds();
    refuse(path, AUTH_STATUS_CONFIGURATION_UNREADABLE, message);
    CHECK(seconds() - start < 2);
    during(NULL);
}

static const char nothing_there[] = "There is no configuration file at this path.";
static const char is_folder[] = "The path of the configuration file leads to a folder.";
static const char is_special[] = "The path of the configuration file leads to a pipe, a socket or a device.";
static const char is_forbidden[] = "This user may not read the configuration file.";
static const char is_too_large[] = "The configuration file is larger than 1 MiB.";

TEST("a client of amplifyconfiguration.json works with what is in it: pool, client id, client secret and endpoint")
{
    const char *path = put_gen_1();
    auth_client *client = client_from(path);
    unlink(path); /* It is read once. */
    sign_in_for(client, 5);
    CHECK_TEXT(keyring_attribute("session", "app-id"), SCENE_APP_ID);
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), GEN_1_POOL_ID);
    CHECK_TEXT(keyring_attribute("session", "client-id"), GEN_1_CLIENT_ID);
    CHECK_INT(server_connection_count(), 0);

    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    for (int i = 0; i < 3; i += 2) {
        during(server_header(i, "x-amz-target"));
        CHECK_TEXT(server_body(i, "ClientId"), GEN_1_CLIENT_ID);
        CHECK_TEXT(server_body(i, "ClientSecret"), GEN_1_SECRET);
        CHECK_INT(server_body_size(i), 3);
    }
}

TEST("a client of amplify_outputs.json works with what is in it, and has no client secret")
{
    static const char *const samples[][3] = {
        {"amplify_outputs-1.json", "eu-central-1_Outputs1x", "4outputs1client1example1aa"},
        {"amplify_outputs-1.4.json", "us-east-2_Outputs14", "5outputs14client1example1b"},
        {"amplify_outputs-1.4-no-oauth.json", "cn-north-1_NoOauth14", "6outputs14without1oauth1cc"}};
    for (int i = 0; i < 3; i++) {
        during(samples[i][0]);
        server_reset();
        keyring_empty();
        auth_client_options options = only_app_id();
        options.endpoint = server_url();
        auth_client *client = client_with(sample_path(samples[i][0]), &options);
        auth_session session = sign_in(client);
        CHECK_TEXT(keyring_attribute("session", "user-pool-id"), samples[i][1]);
        CHECK_TEXT(keyring_attribute("session", "client-id"), samples[i][2]);
        CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_TEXT(server_operations(), "RevokeToken");
        CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
        CHECK_TEXT(server_body(0, "ClientId"), samples[i][2]);
        CHECK_INT(server_body_size(0), 2);
    }
}

/* The host that a client of a file asks a proxy for. */
static const char *host(const char *path, const char *pool_id)
{
    refuser *refuser = start_refuser();
    auth_client_options options = only_app_id();
    options.user_pool_id = pool_id;
    options.proxy = refuser_url(refuser);
    options.max_attempts = 1;
    auth_client *client = client_with(path, &options);
    keyring_empty();
    sign_in(client);
    CHECK_STATUS(sign_out(client)->revoke_token_error, AUTH_STATUS_PROXY_FAILED);
    char *asked = text("%s", finish_refuser(refuser)), *start = asked + sizeof "CONNECT " - 1;
    start[strcspn(start, " ")] = '\0';
    return start;
}

TEST("requests go over https to the endpoint of the file, else to Cognito in the file's region, or in its pool's")
{
    CHECK_TEXT(host(sample_path("amplifyconfiguration.json"), NULL), GEN_1_ENDPOINT ":443");
    CHECK_TEXT(host(sample_path("amplifyconfiguration-minimal.json"), NULL),
               "cognito-idp.ap-southeast-2.amazonaws.com:443");
    CHECK_TEXT(host(sample_path("amplify_outputs-1.json"), NULL), "cognito-idp.eu-central-1.amazonaws.com:443");
    CHECK_TEXT(host(sample_path("amplify_outputs-1.4-no-oauth.json"), NULL),
               "cognito-idp.cn-north-1.amazonaws.com.cn:443");
    const char *path =
        put_sample("amplify_outputs-1.4.json", "\"aws_region\": \"us-east-2\"", "\"aws_region\": \"eu-west-3\"");
    CHECK_TEXT(host(path, NULL), "cognito-idp.eu-west-3.amazonaws.com:443");
    CHECK_TEXT(host(path, "us-east-2_Outputs14"), "cognito-idp.eu-west-3.amazonaws.com:443");
    CHECK_TEXT(host(path, "us-east-2_Another"), "cognito-idp.us-east-2.amazonaws.com:443");
    CHECK_TEXT(host(put_json(GEN_2_LEAST), NULL), "cognito-idp.eu-west-1.amazonaws.com:443");
}

TEST("what options set wins over the file, and with another client id the file's client secret is left out")
{
    auth_client_options options = only_app_id();
    options.user_pool_id = SCENE_POOL_ID;
    options.client_id = SCENE_CLIENT_ID;
    options.endpoint = server_url();
    auth_client *client = client_with(sample_path("amplifyconfiguration.json"), &options);
    sign_in(client);
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), SCENE_POOL_ID);
    sign_out(client);
    CHECK_TEXT(server_body(0, "ClientId"), SCENE_CLIENT_ID);
    CHECK_INT(server_body_size(0), 2);

    server_reset();
    options.client_id = GEN_1_CLIENT_ID;
    client = client_with(sample_path("amplifyconfiguration.json"), &options);
    sign_in(client);
    sign_out(client);
    CHECK_TEXT(server_body(0, "ClientSecret"), GEN_1_SECRET);

    server_reset();
    options.client_id = NULL;
    options.client_secret = "2options1secret1options1secret";
    client = client_with(sample_path("amplifyconfiguration.json"), &options);
    sign_in(client);
    sign_out(client);
    CHECK_TEXT(server_body(0, "ClientId"), GEN_1_CLIENT_ID);
    CHECK_TEXT(server_body(0, "ClientSecret"), options.client_secret);
}

static int log_lines;
static void check_line(void *user_data, auth_log_level level, const char *message)
{
    (void)level;
    CHECK(user_data == &log_lines);
    CHECK_LACKS(message, GEN_1_CLIENT_ID);
    CHECK_LACKS(message, GEN_1_SECRET);
    log_lines++;
}

static int events;
static void count_event(void *user_data, auth_event event)
{
    CHECK(user_data == &events);
    CHECK(event == AUTH_EVENT_SESSION_SAVED || event == AUTH_EVENT_SIGNED_OUT);
    events++;
}

TEST("a client of a file calls the functions that its options name, and logs neither client id nor client secret")
{
    auth_client_options options = only_app_id();
    options.log_function = check_line;
    options.log_user_data = &log_lines;
    options.log_level = AUTH_LOG_LEVEL_DEBUG;
    options.event_function = count_event;
    options.event_user_data = &events;
    auth_client *client = client_with(put_gen_1(), &options);
    sign_in(client);
    sign_out(client);
    CHECK(log_lines > 0);
    CHECK_INT(events, 2);
}

TEST("NULL for the path, the options or the client is refused, NULL for the error is not")
{
    const char *path = put_json(GEN_2_LEAST);
    auth_client_options options = only_app_id();
    refuse_with(NULL, &options, AUTH_STATUS_INVALID_ARGUMENT, "path is NULL.");
    refuse_with(path, NULL, AUTH_STATUS_INVALID_ARGUMENT, "options is NULL.");
    refuse_with(NULL, NULL, AUTH_STATUS_INVALID_ARGUMENT, "path is NULL.");

    auth_error *error = NULL;
    CHECK_ANSWER(auth_client_new_from_file(path, &options, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_STATUS(error, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(auth_error_message(error), "client is NULL.");
    auth_error_free(error);
    CHECK_ANSWER(auth_client_new_from_file(NULL, NULL, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);

    auth_client *client = NULL;
    CHECK_ANSWER(auth_client_new_from_file(path, &options, &client, NULL), AUTH_STATUS_SUCCESS);
    CHECK(client != NULL);
    auth_client_free(client);
}

TEST("options that do not fit are refused as without a file, and an app id is required")
{
    const char *path = put_json(GEN_2_LEAST);
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT, "app_id is required and is NULL.");
    options = only_app_id();
    options.client_id = "no client";
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                "client_id must be 1 to 128 of the characters A-Z a-z 0-9 _ +.");
    options = only_app_id();
    options.region = "\xff";
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT, "region must be UTF-8.");
    options = only_app_id();
    options.timeout_ms = 1;
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                "timeout_ms must be 100 to 3600000, or 0 for the default.");
    options = only_app_id();
    options.hosted_ui_domain = "auth.example";
    refuse_with(path, &options, AUTH_STATUS_NOT_SUPPORTED,
                "hosted_ui_domain is not supported by this version of the library.");
    options = only_app_id();
    options.use_fips = 1;
    refuse_with(sample_path("amplifyconfiguration.json"), &options, AUTH_STATUS_INVALID_ARGUMENT,
                "use_fips cannot be set together with endpoint.");
    client_with(sample_path("amplifyconfiguration-minimal.json"), &options);
}

enum { TAIL = 64 };
static union {
    auth_client_options known;
    unsigned char bytes[4096 + 1];
} sized;

TEST("options keep the rules of struct_size, and with those that do not the file is not opened")
{
    const char *path = put_json(GEN_2_LEAST);
    static const size_t bad[] = {0,       1, sizeof(size_t), CLIENT_OPTIONS_FIRST_SIZE - 1, 4097, (size_t)1 << 40,
                                 SIZE_MAX};
    watch(path);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        during(text("struct_size = %zu", bad[i]));
        auth_client_options options = only_app_id();
        options.struct_size = bad[i];
        refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                    bad[i] > 4096 ? "options has a struct_size that is too large."
                    : bad[i] > 0  ? "options has a struct_size that is too small."
                                  : "options has struct_size 0: start it from AUTH_CLIENT_OPTIONS_INIT.");
    }
    static const size_t sizes[] = {sizeof(auth_client_options) + TAIL, 4096};
    for (int i = 0; i < 2; i++) {
        during(text("struct_size = %zu", sizes[i]));
        memset(&sized, 0, sizeof sized);
        sized.known = only_app_id();
        sized.known.struct_size = sizes[i];
        sized.bytes[sizes[i]] = 1; /* Beyond the struct: not looked at. */
        client_with(path, &sized.known);
        CHECK_INT(watched.opened, 1);
        sized.bytes[sizes[i] - 1] = 1;
        refuse_with(path, &sized.known, AUTH_STATUS_INVALID_ARGUMENT,
                    "options has fields set that this version of the library does not know.");
        CHECK_INT(watched.opened, 1);
        watch(path);
    }
}

TEST("where there is no file, the path says so: a name that is missing, no name, a link that leads nowhere")
{
    CHECK_INT(symlink("nowhere", in_folder("dangling")), 0);
    refuse_unreadable("", nothing_there);
    refuse_unreadable(in_folder("missing.json"), nothing_there);
    refuse_unreadable(in_folder("missing/file.json"), nothing_there);
    refuse_unreadable(in_folder("dangling"), nothing_there);
    refuse_unreadable(text("%s/file.json", put_json(GEN_2_LEAST)), nothing_there);
    refuse_unreadable(text("%s/", put_json(GEN_2_LEAST)), nothing_there);
}

TEST("a path that leads in a circle, or is longer than paths can be, is refused")
{
    CHECK_INT(symlink("circle", in_folder("circle")), 0);
    refuse_unreadable(in_folder("circle"), text("The configuration file cannot be read: error %d.", ELOOP));
    refuse_unreadable(in_folder(text("%0300d", 0)),
                      text("The configuration file cannot be read: error %d.", ENAMETOOLONG));
    refuse_unreadable(text("%05000d", 0), text("The configuration file cannot be read: error %d.", ENAMETOOLONG));
}

TEST("a folder is refused")
{
    CHECK_INT(symlink(".", in_folder("link")), 0);
    refuse_unreadable("/", is_folder);
    refuse_unreadable(".", is_folder);
    refuse_unreadable(folder, is_folder);
    refuse_unreadable(in_folder("link"), is_folder);
}

TEST("a pipe is refused at once and not opened, whether or not somebody writes to it")
{
    const char *path = in_folder("pipe");
    CHECK_INT(mkfifo(path, 0600), 0);
    watch(path);
    refuse_unreadable(path, is_special);
    CHECK_INT(watched.opened, 0);

    int end = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    const char *json = json_text(GEN_2_LEAST);
    CHECK_INT(write(end, json, strlen(json)), strlen(json));
    refuse_unreadable(path, is_special);
    char left[256];
    CHECK_INT(read(end, left, sizeof left), strlen(json));
    close(end);

    int ends[2];
    CHECK_INT(pipe2(ends, O_CLOEXEC), 0);
    refuse_unreadable(text("/proc/self/fd/%d", ends[0]), is_special);
    close(ends[0]);
    close(ends[1]);
}

TEST("a socket is refused")
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    refuse_unreadable(address.sun_path, is_special);
    close(listener);
}

TEST("a device is refused and not opened")
{
    static const char *const devices[] = {"/dev/zero", "/dev/null", "/dev/urandom"};
    for (int i = 0; i < 3; i++) {
        watch(devices[i]);
        refuse_unreadable(devices[i], is_special);
        CHECK_INT(watched.opened, 0);
        CHECK_INT(watched.reads, 0);
    }
    CHECK_INT(symlink("/dev/zero", in_folder("zero")), 0);
    refuse_unreadable(in_folder("zero"), is_special);
}

static const char *given_path(void) { return getenv("COGNITOAUTH_TEST_FILE"); }

/* As a user who is not root, who may read everything. */
ROLE("read as somebody else")
{
    if (geteuid() == 0) CHECK_INT(seteuid(65534), 0);
    refuse(given_path(), AUTH_STATUS_CONFIGURATION_UNREADABLE, is_forbidden);
    return 0;
}

TEST("a file that this user may not read, or whose folder is closed, is refused")
{
    const char *path = put_json(GEN_2_LEAST);
    CHECK_INT(chmod(folder, 0755), 0);
    CHECK_INT(chmod(path, 0200), 0);
    setenv("COGNITOAUTH_TEST_FILE", path, 1);
    CHECK_INT(run_role("read as somebody else"), 0);
    CHECK_INT(chmod(path, 0644), 0);
    CHECK_INT(chmod(folder, 0600), 0);
    CHECK_INT(run_role("read as somebody else"), 0);
    CHECK_INT(chmod(folder, 0700), 0);
}

TEST("a file that the system lets nobody open, or look at, is refused")
{
    static const int errors[] = {EACCES, EPERM};
    for (int i = 0; i < 2; i++) {
        watch(put_json(GEN_2_LEAST));
        watched.open_error = errors[i];
        refuse_unreadable(watched.path, is_forbidden);
    }
    watch(put_json(GEN_2_LEAST));
    watched.status_error = EIO;
    refuse_unreadable(watched.path, text("The configuration file cannot be read: error %d.", EIO));
    CHECK_INT(watched.reads, 0);
}

TEST("links are followed, paths may be relative, and a name is any text")
{
    const char *path = put("Grüße & \"mehr\" 🦊.json", json_text(GEN_2_LEAST));
    CHECK_INT(symlink(path, in_folder("first")), 0);
    CHECK_INT(symlink("first", in_folder("second")), 0);
    client_from(path);
    client_from(in_folder("second"));
    char *before = getcwd(NULL, 0);
    CHECK_INT(chdir(folder), 0);
    client_from("second");
    client_from("./Grüße & \"mehr\" 🦊.json");
    CHECK_INT(chdir(before), 0);
    free(before);
}

TEST("a file of 1 MiB is taken, and a larger one is refused")
{
    client_from(put_padded(GEN_2_LEAST, LARGEST - 1));
    client_from(put_padded(GEN_2_LEAST, LARGEST));
    refuse_unreadable(put_padded(GEN_2_LEAST, LARGEST + 1), is_too_large);
    refuse_unreadable(put_padded(GEN_2_LEAST, 3 * LARGEST), is_too_large);
    const char *path = put_json(GEN_2_LEAST);
    CHECK_INT(truncate(path, 1LL << 40), 0); /* A file with a hole. */
    watch(path);
    refuse_unreadable(path, is_too_large);
    CHECK_INT(watched.reads, 0);
}

TEST("a file that is no JSON is refused with the line where that shows")
{
    refuse(put("empty.json", ""), AUTH_STATUS_INVALID_CONFIGURATION, "The configuration file is not JSON: see line 1.");
    refuse(put_json("{\n'auth':\n}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is not JSON: see line 3.");
    refuse(put_json("{\n'auth':{},\n'auth':{}}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is not JSON: see line 3.");
    refuse(put_json("[]"), AUTH_STATUS_INVALID_CONFIGURATION, "The configuration file is not a JSON object.");

    char *garbage = text("%*s", LARGEST, "");
    static const char bytes[] = {'[', '{', '"', '7', '\0', '\n', '\xff'};
    for (size_t i = 0; i < sizeof bytes; i++) {
        memset(garbage, bytes[i], LARGEST);
        during(text("1 MiB of byte %d", bytes[i]));
        refuse(put_bytes("garbage", garbage, LARGEST), AUTH_STATUS_INVALID_CONFIGURATION,
               text("The configuration file is not JSON: see line %d.", bytes[i] == '\n' ? LARGEST + 1 : 1));
    }
}

TEST("a key that is missing or does not fit is named with its path, and nothing of the file is shown")
{
    refuse(put_json("{}"), AUTH_STATUS_INVALID_CONFIGURATION, "auth.user_pool_id is missing.");
    refuse(put_json("{'auth':'secret'}"), AUTH_STATUS_INVALID_CONFIGURATION, "auth must be an object.");
    refuse(put_sample("amplify_outputs-1.json", "\"user_pool_client_id\"", "\"client_id\""),
           AUTH_STATUS_INVALID_CONFIGURATION, "auth.user_pool_client_id is missing.");
    refuse(put_sample("amplifyconfiguration.json", GEN_1_POOL_ID, "no pool"), AUTH_STATUS_INVALID_CONFIGURATION,
           GEN_1 ".PoolId must have the form {region}_{letters and digits}, as in eu-west-1_AbCdEfGhI.");
    refuse(put_sample("amplifyconfiguration.json", "\"" GEN_1_CLIENT_ID "\"", "null"),
           AUTH_STATUS_INVALID_CONFIGURATION, GEN_1 ".AppClientId must be a string.");
    refuse(put_sample("amplifyconfiguration.json", GEN_1_SECRET, GEN_1_SECRET "-"), AUTH_STATUS_INVALID_CONFIGURATION,
           GEN_1 ".AppClientSecret must be 24 to 64 of the characters A-Z a-z 0-9 _ +.");
    refuse(put_sample("amplifyconfiguration.json", GEN_1_ENDPOINT, "http://" GEN_1_ENDPOINT),
           AUTH_STATUS_INVALID_CONFIGURATION,
           GEN_1
           ".Endpoint must be https://host[:port], or http:// to localhost, 127.0.0.1 or [::1], without user name, "
           "path or query.");
}

TEST("a file that tells no size is read to its end, and no further than 1 MiB")
{
    refuse("/proc/self/status", AUTH_STATUS_INVALID_CONFIGURATION, "The configuration file is not JSON: see line 1.");
    refuse("/proc/self/mem", AUTH_STATUS_CONFIGURATION_UNREADABLE,
           text("The configuration file cannot be read: error %d.", EIO));
    if (access("/proc/self/pagemap", R_OK) == 0) /* Far more than 1 MiB. */
        refuse("/proc/self/pagemap", AUTH_STATUS_CONFIGURATION_UNREADABLE, is_too_large);
    else
        puts("  not tried with a large one: this system has no /proc/self/pagemap");

    int memory = memfd_create("configuration", MFD_CLOEXEC);
    const char *json = json_text(GEN_2_LEAST);
    CHECK_INT(write(memory, json, strlen(json)), strlen(json));
    client_from(text("/proc/self/fd/%d", memory));
    close(memory);
}

/* Puts the rest of a file where it belongs, as soon as its size was looked at. */
static const char *rest;
static int grow(int number)
{
    if (number > 1) return 0;
    FILE *file = fopen(watched.path, "a");
    CHECK(file && fputs(rest, file) >= 0);
    if (file) fclose(file);
    return 0;
}

TEST("a file that grows while it is read is read to its end, and no further than 1 MiB")
{
    const char *json = json_text(GEN_2_LEAST);
    watch(put_bytes("growing.json", json, 20));
    watched.at_read = grow;
    rest = json + 20;
    client_from(watched.path);
    CHECK(watched.reads > 1);

    auth_client *client = NULL;
    auth_client_options options = only_app_id();
    watch(put("growing.json", json));
    watched.at_read = grow;
    rest = text("%*s", LARGEST, "");
    CHECK_ANSWER(auth_client_new_from_file(watched.path, &options, &client, NULL),
                 AUTH_STATUS_CONFIGURATION_UNREADABLE);
    CHECK(client == NULL);
}

static int interrupt(int number) { return number % 2 ? EINTR : 0; }
static int fail_always(int number) { return number > 0 ? EIO : 0; }
static int fail_second(int number) { return number % 2 ? 0 : EIO; }

TEST("a read that a signal interrupts is repeated, and one that fails later than the first is not taken for the end")
{
    watch(put_padded(GEN_2_LEAST, LARGEST / 2));
    watched.at_read = interrupt;
    client_from(watched.path);
    CHECK(watched.reads > 4);

    const char *message = text("The configuration file cannot be read: error %d.", EIO);
    watch(put_json(GEN_2_LEAST));
    watched.at_read = fail_always;
    refuse_unreadable(watched.path, message);
    CHECK_INT(watched.reads, 2);
    watch(put_padded(GEN_2_LEAST, LARGEST / 2));
    watched.at_read = fail_second;
    refuse_unreadable(watched.path, message);
    CHECK_INT(watched.reads, 4);
}

TEST("a file is opened so that no other program inherits it, no pipe is waited for and no terminal is taken over")
{
    watch(put_json(GEN_2_LEAST));
    client_from(watched.path);
    CHECK_INT(watched.opened, 1);
    CHECK_INT(watched.flags & O_ACCMODE, O_RDONLY);
    CHECK(watched.flags & O_CLOEXEC);
    CHECK(watched.flags & O_NONBLOCK);
    CHECK(watched.flags & O_NOCTTY);
    CHECK(!(watched.flags & (O_CREAT | O_TRUNC | O_NOFOLLOW)));
}

TEST("in a process with raised privileges no client is made, and the file is not opened")
{
    watch(put_json(GEN_2_LEAST));
    watched.is_privileged = true;
    refuse(watched.path, AUTH_STATUS_PRIVILEGED_PROCESS, "The process runs with raised privileges.");
    refuse(in_folder("missing.json"), AUTH_STATUS_PRIVILEGED_PROCESS, "The process runs with raised privileges.");
    CHECK_INT(watched.opened, 0);
    watched.is_privileged = false;
    client_from(watched.path);
    CHECK_INT(watched.opened, 1);
}

TEST("where there is no further descriptor, the answer is OUT_OF_RESOURCES, and a client can be made later")
{
    const char *path = put_json(GEN_2_LEAST);
    auth_client_options options = only_app_id();
    struct rlimit limit, none;
    getrlimit(RLIMIT_NOFILE, &limit);
    int lowest = dup(0);
    close(lowest);
    none = (struct rlimit){(rlim_t)lowest, limit.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    auth_client *client = (auth_client *)&none;
    auth_error *error = NULL;
    auth_status status = auth_client_new_from_file(path, &options, &client, &error);
    setrlimit(RLIMIT_NOFILE, &limit);
    CHECK_ANSWER(status, AUTH_STATUS_OUT_OF_RESOURCES);
    CHECK_STATUS(error, AUTH_STATUS_OUT_OF_RESOURCES);
    CHECK(client == NULL);
    auth_error_free(error);
    client_from(path);

    /* ... also where it is the system that has none. */
    watch(path);
    watched.open_error = ENFILE;
    refuse(path, AUTH_STATUS_OUT_OF_RESOURCES, "The process can have no further thread or file descriptor.");
}

TEST("making clients of files and freeing them leaves no descriptor open")
{
    const char *good = put_gen_1(), *bad = put("bad.json", "{");
    int descriptors = descriptor_count();
    for (int i = 0; i < 200; i++) {
        auth_client *client = NULL;
        auth_client_options options = only_app_id();
        CHECK_ANSWER(auth_client_new_from_file(good, &options, &client, NULL), AUTH_STATUS_SUCCESS);
        auth_client_free(client);
        CHECK_ANSWER(auth_client_new_from_file(bad, &options, &client, NULL), AUTH_STATUS_INVALID_CONFIGURATION);
    }
    CHECK(descriptor_count() <= descriptors);
}

static void restore_locale(void *none)
{
    (void)none;
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
}

TEST("the locale stays what it is, and one with decimal commas changes nothing")
{
    const char *command = text("localedef --no-archive -i de_DE -f UTF-8 '%s/de_DE.UTF-8' 2>&1", folder);
    FILE *stream = popen(command, "r");
    char output[256];
    while (stream && fgets(output, sizeof output, stream)) continue;
    defer(restore_locale, NULL);
    setenv("LOCPATH", folder, 1);
    if (!stream || pclose(stream) != 0 || !setlocale(LC_ALL, "de_DE.UTF-8")) {
        puts("  not tried with decimal commas: this system has no German locale");
        setlocale(LC_ALL, "C.UTF-8");
    } else {
        CHECK_TEXT(localeconv()->decimal_point, ",");
    }
    const char *locale = text("%s", setlocale(LC_ALL, NULL));
    CHECK(strcmp(locale, "C") != 0);
    client_from(sample_path("amplify_outputs-1.4.json"));
    CHECK_TEXT(setlocale(LC_ALL, NULL), locale);
    refuse(put_json("{'custom':0,25}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is not JSON: see line 1.");
    refuse(in_folder("missing.json"), AUTH_STATUS_CONFIGURATION_UNREADABLE, nothing_there);
    CHECK_TEXT(setlocale(LC_ALL, NULL), locale);
}
