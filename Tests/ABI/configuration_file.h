/* SPDX-License-Identifier: Apache-2.0 */

/* An Amplify project's configuration file, and the clients that are made from it or refused. All of it lives until the
 * case is over. */

#ifndef CONFIGURATION_FILE_H
#define CONFIGURATION_FILE_H

#include <stddef.h>

#include "scene.h"

/* What Tests/Support/amplify/amplifyconfiguration.json holds. */
#define GEN_1_POOL_ID "us-west-2_ConfigGen1"
#define GEN_1_CLIENT_ID "1configuration1client1exmp"
#define GEN_1_SECRET "1configuration1secret1example1of1the1first1generatn"
#define GEN_1_ENDPOINT "cognito.mail.example"

/* The least that a file of the second generation needs. */
#define GEN_2_LEAST "{'auth':{'user_pool_id':'eu-west-1_Least','user_pool_client_id':'least'}}"

/* The size up to which a file is read. */
enum { LARGEST = 1 << 20 };

/* A folder of the case's own, and a path in it. */
const char *folder(void);
const char *in_folder(const char *name);

/* Write a file there and return its path; JSON is written with ' for ". */
const char *put_bytes(const char *name, const char *bytes, size_t size);
const char *put(const char *name, const char *content);
const char *put_json(const char *json);

/* The path of a file of Tests/Support/amplify; of a copy with something in it replaced; and of
 * amplifyconfiguration.json with the selected server as its endpoint. */
const char *sample_path(const char *name);
const char *put_sample(const char *name, const char *old, const char *new);
const char *put_gen_1(void);

/* The options that no file has. */
auth_client_options only_app_id(void);

/* A client of a file, without other options or with these. */
auth_client *client_from(const char *path);
auth_client *client_with(const char *path, const auth_client_options *options);

/* No client is made, with this message and nothing left behind, whether or not the error is asked for. */
void refuse(const char *path, auth_status status, const char *message);
void refuse_with(const char *path, const auth_client_options *options, auth_status status, const char *message);

/* ... and at once, with AUTH_STATUS_CONFIGURATION_UNREADABLE. */
void refuse_unreadable(const char *path, const char *message);
#define NOTHING_THERE "There is no configuration file at this path."

/* The open descriptors of this process. A connection of keyring.h's to the bus may still be closing: it may fall. */
int descriptor_count(void);

#endif
