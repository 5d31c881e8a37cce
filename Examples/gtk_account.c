/* SPDX-License-Identifier: Apache-2.0
 *
 * gtk_account: a window with the signed-in user and two buttons, "Sign out"
 * and "Sign out on all devices"; a spinner and "Stop waiting" while it works;
 * then what came of it in words, and the buttons for what is left to do.
 *
 * Shows sign-out in a GTK 4 program: nothing here blocks, and the keyring may
 * ask the user to unlock it. Why a step failed goes to standard error.
 *
 *   cc gtk_account.c -o gtk_account $(pkg-config --cflags --libs cognitoauth gtk4)
 *   gtk_account APP_ID USER_POOL_ID CLIENT_ID
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 */
#include <glib-unix.h>
#include <gtk/gtk.h>

#include <cognitoauth/auth.h>

typedef struct {
    auth_client *client;
    auth_operation *operation;
    auth_sign_out_result result;
    gboolean is_retry;
    GtkWidget *text, *spinner, *here, *everywhere, *again, *stop;
} Window;

/* For who looks after the program. */
static void explain(const auth_error *error)
{
    if (error) g_printerr("%s\n%s\n", auth_error_message(error), auth_error_recovery_suggestion(error));
}

static void show(Window *window, const char *text, gboolean can_sign_out, gboolean can_retry)
{
    gboolean is_busy = window->operation != NULL;

    gtk_label_set_text(GTK_LABEL(window->text), text);
    gtk_spinner_set_spinning(GTK_SPINNER(window->spinner), is_busy);
    gtk_widget_set_visible(window->here, can_sign_out);
    gtk_widget_set_visible(window->everywhere, can_sign_out);
    gtk_widget_set_visible(window->again, can_retry);
    gtk_widget_set_visible(window->stop, is_busy);
}

/* The result's sentence, and buttons for what it allows. */
static void show_result(Window *window)
{
    const auth_sign_out_result *result = &window->result;
    /* Only a retry that says so itself cannot be made: the same user has signed in here again. */
    gboolean is_refused = window->is_retry && auth_error_status(result->failure) == AUTH_STATUS_SESSION_CHANGED;
    gboolean can_retry = result->partial_failure_token && !is_refused;
    gboolean is_left = result->signed_out_locally == AUTH_ANSWER_NO || result->outcome == AUTH_SIGN_OUT_FAILED;

    show(window, auth_sign_out_result_message(result), is_left && !can_retry, can_retry);
    explain(result->failure);
    explain(result->global_sign_out_error);
    explain(result->revoke_token_error);
    explain(result->invalid_session_error);
}

static gboolean dispatch(gint fd, GIOCondition condition, gpointer data)
{
    Window *window = data;

    (void)fd, (void)condition;
    if (!auth_operation_dispatch(window->operation)) return G_SOURCE_CONTINUE;
    auth_sign_out_result_clear(&window->result);
    auth_operation_finish_sign_out(window->operation, &window->result);
    g_clear_pointer(&window->operation, auth_operation_free);
    show_result(window);
    return G_SOURCE_REMOVE;
}

static void start(GtkButton *button, gpointer data)
{
    Window *window = data;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_error *error = NULL;

    options.allow_prompt = 1;
    if (GTK_WIDGET(button) == window->again)
        auth_sign_out_retry_start(window->client, window->result.partial_failure_token, &options, &window->operation,
                                  &error);
    else if (GTK_WIDGET(button) == window->everywhere)
        auth_sign_out_global_start(window->client, &options, &window->operation, &error);
    else
        auth_sign_out_start(window->client, &options, &window->operation, &error);
    if (window->operation) {
        window->is_retry = GTK_WIDGET(button) == window->again;
        show(window, "Signing out ...", FALSE, FALSE);
        g_unix_fd_add(auth_operation_fd(window->operation), G_IO_IN, dispatch, window);
    } else { /* nothing was begun, so the buttons stay */
        gtk_label_set_text(GTK_LABEL(window->text), "Signing out could not begin.");
        explain(error);
        auth_error_free(error);
    }
}

/* Not "Cancel": where Cognito was asked already, the user is signed out on this computer all the same. */
static void stop_waiting(GtkButton *button, gpointer data)
{
    Window *window = data;

    (void)button;
    auth_operation_cancel(window->operation);
}

static GtkWidget *add_button(Window *window, GtkWidget *box, const char *label, void (*clicked)(GtkButton *, gpointer))
{
    GtkWidget *button = gtk_button_new_with_label(label);

    g_signal_connect(button, "clicked", G_CALLBACK(clicked), window);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

/* Who is signed in. A look into the keyring takes 3 ms; a program that cannot spare them has
   auth_session_load_start(). */
static void show_session(Window *window)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    auth_status status = auth_session_load(window->client, NULL, &session, &error);
    char *text;

    if (status == AUTH_STATUS_SUCCESS)
        text = g_strdup_printf("%s is signed in.", session.username);
    else if (status == AUTH_STATUS_NOT_SIGNED_IN)
        text = g_strdup("You are not signed in.");
    else
        text = g_strdup_printf("It is not known whether you are signed in. %s", auth_status_message(status));
    show(window, text, status != AUTH_STATUS_NOT_SIGNED_IN, FALSE);
    if (status != AUTH_STATUS_NOT_SIGNED_IN) explain(error);
    g_free(text);
    auth_error_free(error);
    auth_session_clear(&session);
}

static void activate(GtkApplication *application, gpointer data)
{
    Window *window = data;
    GtkWidget *frame = gtk_application_window_new(application);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);

    gtk_window_set_title(GTK_WINDOW(frame), "Account");
    gtk_window_set_default_size(GTK_WINDOW(frame), 480, 280);
    gtk_window_set_child(GTK_WINDOW(frame), box);
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
    window->here = add_button(window, box, "Sign out", start);
    window->everywhere = add_button(window, box, "Sign out on all devices", start);
    window->again = add_button(window, box, "Try again", start);
    window->stop = add_button(window, box, "Stop waiting", stop_waiting);
    show_session(window);
    gtk_window_present(GTK_WINDOW(frame));
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    Window window = {.result = AUTH_SIGN_OUT_RESULT_INIT};
    GtkApplication *application;
    auth_error *error;
    int status;

    if (argc != 4) {
        g_printerr("usage: %s APP_ID USER_POOL_ID CLIENT_ID\n", argv[0]);
        return 2;
    }
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.endpoint = g_getenv("COGNITO_ENDPOINT");
    if (auth_client_new(&options, &window.client, &error) != AUTH_STATUS_SUCCESS) {
        explain(error);
        auth_error_free(error);
        return 2;
    }
    application = gtk_application_new(NULL, G_APPLICATION_NON_UNIQUE);
    g_signal_connect(application, "activate", G_CALLBACK(activate), &window);
    status = g_application_run(G_APPLICATION(application), 1, argv);
    auth_operation_free(window.operation);
    auth_sign_out_result_clear(&window.result);
    auth_client_free(window.client);
    g_object_unref(application);
    return status;
}
