// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The options that all verbs share which make a stick's contents, and the report on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/boot/stick.h"
#include "lib/cli/program.h"

#include "mkbootusb/name_options.h"
#include "mkbootusb/start_options.h"

namespace trxkit {

/// What stands on the command line; complete() turns it into what the library wants.
struct StickOptions {
  std::string board;
  std::optional<std::uint64_t> free;
  std::string boot_filesystem = "fat32";
  std::string table = "mbr";
  std::string root_as = "image";
  std::optional<std::uint64_t> swap;  ///< bytes
  std::optional<std::uint64_t> data;  ///< bytes
  bool data_grows = false;            ///< --grow-data
  std::string resize2fs;
  std::string medium;  ///< --uuid
  NameOptions names;
  std::vector<std::string> entries;             ///< --entry, as given
  bool pair = false;                            ///< --ab
  bool read_only = false;                       ///< --read-only-stick
  std::optional<std::uint64_t> choice_timeout;  ///< --timeout, seconds
  StartOptions start;
  boot::EntryRequest entry;    ///< the only one, or what the others start from
  boot::StickRequest request;  ///< programs

  /// Declares the options on `verb`; `this` must stay where it is.
  void declare(cli::Verb& verb);
  /// Errors: Code::usage for contradictions and unknown boards; those of the board file.
  Result<boot::StickRequest> complete(const Env& env) const;
};

/// A verb that makes a stick's contents: "image" and "tree" differ in nothing else.
struct StickVerb {
  const char* name;
  const char* summary;
  const char* target_option;  ///< where they go: "-o,--output"
  const char* target_help;
  decltype(boot::write_stick_image)* write;
  /// Says what the user does next with `target`.
  void (*advise)(const boot::StickRequest& request, const boot::StickResult& result,
                 const std::string& target, cli::Report& report);
};

void add_stick_verb(cli::Program& program, const StickVerb& verb);

}  // namespace trxkit
