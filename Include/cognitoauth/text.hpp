/* SPDX-License-Identifier: Apache-2.0 */

/** @file text.hpp
 *  A string that goes in. */

#ifndef COGNITOAUTH_TEXT_HPP
#define COGNITOAUTH_TEXT_HPP

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "detail.hpp"

namespace cognitoauth {
inline namespace v0 {

/** A string that goes into the library: a copy of its own, which is wiped when it is destroyed or assigned over.
 *
 *  It is made of any string, which need not end with NUL. A default one is NULL in C. A NUL inside is kept out: the
 *  library refuses the string as INVALID_ARGUMENT. */
class Text {
public:
    Text() noexcept = default;
    /** Copies a string. */
    Text(std::string_view text) : size_(text.size())
    {
        if (!text.data()) return;
        text_.reset(new char[size_ + 1]);
        // A NUL would hide what follows. No UTF-8 has this byte, so that the library refuses it.
        for (std::size_t index = 0; index < size_; index++) text_[index] = text[index] ? text[index] : '\xff';
        text_[size_] = '\0';
    }
    /** Copies a string. NULL makes a default one. */
    Text(const char *text) : Text(detail::view(text)) {}
    /** Copies a string. */
    Text(const std::string &text) : Text(std::string_view(text)) {}
    /** Copies it. */
    Text(const Text &other) : Text(std::string_view(other)) {}
    /** Takes it over; the other one is a default one then. */
    Text(Text &&other) noexcept : size_(std::exchange(other.size_, 0)), text_(std::move(other.text_)) {}
    /** Wipes what it was. */
    Text &operator=(Text other) noexcept
    {
        std::swap(size_, other.size_);
        std::swap(text_, other.text_);
        return *this;
    }
    ~Text()
    {
        volatile char *text = text_.get();
        if (!text) return;
        for (std::size_t index = 0; index < size_; index++) text[index] = '\0';
    }

    /** Whether it has no bytes. */
    bool empty() const noexcept { return size_ == 0; }
    /** In bytes. */
    std::size_t size() const noexcept { return size_; }

    /** Valid as long as this is not changed. */
    operator std::string_view() const noexcept COGNITOAUTH_BORROWED { return {text_.get(), size_}; }

    /** NULL if it is a default one. */
    const char *c_str() const noexcept COGNITOAUTH_BORROWED { return text_.get(); }

private:
    std::size_t size_ = 0;
    std::unique_ptr<char[]> text_;
};

namespace detail {

/** For C: NULL if the text is empty. */
inline const char *or_null(const Text &text) noexcept { return text.empty() ? nullptr : text.c_str(); }

} // namespace detail

} // namespace v0
} // namespace cognitoauth

#endif
