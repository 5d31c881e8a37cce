/* SPDX-License-Identifier: Apache-2.0 */

/** @file detail.hpp
 *  What the other headers for C++ share. A program includes auth.hpp. */

#ifndef COGNITOAUTH_DETAIL_HPP
#define COGNITOAUTH_DETAIL_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "auth.h"

// What a function returns lives as long as its object: clang warns in most places where that is a temporary.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define COGNITOAUTH_BORROWED [[clang::lifetimebound]]
#endif
#endif
#ifndef COGNITOAUTH_BORROWED
#define COGNITOAUTH_BORROWED
#endif

namespace cognitoauth {
// Another name whenever a class of these headers changes: so programs and libraries that were built with different
// versions of them can be in one process.
inline namespace v0 {

/** A time in Unix seconds, all of which it can hold. Tokens may name any: compare it with
 *  floor<seconds>(system_clock::now()), as nanoseconds end in 2262. */
using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

namespace detail {

/** A struct of the library's: its size, and nothing else. */
template <class Struct> Struct blank() noexcept
{
    Struct fields{};
    fields.struct_size = sizeof fields;
    return fields;
}

/** An output struct, and what it owns. */
template <class Struct, void (*Clear)(Struct *)> class Output {
public:
    Output() noexcept = default;
    Output(Output &&other) noexcept : fields(std::exchange(other.fields, blank<Struct>())) {}
    Output &operator=(Output &&other) noexcept
    {
        Output taken(std::move(other));
        std::swap(fields, taken.fields);
        return *this;
    }
    ~Output() { Clear(&fields); }

    Struct fields = blank<Struct>();
};

inline std::string_view view(const char *text) noexcept { return text ? std::string_view(text) : std::string_view(); }

/** A duration as the library takes it: one that does not fit is one that it refuses. */
inline std::int32_t milliseconds(std::chrono::milliseconds duration) noexcept
{
    using Limits = std::numeric_limits<std::int32_t>;
    if (duration.count() > Limits::max()) return Limits::max();
    if (duration.count() < Limits::min()) return Limits::min();
    return static_cast<std::int32_t>(duration.count());
}

inline std::optional<UnixTime> time(std::int64_t seconds) noexcept
{
    if (seconds == 0) return std::nullopt;
    return UnixTime(std::chrono::seconds(seconds));
}

} // namespace detail

} // namespace v0
} // namespace cognitoauth

#endif
