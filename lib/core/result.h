// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Value or error. Every function that can fail returns Result<T> or Status; exceptions are for
// programming errors and exhausted memory alone.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace trxkit {

/// Why something failed, as coarse as a caller or a shell script can act on it. The exit status of
/// a command follows from it (lib/cli/report.h).
enum class Code : std::uint8_t {
  usage,          ///< the request itself is wrong: unknown option, contradictory values
  bad_input,      ///< a file is not what it should be
  does_not_fit,   ///< the pieces are right, but too large for the place they have to go
  refused,        ///< doing it could damage something; there is an option that says "I know"
  external_tool,  ///< a program we need is missing or failed
  io,             ///< the operating system could not read, write or allocate
};

/// A place in a file: a byte offset, or a line and column (both from 1), or the file alone.
struct Where {
  std::string file;                          ///< as the user named it; empty if there is none
  std::optional<std::uint64_t> offset = {};  ///< bytes from the start of the file
  std::uint32_t line = 0;                    ///< 0: no line
  std::uint32_t column = 0;                  ///< 0: no column

  /// "image.trx@0x14", "board.toml:3:9", "image.trx" or "".
  std::string text() const;
};

/// One failure: what went wrong, where, and what to do about it.
struct Error {
  Code code = Code::bad_input;
  std::string what;  ///< lower case, no full stop, no place
  Where where = {};
  std::string hint = {};         ///< what the user can do; may be empty
  std::string finding = {};      ///< stable finding code ("TRX012") where the failure is one
  std::string source_line = {};  ///< text of the line that `where` names, shown with a caret
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

/// An Error without a place: `return fail(Code::io, "cannot open: {}", reason);`
template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail(Code code, fmt::format_string<Args...> format,
                                          Args&&... args) {
  return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

/// The same with a place.
template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail_at(Where where, Code code,
                                             fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(
      Error{code, fmt::format(format, std::forward<Args>(args)...), std::move(where)});
}

/// The same error with advice: `return advise(fail(...), "use --force")`.
[[nodiscard]] inline std::unexpected<Error> advise(std::unexpected<Error> failure,
                                                   std::string hint) {
  failure.error().hint = std::move(hint);
  return failure;
}

}  // namespace trxkit

/// The value of `expression`, or return its error from the enclosing function. The one macro of
/// the house: g++ 12 has std::expected without its monadic members, and an early return written
/// out at every call hides what a function does.
#define TRY(expression)                                                     \
  (__extension__({                                                          \
    auto try_result = (expression);                                         \
    if (!try_result) return std::unexpected(std::move(try_result).error()); \
    *std::move(try_result);                                                 \
  }))
