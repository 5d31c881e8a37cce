/* SPDX-License-Identifier: Apache-2.0 */

/* Cancel and deadline: whatever a sign-out waits for, it ends soon after it was told to, and in time; rows 22, 25 and
 * 25b. Bounds are generous, for machines that are busy; the figures are printed. */

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scene.h"
#include "stopper.h"

enum { LIMIT_MS = 1500, GENEROUS_MS = 4000 };

static int mute_sockets[3], mute_count;

/* A server that lets the kernel accept connections, or not even that, and says nothing. */
static const char *mute_url(const char *scheme, bool is_full)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = mute_sockets[mute_count++] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, is_full ? 0 : 8) != 0) abort();
    getsockname(listener, (struct sockaddr *)&address, &length);
    while (is_full && mute_count < 3) {
        int filler = mute_sockets[mute_count++] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(filler, (struct sockaddr *)&address, length); /* It is not waited for. */
    }
    return text("%s://127.0.0.1:%d", scheme, ntohs(address.sin_port));
}

static void end_mute(void)
{
    while (mute_count > 0) close(mute_sockets[--mute_count]);
}

static void full_backlog(auth_client_options *options) { options->endpoint = mute_url("http", true); }
static void mute_tls(auth_client_options *options) { options->endpoint = mute_url("https", false); }
static void unknown_name(auth_client_options *options) { options->endpoint = "https://cognito.example.net"; }

static void hold_headers(auth_client_options *options)
{
    (void)options;
    server_reply("RevokeToken", "{'hold':true,'default':true}");
}
static void drip_body(auth_client_options *options)
{
    (void)options;
    server_reply("RevokeToken", "{'body':{'text':'dripping'},'drip_ms':1000}");
}
static void back_off(auth_client_options *options)
{
    options->max_attempts = 10;
    server_reply("RevokeToken", "{'status':503}");
}
static void stop_now(auth_client_options *options)
{
    (void)options;
    signal_keyring(SIGSTOP);
}
static void stop_at_search(auth_client_options *options)
{
    (void)options;
    stop_keyring_at("SearchItems");
}
static void stop_at_delete(auth_client_options *options)
{
    (void)options;
    stop_keyring_at("Delete");
}

static background *turn_holder;
static void take_turn(auth_client_options *options)
{
    (void)options;
    server_reply("RevokeToken", "{'hold':true,'default':true}");
    turn_holder = start_sign_out(scene_client());
    CHECK(server_await(1));
}
static void end_turn(void)
{
    server_release();
    finish(turn_holder);
}

#define IN_TIME "failed: was signed in, still signed in; global not requested, revocation not attempted"
#define UNSEEN "failed: may have been signed in, still signed in; global not requested, revocation not attempted"
#define PARTIAL(revocation) "partial: was signed in, signed out; global not requested, revocation " revocation
#define UNCONFIRMED "failed: was signed in, may be signed in; global not requested, revocation done"

typedef struct stall {
    const char *name;
    void (*begin)(auth_client_options *);
    void (*end)(void);
    const char *when_cancelled, *when_late;
    bool is_deletion;
} stall;

/* How a sign-out is ended. */
typedef enum { CANCEL, CLIENT_CANCEL, DEADLINE } ending;

