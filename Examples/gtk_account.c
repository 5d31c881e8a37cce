/* SPDX-License-Identifier: Apache-2.0
 *
 * gtk_account: a window that says who is signed in, with the buttons "Sign in",
 * or "Sign out" and "Sign out on all devices"; a spinner while it works, and a
 * button to end that; then what came of it in words, and the buttons for what
 * is left to do.
 *
 * Shows sign-in and sign-out in a GTK 4 program: nothing here blocks, the window
 * starts the browser itself, and the keyring may ask the user to unlock it. The
 * keyring keeps what a sign-out cannot do, and it is done when the window opens
 * or the network comes back. The window notices when another program signs the
 * user out or in. Why a step failed goes to standard error.
 *
 *   cc gtk_account.c -o gtk_account $(pkg-config --cflags --libs cognitoauth gtk4)
 *   gtk_account APP_ID USER_POOL_ID CLIENT_ID DOMAIN SIGN_IN_URI SIGN_OUT_URI
 *
 * DOMAIN is that of the hosted UI. The app client has SIGN_IN_URI as a callback
 * URL and SIGN_OUT_URI as a sign-out URL, as in http://localhost:18500/signed-in
 * and /signed-out.
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 */
#include <glib-unix.h>
#include <gtk/gtk.h>

#include <cognitoauth/auth.h>

typedef struct {
    auth_client *client;
    auth_operation *operation, *resume, *watch; /* what the user began, and what runs beside it */
    auth_sign_out_result result;
    gboolean is_sign_in, is_retry; /* what the operation is, or was */
    GtkWidget *frame, *text, *spinner, *sign_in, *here, *everywhere, *again, *open, *stop;
} Window;

/* What the user can do when nothing is running. */
typedef enum { SIGN_IN, SIGN_OUT, RETRY } Choice;

/* For those who look after the program. */
static void explain(const auth_error *error)
{
    if (error) g_printerr("%s\n%s\n", auth_error_message(error), auth_error_recovery_suggestion(error));
}

static void show(Window *window, const char *text, Choice choice)
{
    gboolean is_busy = window->operation != NULL;

    gtk_label_set_text(GTK_LABEL(window->text), text);
    gtk_spinner_set_spinning(GTK_SPINNER(window->spinner), is_busy);
    gtk_widget_set_visible(window->sign_in, !is_busy && choice == SIGN_IN);
    gtk_widget_set_visible(window->here, !is_busy && choice == SIGN_OUT);
    gtk_widget_set_visible(window->everywhere, !is_busy && choice == SIGN_OUT);
    gtk_widget_set_visible(window->again, !is_busy && choice == RETRY);
    gtk_widget_set_visible(window->open, is_busy && window->is_sign_in);
    gtk_widget_set_visible(window->stop, is_busy);
    /* Where Cognito was asked to sign out already, the user is signed out on this computer all the same. */
    gtk_button_set_label(GTK_BUTTON(window->stop), window->is_sign_in ? "Cancel" : "Stop waiting");
}

/* Who is signed in, and if nobody is, why not. A look into the keyring takes 3 ms; a program that cannot spare them has
   auth_session_load_start(). */
static void show_session(Window *window, const char *reason)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    auth_status status = auth_session_load(window->client, NULL, &session, &error);
    char *text;

    if (status == AUTH_STATUS_SUCCESS)
        text = g_strdup_printf("%s is signed in.", session.username);
    else if (status == AUTH_STATUS_NOT_SIGNED_IN)
        text = g_strdup_printf("You are not signed in. %s", reason);
    else
        text = g_strdup_printf("It is not known whether you are signed in. %s", auth_status_message(status));
    show(window, text, status == AUTH_STATUS_NOT_SIGNED_IN ? SIGN_IN : SIGN_OUT);
    if (status != AUTH_STATUS_NOT_SIGNED_IN) explain(error);
    g_free(text);
    auth_error_free(error);
    auth_session_clear(&session);
}

/* The result's sentence, and buttons for what it allows. */
static void show_result(Window *window)
{
    const auth_sign_out_result *result = &window->result;
    /* Only a retry that says so itself cannot be made: the same user has signed in here again. */
    gboolean is_refused = window->is_retry && auth_error_status(result->failure) == AUTH_STATUS_SESSION_CHANGED;
    /* The browser is never a part of what the keyring keeps. */
    gboolean is_kept = result->kept == AUTH_ANSWER_YES && !result->hosted_ui_error;
    gboolean can_retry = result->partial_failure_token && !is_refused && !is_kept;
    gboolean is_left = result->signed_out_locally == AUTH_ANSWER_NO || result->outcome == AUTH_SIGN_OUT_FAILED;

    show(window, auth_sign_out_result_message(result), can_retry ? RETRY : is_left ? SIGN_OUT : SIGN_IN);
    explain(result->failure);
    explain(result->hosted_ui_error);
    explain(result->global_sign_out_error);
    explain(result->revoke_token_error);
    explain(result->invalid_session_error);
}

