/* SPDX-License-Identifier: Apache-2.0
 *
 * gtk_sign_out: a window with the signed-in user and two buttons, "Sign out"
 * and "Sign out everywhere"; a spinner while it works, and the outcome in
 * words. After a partial sign-out the button is "Try again".
 *
 * Shows sign-out in a GTK 4 program: nothing here blocks, and the keyring may
 * ask the user to unlock it.
 *
 *   cc gtk_sign_out.c -o gtk_sign_out $(pkg-config --cflags --libs cognitoauth gtk4)
 *   gtk_sign_out APP_ID USER_POOL_ID CLIENT_ID
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
    GtkWidget *title, *text, *spinner, *here, *everywhere, *again;
} Window;

static void show(Window *window, const char *title, const char *text)
{
    gtk_label_set_text(GTK_LABEL(window->title), title);
    gtk_label_set_text(GTK_LABEL(window->text), text);
}

static void set_busy(Window *window, gboolean is_busy)
{
    gtk_spinner_set_spinning(GTK_SPINNER(window->spinner), is_busy);
    gtk_widget_set_sensitive(window->here, !is_busy);
    gtk_widget_set_sensitive(window->everywhere, !is_busy);
    gtk_widget_set_sensitive(window->again, !is_busy);
}

static void show_outcome(Window *window, auth_sign_out_outcome outcome)
{
    const auth_sign_out_result *result = &window->result;
    const auth_error *error = result->failure                 ? result->failure
                              : result->global_sign_out_error ? result->global_sign_out_error
                              : result->revoke_token_error    ? result->revoke_token_error
                                                              : result->invalid_session_error;
    char *text = error ? g_strdup_printf("%s\n%s", auth_error_message(error), auth_error_recovery_suggestion(error))
                       : g_strdup("");

    if (outcome == AUTH_SIGN_OUT_FAILED)
        show(window, "Not signed out", text);
    else if (outcome == AUTH_SIGN_OUT_PARTIAL)
        show(window, "Signed out on this computer only", text);
    else
        show(window, result->global_sign_out == AUTH_REMOTE_DONE ? "Signed out everywhere" : "Signed out", text);
    gtk_widget_set_visible(window->here, outcome == AUTH_SIGN_OUT_FAILED && !result->partial_failure_token);
    gtk_widget_set_visible(window->everywhere, outcome == AUTH_SIGN_OUT_FAILED && !result->partial_failure_token);
    gtk_widget_set_visible(window->again, result->partial_failure_token != NULL);
    g_free(text);
}

static gboolean dispatch(gint fd, GIOCondition condition, gpointer data)
{
    Window *window = data;
    auth_sign_out_outcome outcome;

    (void)fd, (void)condition;
    if (!auth_operation_dispatch(window->operation)) return G_SOURCE_CONTINUE;
    auth_sign_out_result_clear(&window->result);
    outcome = auth_operation_finish_sign_out(window->operation, &window->result);
    g_clear_pointer(&window->operation, auth_operation_free);
    set_busy(window, FALSE);
    show_outcome(window, outcome);
    return G_SOURCE_REMOVE;
}

static void start(GtkButton *button, gpointer data)
{
    Window *window = data;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_status status;

    options.allow_prompt = 1;
    if (GTK_WIDGET(button) == window->again)
        status = auth_sign_out_retry_start(window->client, window->result.partial_failure_token, &options,
                                           &window->operation, NULL);
    else if (GTK_WIDGET(button) == window->everywhere)
        status = auth_sign_out_global_start(window->client, &options, &window->operation, NULL);
    else
        status = auth_sign_out_start(window->client, &options, &window->operation, NULL);
    if (status != AUTH_STATUS_SUCCESS) {
        show(window, "Not signed out", auth_status_message(status));
        return;
    }
    show(window, "Signing out ...", "");
    set_busy(window, TRUE);
    g_unix_fd_add(auth_operation_fd(window->operation), G_IO_IN, dispatch, window);
}

static GtkWidget *add_button(Window *window, GtkWidget *box, const char *label)
{
    GtkWidget *button = gtk_button_new_with_label(label);

    g_signal_connect(button, "clicked", G_CALLBACK(start), window);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static void activate(GtkApplication *application, gpointer data)
{
    Window *window = data;
    GtkWidget *frame = gtk_application_window_new(application);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    auth_session session = AUTH_SESSION_INIT;
    auth_error *error = NULL;

    gtk_window_set_title(GTK_WINDOW(frame), "Account");
    gtk_window_set_default_size(GTK_WINDOW(frame), 480, 280);
    gtk_window_set_child(GTK_WINDOW(frame), box);
    gtk_widget_set_margin_top(box, 24), gtk_widget_set_margin_bottom(box, 24);
    gtk_widget_set_margin_start(box, 24), gtk_widget_set_margin_end(box, 24);
    window->title = gtk_label_new(NULL);
    gtk_widget_add_css_class(window->title, "title-2");
    window->text = gtk_label_new(NULL);
    gtk_label_set_wrap(GTK_LABEL(window->text), TRUE);
    gtk_widget_set_vexpand(window->text, TRUE); /* the buttons stay at the bottom */
    window->spinner = gtk_spinner_new();
    gtk_box_append(GTK_BOX(box), window->title);
    gtk_box_append(GTK_BOX(box), window->text);
    gtk_box_append(GTK_BOX(box), window->spinner);
    window->here = add_button(window, box, "Sign out");
    window->everywhere = add_button(window, box, "Sign out everywhere");
    window->again = add_button(window, box, "Try again");
    gtk_widget_set_visible(window->again, FALSE);

    /* A look into the keyring takes 3 ms; a program that cannot spare them has auth_session_load_start(). */
    if (auth_session_load(window->client, NULL, &session, &error) == AUTH_STATUS_SUCCESS)
        show(window, session.username, "is signed in.");
    else
        show(window, auth_error_message(error), auth_error_recovery_suggestion(error));
    auth_error_free(error);
    auth_session_clear(&session);
    gtk_window_present(GTK_WINDOW(frame));
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    Window window = {.result = AUTH_SIGN_OUT_RESULT_INIT};
    GtkApplication *application;
    int status;

    if (argc != 4) {
        g_printerr("usage: %s APP_ID USER_POOL_ID CLIENT_ID\n", argv[0]);
        return 2;
    }
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.endpoint = g_getenv("COGNITO_ENDPOINT");
    if (auth_client_new(&options, &window.client, NULL) != AUTH_STATUS_SUCCESS) return 2;
    application = gtk_application_new(NULL, G_APPLICATION_NON_UNIQUE);
    g_signal_connect(application, "activate", G_CALLBACK(activate), &window);
    status = g_application_run(G_APPLICATION(application), 1, argv);
    auth_operation_free(window.operation);
    auth_sign_out_result_clear(&window.result);
    auth_client_free(window.client);
    g_object_unref(application);
    return status;
}
