/* SPDX-License-Identifier: Apache-2.0 */

#include "fault_point.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

enum { MOST = 4 };
static fault_point points[MOST];
static int left; /* how many of the points have not come */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct aftermath {
    pthread_t thread;
    GDBusConnection *connection;
    void (*function)(void);
} aftermath;

static void forget(void)
{
    pthread_mutex_lock(&mutex);
    left = 0;
    pthread_mutex_unlock(&mutex);
    if (!aftermath.function) return;
    pthread_join(aftermath.thread, NULL);
    aftermath.function = NULL;
}

void fault_point_set(const fault_point *point)
{
    if (!point) {
        forget();
        return;
    }
    pthread_mutex_lock(&mutex);
    if (left == MOST) abort();
    points[left] = *point;
    if (point->number == 0) points[left].number = 1;
    left++;
    pthread_mutex_unlock(&mutex);
}

bool fault_points_have_come(void)
{
    pthread_mutex_lock(&mutex);
    bool result = left == 0;
    pthread_mutex_unlock(&mutex);
    return result;
}

/* The point that has come with this, if one has; what happens at it has happened. */
static bool reach(const char *name, fault_point *reached)
{
    bool is_reached = false;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < left && !is_reached; i++) {
        if (strcmp(points[i].name, name) != 0 || --points[i].number > 0) continue;
        is_reached = true;
        *reached = points[i];
        points[i] = points[--left];
    }
    pthread_mutex_unlock(&mutex);
    if (is_reached && reached->happens) reached->happens();
    return is_reached;
}

static void *run_aftermath(void *unused)
{
    (void)unused;
    if (aftermath.connection) g_dbus_connection_flush_sync(aftermath.connection, NULL, NULL);
    g_clear_object(&aftermath.connection);
    aftermath.function();
    return NULL;
}

static void follow(const fault_point *reached, GDBusConnection *connection)
{
    if (!reached->after) return;
    aftermath = (struct aftermath){.connection = connection, .function = reached->after};
    if (connection) g_object_ref(connection);
    if (pthread_create(&aftermath.thread, NULL, run_aftermath, NULL) != 0) abort();
}

/* What the functions below take the place of. */
static struct {
    __typeof__(g_dbus_connection_call) *call;
    __typeof__(g_dbus_proxy_call) *call_of_proxy;
    __typeof__(g_dbus_connection_new_for_address) *connect;
    __typeof__(curl_multi_add_handle) *request;
} own;

/* Before there are threads, which would look for them at once. */
__attribute__((constructor)) static void find_own(void)
{
    *(void **)&own.call = dlsym(RTLD_NEXT, "g_dbus_connection_call");
    *(void **)&own.call_of_proxy = dlsym(RTLD_NEXT, "g_dbus_proxy_call");
    *(void **)&own.connect = dlsym(RTLD_NEXT, "g_dbus_connection_new_for_address");
    *(void **)&own.request = dlsym(RTLD_NEXT, "curl_multi_add_handle");
}

/* These take the place of those of GIO and libcurl: the library's connection to the bus is one that nobody else can see. */

void g_dbus_connection_call(GDBusConnection *connection, const char *destination, const char *path,
                            const char *interface, const char *method, GVariant *arguments, const GVariantType *reply,
                            GDBusCallFlags flags, int timeout, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data)
{
    fault_point reached = {0};
    if (method) reach(method, &reached);
    if (reached.answer != IS_SENT) {
        if (arguments) g_variant_unref(g_variant_ref_sink(arguments));
        destination = interface = "org.freedesktop.DBus";
        path = "/org/freedesktop/DBus";
        method = reached.answer == IS_REFUSED ? "AddMatch" : "GetId";
        arguments = reached.answer == IS_REFUSED ? g_variant_new("(s)", "no rule") : NULL;
    }
    own.call(connection, destination, path, interface, method, arguments, reply, flags, timeout, cancellable,
             callback, data);
    follow(&reached, connection);
}

/* libsecret's way, which has one method that the library needs: it is refused as one that is not there. */
void g_dbus_proxy_call(GDBusProxy *proxy, const char *method, GVariant *arguments, GDBusCallFlags flags, int timeout,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    fault_point reached = {0};
    reach(method, &reached);
    if (reached.answer == IS_REFUSED) method = "org.cognitoauth.Nothing.Here";
    if (reached.answer == IS_GARBLED) {
        if (arguments) g_variant_unref(g_variant_ref_sink(arguments));
        method = "org.freedesktop.DBus.Peer.Ping";
        arguments = NULL;
    }
    own.call_of_proxy(proxy, method, arguments, flags, timeout, cancellable, callback, data);
    follow(&reached, g_dbus_proxy_get_connection(proxy));
}

void g_dbus_connection_new_for_address(const char *address, GDBusConnectionFlags flags, GDBusAuthObserver *observer,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
    fault_point reached = {0};
    reach("connect", &reached);
    own.connect(address, flags, observer, cancellable, callback, data);
    follow(&reached, NULL);
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle)
{
    fault_point reached;
    reach("request", &reached);
    return own.request(multi, handle);
}
