/* SPDX-License-Identifier: Apache-2.0 */

/* Preloaded, it lets libcurl say that the system's certificates are in BENCHMARK_SYSTEM_FOLDER. The library takes them
 * from where libcurl says: so it trusts the test's authority too, and looks for it as it does for any other. */

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>

curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data data;
    curl_version_info_data *(*original)(CURLversion);
    *(void **)&original = dlsym(RTLD_NEXT, "curl_version_info");
    if (!original) abort();
    data = *original(age);
    data.capath = getenv("BENCHMARK_SYSTEM_FOLDER");
    return &data;
}
