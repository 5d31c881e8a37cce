/* SPDX-License-Identifier: Apache-2.0 */

/* libcurl's setters are variadic, which Swift cannot call. */

#ifndef COGNITOAUTH_CURL_SHIM_H
#define COGNITOAUTH_CURL_SHIM_H

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

/* The macros that check types do nothing for a value whose type is fixed here. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

static inline CURLcode cognitoauth_curl_set_number(CURL *handle, CURLoption option, long value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode cognitoauth_curl_set_text(CURL *handle, CURLoption option, const char *value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode cognitoauth_curl_set_data(CURL *handle, CURLoption option, const void *value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode cognitoauth_curl_set_headers(CURL *handle, const struct curl_slist *headers)
{
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

/* libcurl frees its copies of the lines as they are, and one of them may hold a client secret. */
static inline void cognitoauth_curl_free_headers(struct curl_slist *headers)
{
    for (struct curl_slist *header = headers; header != NULL; header = header->next)
        explicit_bzero(header->data, strlen(header->data));
    curl_slist_free_all(headers);
}

static inline CURLcode cognitoauth_curl_set_write_function(CURL *handle, curl_write_callback function)
{
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, function);
}

static inline CURLcode cognitoauth_curl_set_header_function(CURL *handle, curl_write_callback function)
{
    return curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, function);
}

static inline CURLcode cognitoauth_curl_set_debug_function(CURL *handle, curl_debug_callback function)
{
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, function);
}

static inline curl_socket_t cognitoauth_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)data;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* libcurl's own sockets would be inherited by what the program executes. */
static inline CURLcode cognitoauth_curl_close_sockets_on_exec(CURL *handle)
{
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, cognitoauth_open_socket);
}

static inline CURLcode cognitoauth_curl_set_prerequest_function(CURL *handle, curl_prereq_callback function)
{
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, function);
}

/* Those that are kept once they are not in use. */
static inline CURLMcode cognitoauth_curl_limit_connections(CURLM *handle, long count)
{
    return curl_multi_setopt(handle, CURLMOPT_MAXCONNECTS, count);
}

static inline long cognitoauth_curl_get_number(CURL *handle, CURLINFO info)
{
    long value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

static inline curl_off_t cognitoauth_curl_get_offset(CURL *handle, CURLINFO info)
{
    curl_off_t value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

/* The result is in a union, which Swift reads as bytes. */
static inline CURLcode cognitoauth_curl_message_result(const CURLMsg *message) { return message->data.result; }

/* A macro. */
static const CURLversion cognitoauth_curl_version_now = CURLVERSION_NOW;

/* Of libcurl 7.85; Debian 12 has 7.88. */
static const CURLoption cognitoauth_curl_protocols = CURLOPT_PROTOCOLS_STR;

#endif
