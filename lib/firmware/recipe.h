// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A free composition: header fields and steps, as the options of trxtool pack say them and as a
// recipe file holds them, one option a line. Says what is wanted; whether the image is sound is
// judged elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/system/env.h"
#include "lib/trx/compose.h"

namespace trxkit::firmware {

/// One step, in the order of the command line.
struct PackStep {
  enum class Kind : std::uint8_t {
    part,    ///< the file becomes the next part
    append,  ///< the file goes behind the last part, into it
    behind,  ///< length and CRC end here, the file goes behind
    before,  ///< the file goes in front of the header, as it is
    fourth,  ///< the file becomes part 4 of version 2, whatever parts there are before
    align,   ///< what follows starts at a multiple of `value` bytes (from the header)
    offset,  ///< what follows starts `value` bytes from the header
    zeros,   ///< `value` bytes of value 0
    cut,     ///< the last `value` bytes are taken away again
  };
  Kind kind = Kind::part;
  std::string file;         ///< of part, append, behind, before and fourth
  std::uint64_t value = 0;  ///< bytes, of the others
};

struct Recipe {
  std::string file;                      ///< where it was read; empty: from options
  std::optional<std::uint32_t> magic;    ///< the board's, unless it is said
  std::optional<std::uint16_t> version;  ///< 1 or 2; the board's or 1, unless it is said
  std::uint16_t flags = 0;
  std::uint64_t alignment = trx::kImageAlignment;  ///< of the file's size: bytes, a power of two
  std::vector<PackStep> steps;

  /// What is in front of the header; null: nothing.
  const PackStep* before() const;
  /// The same as `option` ("--part") with `value` on the command line. Errors: Code::usage for an
  /// option that is none of recipe_options(), a number that is none or impossible, a second
  /// "--before".
  Status apply(std::string_view option, const std::string& value);
};

struct RecipeOption {
  std::string_view name;  ///< "--part"
  std::string_view help;  ///< one line
};

/// Every option that a recipe may have.
std::span<const RecipeOption> recipe_options();

/// The lines of a recipe file: `comment` as such, then one option each.
std::string print(const Recipe& recipe, std::span<const std::string> comment);

/// Reads a recipe file; its files are found beside it. Lines are an option and its value, empty, or
/// a comment that begins with '#'. Errors: Code::io; Code::usage with the line.
Result<Recipe> read_recipe(const std::string& path, const Env& env);

}  // namespace trxkit::firmware