static void finish(Window *window)
{
    auth_error *error = NULL;
    auth_status status;

    if (window->is_sign_in) {
        /* A session that cannot be stored is not wanted here, so it is revoked. */
        status = auth_operation_finish_session(window->operation, NULL, &error);
        g_clear_pointer(&window->operation, auth_operation_free);
        auth_sign_out_result_clear(&window->result);
        show_session(window, status == AUTH_STATUS_CANCELLED ? "" : auth_status_message(status));
        gtk_window_present(GTK_WINDOW(window->frame)); /* the browser is in front of it */
    } else {
        auth_sign_out_result_clear(&window->result);
        auth_operation_finish_sign_out(window->operation, &window->result);
        g_clear_pointer(&window->operation, auth_operation_free);
        show_result(window);
    }
    explain(error);
    auth_error_free(error);
}

static gboolean dispatch(gint fd, GIOCondition condition, gpointer data)
{
    Window *window = data;

    (void)fd, (void)condition;
    if (!auth_operation_dispatch(window->operation)) return G_SOURCE_CONTINUE;
    finish(window);
    return G_SOURCE_REMOVE;
}

static gboolean dispatch_resume(gint fd, GIOCondition condition, gpointer data)
{
    Window *window = data;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;

    (void)fd, (void)condition;
    if (!auth_operation_dispatch(window->resume)) return G_SOURCE_CONTINUE;
    auth_operation_finish_sign_out(window->resume, &result);
    g_clear_pointer(&window->resume, auth_operation_free);
    if (window->result.kept == AUTH_ANSWER_YES && !window->operation) {
        /* The user reads that it will be done. */
        auth_sign_out_result_clear(&window->result);
        window->result = result;
        window->is_retry = FALSE;
        show_result(window);
    } else {
        explain(result.failure);
        auth_sign_out_result_clear(&result);
    }
    return G_SOURCE_REMOVE;
}

/* Also what other programs do; in auth_operation_dispatch(), so on GTK's thread. */
static void on_event(void *user_data, auth_event event)
{
    Window *window = user_data;

    if (window->operation) return; /* its end will say how things are */
    if (event == AUTH_EVENT_SIGNED_OUT_ELSEWHERE)
        show_session(window, "Another program signed you out.");
    else if (event == AUTH_EVENT_SESSION_CHANGED_ELSEWHERE || event == AUTH_EVENT_KEYRING_UNLOCKED)
        show_session(window, "");
}

static gboolean dispatch_watch(gint fd, GIOCondition condition, gpointer data)
{
    Window *window = data;
    auth_error *error;

    (void)fd, (void)condition;
    if (!auth_operation_dispatch(window->watch)) return G_SOURCE_CONTINUE;
    auth_operation_finish_session(window->watch, NULL, &error);
    g_clear_pointer(&window->watch, auth_operation_free);
    explain(error);
    auth_error_free(error);
    return G_SOURCE_REMOVE;
}

typedef auth_status Starter(auth_client *, const auth_call_options *, auth_operation **, auth_error **);

/* What runs beside what the user does, and needs no button. */
static void run_beside(Window *window, Starter *start, auth_operation **operation, GUnixFDSourceFunc dispatch_it)
{
    auth_error *error = NULL;

    if (*operation) return;
    start(window->client, NULL, operation, &error);
    if (*operation) g_unix_fd_add(auth_operation_fd(*operation), G_IO_IN, dispatch_it, window);
    explain(error);
    auth_error_free(error);
}

static void network_changed(GNetworkMonitor *monitor, gboolean is_available, gpointer data)
{
    Window *window = data;

    (void)monitor;
    if (is_available) run_beside(window, auth_sign_out_resume_start, &window->resume, dispatch_resume);
}

static void start(GtkButton *button, gpointer data)
{
    Window *window = data;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_error *error = NULL;

    options.allow_prompt = 1;
    if (GTK_WIDGET(button) == window->sign_in)
        auth_sign_in_start(window->client, NULL, &options, &window->operation, &error);
    else if (GTK_WIDGET(button) == window->again)
        auth_sign_out_retry_start(window->client, window->result.partial_failure_token, &options, &window->operation,
                                  &error);
    else if (GTK_WIDGET(button) == window->everywhere)
        auth_sign_out_global_start(window->client, &options, &window->operation, &error);
    else
        auth_sign_out_start(window->client, &options, &window->operation, &error);
    if (window->operation) {
        window->is_sign_in = GTK_WIDGET(button) == window->sign_in;
        window->is_retry = GTK_WIDGET(button) == window->again;
        show(window, window->is_sign_in ? "Your browser opens: sign in there." : "Signing out ...", SIGN_IN);
        g_unix_fd_add(auth_operation_fd(window->operation), G_IO_IN, dispatch, window);
    } else { /* nothing was begun, so the buttons stay */
        gtk_label_set_text(GTK_LABEL(window->text), "That could not begin.");
        explain(error);
        auth_error_free(error);
    }
}

