/* SPDX-License-Identifier: Apache-2.0 */

/* The copies that the C++ wrapper makes of what goes in: none of them stays. */

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <new>

#include "wrapper.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_ITS_OWN_NEW
#endif
#endif
#ifndef HAS_ITS_OWN_NEW

/* A function of which the compiler knows nothing but its name, as it does of a library's. What it saw in an operator would
 * decide which wipes stay, here and in no other program. What was counted is asked for with a call: from version 15 on,
 * gcc assumes that no operator new or delete changes what a program can see, and would use what it was before. */
#if defined(__has_attribute)
#if __has_attribute(noipa)
#define OPAQUE __attribute__((noipa))
#endif
#endif
#ifndef OPAQUE
#define OPAQUE __attribute__((noinline))
#endif

/* How many blocks of one size were made, and what became of them. */
static struct Watch {
    std::size_t size;
    void *block;
    int made, wiped, left;
} watch;

OPAQUE static void watch_blocks(std::size_t size) { watch = {size, nullptr, 0, 0, 0}; }
OPAQUE static Watch seen() { return watch; }

OPAQUE void *operator new[](std::size_t size)
{
    void *block = std::malloc(size);
    if (!block) std::abort();
    if (size == watch.size) {
        // Not zeros, so that a block into which nobody wrote is not one that was wiped.
        watch.block = std::memset(block, '?', size);
        watch.made++;
    }
    return block;
}

/* The last byte is for the NUL at the end of a text, which is no secret, and which gcc 16 does not even write where nobody
 * reads it. */
OPAQUE void operator delete[](void *block) noexcept
{
    if (block && block == watch.block) {
        const volatile char *bytes = static_cast<const char *>(block);
        std::size_t count = 0;
        while (count < watch.size - 1 && bytes[count] == '\0') count++;
        (count == watch.size - 1 ? watch.wiped : watch.left)++;
        watch.block = nullptr;
    }
    std::free(block);
}

void operator delete[](void *block, std::size_t) noexcept { operator delete[](block); }

/* That `call` copies a secret of this length so often, and wipes all copies. */
template <class Call> static void check_wiped(const char *what, std::size_t length, int copies, Call call)
{
    during(what);
    watch_blocks(length + 1);
    call();
    const Watch watch = seen();
    watch_blocks(0);
    CHECK_INT(watch.made, copies);
    CHECK_INT(watch.wiped, copies);
    CHECK_INT(watch.left, 0);
    during(nullptr);
}

#define CLIENT_SECRET "secretsecretsecretsecretsecretsecretsecret7"
#define PROXY "http://user:password-of-a-proxy-that-is-long@localhost:1"

TEST("every copy of a string that goes in is wiped before it is freed, and a call makes none of what a struct holds")
{
    const char *const token = long_token(1001);
    const ClientOptions scene = options_of_scene();
    check_wiped("client_secret", sizeof CLIENT_SECRET - 1, 1, [&] {
        ClientOptions options = scene;
        options.client_secret = CLIENT_SECRET;
        CHECK(bool(Client::make(options)));
    });
    check_wiped("proxy", sizeof PROXY - 1, 1, [&] {
        ClientOptions options = scene;
        options.proxy = PROXY;
        CHECK(bool(Client::make(options)));
    });
    Client client = make();
    for (auto part : {&NewSession::access_token, &NewSession::id_token, &NewSession::refresh_token}) {
        check_wiped("save", 1001, 1, [&] {
            NewSession session = session_for(3600);
            session.*part = token;
            CHECK(bool(client.save(session)));
            CHECK(bool(finished(client.start_save(session))));
            session.username = "\n";
            CHECK(!client.save(session));
        });
    }
    check_wiped("retry", 1001, 1, [&] { CHECK(client.retry(token).failed()); });
    check_wiped("start_retry", 1001, 1, [&] { CHECK(finished(client.start_retry(token)).failed()); });
}

TEST("a string that is assigned over or moved is wiped once, where it ends")
{
    const std::string secret(777, 's');
    check_wiped("assigned over", secret.size(), 1, [&] {
        Text text = secret;
        text = "another";
        CHECK(std::string_view(text) == "another");
    });
    check_wiped("moved", secret.size(), 1, [&] {
        Text text = secret, other = std::move(text);
        CHECK(text.empty() && text.c_str() == nullptr && std::string_view(other) == secret);
        text = std::move(other);
        Text &same = text;
        text = std::move(same);
        CHECK(std::string_view(text).size() <= secret.size());
    });
}

#else

TEST("every copy of a string that goes in is wiped before it is freed, and a call makes none of what a struct holds")
{ std::puts("  not tried: ThreadSanitizer has an operator new of its own"); }

#endif