/* Signs in, then out through the stall; how many milliseconds passed from the cancel, or from the start, to the end. */
static double measure(const stall *stall, ending how)
{
    if (stall->begin != unknown_name /* whose process has another network */) server_reset();
    keyring_empty();
    sign_in(scene_client());
    auth_client_options options = scene_options();
    stall->begin(&options);
    options.timeout_ms = how == DEADLINE || stall->is_deletion ? LIMIT_MS : 20000;
    auth_client *client = NULL;
    auth_operation *operation = NULL;
    CHECK_ANSWER(auth_client_new(&options, &client, NULL), AUTH_STATUS_SUCCESS);
    double start = seconds();
    CHECK_ANSWER(auth_sign_out_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(seconds() - start < GENEROUS_MS / 1e3);
    struct pollfd ready = {auth_operation_fd(operation), POLLIN, 0};
    if (how != DEADLINE) {
        CHECK_INT(poll(&ready, 1, 400), 0);
        start = seconds();
        if (how == CANCEL)
            auth_operation_cancel(operation);
        else
            auth_client_cancel(client);
    }
    CHECK_INT(poll(&ready, 1, 25000), 1);
    double took = (seconds() - start) * 1e3;
    if (stall->end) stall->end();
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_operation_finish_sign_out(operation, &result);
    CHECK_TEXT(told(&result), how == DEADLINE ? stall->when_late : stall->when_cancelled);
    const auth_error *error = result.failure ? result.failure : result.revoke_token_error;
    if (how != DEADLINE && !stall->is_deletion)
        CHECK_STATUS(error, AUTH_STATUS_CANCELLED);
    else if (result.failure)
        CHECK_STATUS(error, AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK_INT(result.partial_failure_token != NULL, result.outcome == AUTH_SIGN_OUT_PARTIAL || stall->is_deletion);
    if (result.outcome == AUTH_SIGN_OUT_PARTIAL)
        CHECK_INT(keyring_count("session"), 0);
    else if (result.signed_out_locally == AUTH_ANSWER_NO && stall->begin != take_turn)
        CHECK_INT(keyring_count("session"), 1);
    auth_sign_out_result_clear(&result);
    auth_operation_free(operation);
    auth_client_free(client);
    return took;
}

static void check_stall(const stall *stall)
{
    during(stall->name);
    double cancelled = measure(stall, CANCEL), of_client = measure(stall, CLIENT_CANCEL);
    double late = measure(stall, DEADLINE);
    printf("  %-20s cancelled: over after %6.1f ms, with auth_client_cancel %6.1f ms; limit of %d ms: after %6.1f ms\n",
           stall->name, cancelled, of_client, LIMIT_MS, late);
    int slack = stall->is_deletion ? LIMIT_MS : 0; /* A deletion that has begun is not cut short. */
    CHECK(cancelled < GENEROUS_MS + slack && of_client < GENEROUS_MS + slack);
    CHECK(late < LIMIT_MS + GENEROUS_MS);
}

TEST("rows 22, 25: a sign-out that waits for its turn ends when it is told to, and in time")
{
    /* After a third of its time it goes on without the turn, and finds that Cognito does not answer either. */
    check_stall(&(stall){"turn", take_turn, end_turn, UNSEEN, PARTIAL("unknown"), false});
}

TEST("rows 10, 25: ... that connects")
{
    check_stall(&(stall){"connect", full_backlog, end_mute, IN_TIME, PARTIAL("failed"), false});
}

TEST("rows 10, 25: ... that shakes hands over TLS")
{
    check_stall(&(stall){"TLS handshake", mute_tls, end_mute, IN_TIME, PARTIAL("failed"), false});
}

TEST("rows 4, 25b: ... that waits for a reply's headers")
{
    check_stall(&(stall){"reply headers", hold_headers, server_release, PARTIAL("unknown"), PARTIAL("unknown"), false});
}

TEST("rows 4, 25b: ... that waits for a reply's body")
{
    check_stall(&(stall){"reply body", drip_body, NULL, PARTIAL("unknown"), PARTIAL("unknown"), false});
}

TEST("rows 4, 25b: ... that pauses between two attempts")
{
    check_stall(&(stall){"back-off", back_off, NULL, PARTIAL("unknown"), PARTIAL("unknown"), false});
}

TEST("rows 22, 25: ... whose keyring is stopped")
{
    check_stall(&(stall){"keyring, first call", stop_now, wake_keyring, UNSEEN, UNSEEN, false});
}

TEST("rows 22, 25: ... whose keyring stops in the search")
{
    check_stall(&(stall){"keyring search", stop_at_search, wake_keyring, UNSEEN, UNSEEN, false});
}

TEST("rows 22, 25b: ... whose keyring stops in the deletion, ends in time, and no cancel cuts the deletion short")
{
    check_stall(&(stall){"keyring delete", stop_at_delete, wake_keyring, UNCONFIRMED, UNCONFIRMED, true});
}

static bool write_file(const char *path, const char *content)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool is_written = file >= 0 && write(file, content, strlen(content)) == (ssize_t)strlen(content);
    if (file >= 0) close(file);
    return is_written;
}

/* In namespaces of this process's own, makes a nameserver that never answers the only one. */
static bool stall_lookups(void)
{
    const char *directory = getenv("XDG_RUNTIME_DIR"), *resolver = text("%s/resolv.conf", directory);
    const char *switches = text("%s/nsswitch.conf", directory);
    uid_t user = getuid();
    gid_t group = getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) != 0) return false;
    write_file("/proc/self/setgroups", "deny");
    if (!write_file("/proc/self/uid_map", text("%u %u 1", user, user)) ||
        !write_file("/proc/self/gid_map", text("%u %u 1", group, group)))
        return false;
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int nameserver = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return ioctl(nameserver, SIOCSIFFLAGS, &loopback) == 0 &&
           bind(nameserver, (struct sockaddr *)&address, sizeof address) == 0 &&
           write_file(resolver, "nameserver 127.0.0.1\n") && write_file(switches, "hosts: files dns\n") &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(resolver, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0 &&
           mount(switches, "/etc/nsswitch.conf", NULL, MS_BIND, NULL) == 0;
}

ROLE("look up a name")
{
    if (!stall_lookups()) return 77;
    check_stall(&(stall){"name lookup", unknown_name, NULL, IN_TIME, PARTIAL("failed"), false});
    return 0;
}

TEST("rows 10, 25: a name lookup that hangs is no exception")
{
    int status = run_role("look up a name");
    if (status == 77)
        puts("  not tried: this system lets nobody have namespaces of their own");
    else
        CHECK_INT(status, 0);
}
