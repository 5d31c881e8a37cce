/* SPDX-License-Identifier: Apache-2.0 */

/* Which of the system's certificates are believed: those in the directory of files named by hash, and those in the
 * bundle. Where both are is libcurl's to say; here it names folders of this program. */

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scene.h"

static char directory[] = "/tmp/cognitoauth-certificates.XXXXXX", bundle[sizeof directory + 8];

/* Takes the place of libcurl's. */
curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data changed;
    curl_version_info_data *(*own)(CURLversion) =
        (curl_version_info_data * (*)(CURLversion)) dlsym(RTLD_NEXT, "curl_version_info");
    changed = *own(age);
    changed.capath = directory;
    changed.cainfo = bundle;
    return &changed;
}

static void run(const char *command) { CHECK_INT(system(command), 0); }

static void remove_folder(void *unused)
{
    (void)unused;
    run(text("rm -rf %s", directory));
    strcpy(strrchr(directory, '.'), ".XXXXXX");
}

void set_scene(void)
{
    CHECK(mkdtemp(directory) != NULL);
    snprintf(bundle, sizeof bundle, "%s/bundle", directory);
    defer(remove_folder, NULL);
    server_select("good");
    server_reset();
    keyring_empty();
}

static const char *certificate(const char *name)
{
    return text("%s/%s.pem", getenv("COGNITOAUTH_TEST_CERTIFICATES"), name);
}

/* Links a file from the directory, by the hash of a certificate. */
static void link_by_hash(const char *certificate, const char *file)
{
    run(text("ln -s %s %s/$(openssl x509 -noout -hash -in %s).0", file, directory, certificate));
}

static void bundle_with(const char *certificate) { run(text("cat %s >>%s", certificate, bundle)); }

static const auth_sign_out_result *sign_out_anew(void)
{
    auth_client *client = scene_client();
    sign_in(client);
    return sign_out_global(client);
}

static void check_believed(void)
{
    CHECK_TEXT(told(sign_out_anew()), COMPLETE_GLOBAL);
    CHECK_INT(server_request_count(), 2);
    CHECK_INT(server_connection_count(), 1);
}

static void check_distrusted(void)
{
    CHECK_STATUS(sign_out_anew()->global_sign_out_error, AUTH_STATUS_TLS_FAILED);
    CHECK_INT(server_request_count(), 0);
}

TEST("an authority in the directory is believed, and a bundle that cannot be read is no obstacle")
{
    link_by_hash(certificate("ca"), certificate("ca"));
    check_believed();
    server_reset();
    bundle_with("/etc/passwd");
    check_believed();
}

TEST("an authority that somebody appended to the bundle is believed, on one connection")
{
    link_by_hash(certificate("self-signed"), certificate("self-signed"));
    bundle_with(certificate("self-signed"));
    bundle_with(certificate("ca"));
    check_believed();
}

TEST("a certificate that signs itself is believed where it is in the bundle only")
{
    server_select("self-signed");
    server_reset();
    link_by_hash(certificate("ca"), certificate("ca"));
    bundle_with(certificate("self-signed"));
    check_believed();
}

TEST("a directory whose links lead nowhere does not hide the bundle")
{
    link_by_hash(certificate("ca"), "/nonexistent/ca.pem");
    bundle_with(certificate("ca"));
    check_believed();
}

TEST("links that lead nowhere do not hide those that lead to a certificate")
{
    link_by_hash(certificate("self-signed"), "/nonexistent/other.pem");
    link_by_hash(certificate("ca"), certificate("ca"));
    check_believed();
}

TEST("an empty directory does not hide the bundle, and a bundle that is not there does not hide the directory")
{
    bundle_with(certificate("ca"));
    check_believed();
    server_reset();
    run(text("rm %s", bundle));
    link_by_hash(certificate("ca"), certificate("ca"));
    check_believed();
}

TEST("an https proxy is believed by the bundle too")
{
    link_by_hash(certificate("self-signed"), certificate("self-signed"));
    bundle_with(certificate("ca"));
    setenv("https_proxy", server_url(), 1);
    CHECK_TEXT(told(sign_out_anew()), COMPLETE_GLOBAL);
    unsetenv("https_proxy");
    CHECK_TEXT(server_operations(), "CONNECT GlobalSignOut RevokeToken");
}

TEST("an authority that neither of them has is not believed")
{
    link_by_hash(certificate("self-signed"), certificate("self-signed"));
    bundle_with(certificate("self-signed"));
    check_distrusted();
}

TEST("a certificate for another host is not believed, wherever its authority is")
{
    server_select("wrong-host");
    server_reset();
    bundle_with(certificate("ca"));
    check_distrusted();
    link_by_hash(certificate("self-signed"), certificate("self-signed"));
    check_distrusted();
    link_by_hash(certificate("ca"), certificate("ca"));
    check_distrusted();
}

TEST("a ca_file is the only one that counts")
{
    link_by_hash(certificate("ca"), certificate("ca"));
    bundle_with(certificate("ca"));
    auth_client_options options = scene_options();
    options.ca_file = certificate("self-signed");
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    CHECK_STATUS(sign_out(client)->revoke_token_error, AUTH_STATUS_TLS_FAILED);
}