static void stop(GtkButton *button, gpointer data)
{
    Window *window = data;

    (void)button;
    auth_operation_cancel(window->operation);
}

/* For a user who has closed the tab. */
static void open_again(GtkButton *button, gpointer data)
{
    Window *window = data;
    auth_error *error = NULL;

    (void)button;
    auth_operation_open_again(window->operation, &error);
    explain(error);
    auth_error_free(error);
}

/* The library calls this in auth_operation_dispatch(), so on GTK's thread. The desktop learns which window the browser
   comes from. Whether one starts shows later: a user who sees none can cancel. */
static int open_url(void *user_data, const char *url)
{
    Window *window = user_data;
#if GTK_CHECK_VERSION(4, 10, 0)
    GtkUriLauncher *launcher = gtk_uri_launcher_new(url);

    gtk_uri_launcher_launch(launcher, GTK_WINDOW(window->frame), NULL, NULL, NULL);
    g_object_unref(launcher);
#else
    gtk_show_uri(GTK_WINDOW(window->frame), url, GDK_CURRENT_TIME);
#endif
    return 0;
}

static GtkWidget *add_button(Window *window, GtkWidget *box, const char *label, void (*clicked)(GtkButton *, gpointer))
{
    GtkWidget *button = gtk_button_new_with_label(label);

    g_signal_connect(button, "clicked", G_CALLBACK(clicked), window);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static void activate(GtkApplication *application, gpointer data)
{
    Window *window = data;
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);

    window->frame = gtk_application_window_new(application);
    gtk_window_set_title(GTK_WINDOW(window->frame), "Account");
    gtk_window_set_default_size(GTK_WINDOW(window->frame), 480, 280);
    gtk_window_set_child(GTK_WINDOW(window->frame), box);
    gtk_widget_set_margin_top(box, 24), gtk_widget_set_margin_bottom(box, 24);
    gtk_widget_set_margin_start(box, 24), gtk_widget_set_margin_end(box, 24);
    window->text = gtk_label_new(NULL);
    gtk_widget_add_css_class(window->text, "title-3");
    gtk_label_set_wrap(GTK_LABEL(window->text), TRUE);
    gtk_label_set_justify(GTK_LABEL(window->text), GTK_JUSTIFY_CENTER);
    gtk_widget_set_vexpand(window->text, TRUE); /* the buttons stay at the bottom */
    window->spinner = gtk_spinner_new();
    gtk_box_append(GTK_BOX(box), window->text);
    gtk_box_append(GTK_BOX(box), window->spinner);
    window->sign_in = add_button(window, box, "Sign in", start);
    window->here = add_button(window, box, "Sign out", start);
    window->everywhere = add_button(window, box, "Sign out on all devices", start);
    window->again = add_button(window, box, "Try again", start);
    window->open = add_button(window, box, "Open the browser again", open_again);
    window->stop = add_button(window, box, "", stop);
    g_signal_connect(g_network_monitor_get_default(), "network-changed", G_CALLBACK(network_changed), window);
    run_beside(window, auth_session_watch_start, &window->watch, dispatch_watch);
    run_beside(window, auth_sign_out_resume_start, &window->resume, dispatch_resume);
    show_session(window, "");
    gtk_window_present(GTK_WINDOW(window->frame));
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    Window window = {.result = AUTH_SIGN_OUT_RESULT_INIT};
    GtkApplication *application;
    auth_error *error;
    const char *sign_in_uri, *sign_out_uri;
    int status;

    if (argc != 7) {
        g_printerr("usage: %s APP_ID USER_POOL_ID CLIENT_ID DOMAIN SIGN_IN_URI SIGN_OUT_URI\n", argv[0]);
        return 2;
    }
    sign_in_uri = argv[5];
    sign_out_uri = argv[6];
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.hosted_ui_domain = argv[4];
    options.sign_in_redirect_uris = &sign_in_uri;
    options.sign_in_redirect_uri_count = 1;
    options.sign_out_redirect_uris = &sign_out_uri;
    options.sign_out_redirect_uri_count = 1;
    options.app_name = "Example";
    options.open_url_function = open_url;
    options.open_url_user_data = &window;
    options.event_function = on_event;
    options.event_user_data = &window;
    options.keep_unfinished = 1;
    options.endpoint = g_getenv("COGNITO_ENDPOINT");
    if (auth_client_new(&options, &window.client, &error) != AUTH_STATUS_SUCCESS) {
        explain(error);
        auth_error_free(error);
        return 2;
    }
    application = gtk_application_new(NULL, G_APPLICATION_NON_UNIQUE);
    g_signal_connect(application, "activate", G_CALLBACK(activate), &window);
    status = g_application_run(G_APPLICATION(application), 1, argv);
    g_signal_handlers_disconnect_by_data(g_network_monitor_get_default(), &window);
    auth_operation_free(window.operation);
    auth_operation_free(window.resume);
    auth_operation_free(window.watch);
    auth_sign_out_result_clear(&window.result);
    auth_client_free(window.client);
    g_object_unref(application);
    return status;
}
