/* SPDX-License-Identifier: Apache-2.0 */

#include "watcher.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

struct watcher {
    auth_client *client;
    auth_operation *operation;
    char *heard;
    int count, looks;
    double last;
};

/* The one that is dispatched: callbacks of other calls are not the watch's. */
static watcher *_Atomic current;

static void on_event(void *unused, auth_event event)
{
    static const char *const names[] = {"SIGNED_OUT_ELSEWHERE", "SESSION_CHANGED_ELSEWHERE", "KEYRING_LOCKED",
                                        "KEYRING_UNLOCKED"};
    (void)unused;
    watcher *self = current;
    if (!self) return;
    int index = event - AUTH_EVENT_SIGNED_OUT_ELSEWHERE;
    const char *name = index >= 0 && index < LENGTH(names) ? names[index] : "an event of another call";
    self->heard = text("%s%s%s", self->heard, self->heard[0] ? " " : "", name);
    self->count++;
    self->last = seconds();
}

static void on_line(void *unused, auth_log_level level, const char *message)
{
    (void)unused, (void)level;
    if (current && strncmp(message, "Keyring, look", strlen("Keyring, look")) == 0) current->looks++;
}

/* Waits until there is something to dispatch, for a moment; returns whether the watch is over. */
static bool dispatch(watcher *self)
{
    struct pollfd entry = {.fd = auth_operation_fd(self->operation), .events = POLLIN};
    poll(&entry, 1, 20);
    current = self;
    bool is_over = auth_operation_dispatch(self->operation);
    current = NULL;
    return is_over;
}

static void dispatch_for(watcher *self, double duration)
{
    for (double end = seconds() + duration; seconds() < end;) dispatch(self);
}

static watcher *start(auth_client *client)
{
    watcher *self = calloc(1, sizeof *self);
    if (!self) abort();
    defer(free, self);
    self->client = client;
    self->heard = "";
    self->operation = start_operation(client, auth_session_watch_start);
    for (double end = seconds() + 10; self->looks == 0 && seconds() < end;) {
        if (dispatch(self)) break;
    }
    CHECK(self->looks > 0);
    return self;
}

watcher *watcher_start(const auth_client_options *options)
{
    auth_client_options own = options ? *options : scene_options();
    own.event_function = on_event;
    own.log_function = on_line;
    own.log_level = AUTH_LOG_LEVEL_DEBUG;
    return start(scene_client_with(&own));
}

watcher *watcher_start_signed_in(void)
{
    sign_in(scene_client());
    return watcher_start(NULL);
}

watcher *watcher_start_beside(watcher *first) { return start(first->client); }

auth_client *watcher_client(const watcher *self) { return self->client; }
auth_operation *watcher_operation(const watcher *self) { return self->operation; }
int watcher_looks(const watcher *self) { return self->looks; }

static const char *heard(watcher *self)
{
    do {
        self->last = 0;
        dispatch_for(self, 0.3);
    } while (self->last > 0);
    const char *heard = self->heard;
    self->heard = "";
    self->count = 0;
    return heard;
}

const char *watcher_hears(watcher *self, int count)
{
    for (double end = seconds() + 10; self->count < count && seconds() < end;) dispatch(self);
    return heard(self);
}

const char *watcher_hears_after_look(watcher *self)
{
    int looks = self->looks;
    for (double end = seconds() + 10; self->looks == looks && seconds() < end;) dispatch(self);
    CHECK(self->looks > looks);
    return heard(self);
}

double watcher_await(watcher *self)
{
    int count = self->count;
    for (double end = seconds() + 10; self->count == count && seconds() < end;) dispatch(self);
    CHECK(self->count > count);
    return self->last;
}

auth_status watcher_end(watcher *self)
{
    bool is_over = false;
    for (double end = seconds() + 10; !is_over && seconds() < end;) is_over = dispatch(self);
    if (!CHECK(is_over)) auth_operation_cancel(self->operation);
    return auth_operation_finish_session(self->operation, NULL, NULL);
}
