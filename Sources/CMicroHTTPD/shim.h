/* SPDX-License-Identifier: Apache-2.0 */

#ifndef COGNITOAUTH_MICROHTTPD_SHIM_H
#define COGNITOAUTH_MICROHTTPD_SHIM_H

#include <microhttpd.h>

/* What libmicrohttpd tells us of, with `data`. */
typedef struct cognitoauth_http_callbacks {
    MHD_NotifyConnectionCallback connection;
    void *(*target)(void *data, const char *target, struct MHD_Connection *connection);
    MHD_AccessHandlerCallback request;
    void *data;
} cognitoauth_http_callbacks;

/* A server that is handed its connections, and works while it is run. `memory`: of each connection, in bytes. Variadic in
   C. */
static inline struct MHD_Daemon *cognitoauth_http_start(const cognitoauth_http_callbacks *callbacks,
                                                        unsigned int connections, size_t memory)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
        callbacks->request, callbacks->data, MHD_OPTION_NOTIFY_CONNECTION, callbacks->connection, callbacks->data,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks->target, callbacks->data, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

/* Readable when the server has something to do; -1 if it has no such descriptor. Variadic in C. */
static inline int cognitoauth_http_descriptor(struct MHD_Daemon *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server, MHD_DAEMON_INFO_EPOLL_FD);

    return info == NULL ? -1 : info->epoll_fd;
}

/* Of a connection; -1 if it is not known. Variadic in C. */
static inline int cognitoauth_http_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info == NULL ? -1 : info->connect_fd;
}

/* What `connection` was told to keep. Variadic in C. */
static inline void *cognitoauth_http_context(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

#endif
