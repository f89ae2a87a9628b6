// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The modules that somebody has: a folder lib/modules/VERSION, .ko files, packages. All are listed;
// only those that are wanted are read.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/core/finding.h"
#include "lib/kernel/module_file.h"
#include "lib/system/env.h"

namespace trxkit::kernel {

/// A module that was read.
struct Module {
  std::string name;      ///< as the kernel calls it
  std::string path;      ///< below lib/modules/VERSION, without the ending of a compression
  std::string contents;  ///< uncompressed
  ModuleFile file;
};

/// The file that `reader` has delivered last, the module `path`, uncompressed. Errors: those of
/// `reader`; Code::bad_input where it cannot be unpacked or has more than `limit` bytes.
Result<std::string> read_module_contents(archive::Reader& reader, const std::string& path,
                                         std::uint64_t limit);

class ModuleSet {
 public:
  /// Lists `paths`, each a folder, a module or a package (ipk, tar, deb). MOD011 goes to
  /// `findings`. Errors: Code::io, Code::bad_input for what is none of these.
  static Result<ModuleSet> open(const std::vector<std::string>& paths, const Env& env,
                                Findings& findings);

  bool lists(const std::string& name) const { return places_.contains(name); }
  /// Whether modules.builtin says that `name` is part of the kernel; nothing where there is no
  /// modules.builtin.
  std::optional<bool> built_in(const std::string& name) const;
  /// What the folder of the modules is called, where it looks like a kernel's version: "6.1.0".
  const std::string& folder_release() const { return folder_release_; }
  /// Modules that modules.dep lists and that are not there.
  const std::vector<std::string>& lost() const { return lost_; }

  /// Reads those of `names` that are listed and were not read before: one pass for all. What cannot
  /// be read is MOD010. Errors: Code::io; Code::bad_input for more than 64 MiB.
  Status load(const std::set<std::string>& names, Findings& findings);
  /// A module that was read, or null.
  const Module* find(const std::string& name) const;

 private:
  struct Place {
    std::size_t source = 0;
    std::string path;
  };
  Status list(const archive::Source& source, std::size_t number, Findings& findings);
  Status load_from(std::size_t number, std::map<std::string, std::string>& wanted,
                   Findings& findings);
  Status take(const std::string& name, const std::string& path, std::string contents,
              const std::string& where, Findings& findings);
  void note_release(const std::string& path);
  void note_dependencies(std::string_view text);

  std::vector<archive::SourcePointer> sources_;
  std::map<std::string, Place> places_;
  std::map<std::string, Module> modules_;
  std::set<std::string> tried_;
  std::optional<std::set<std::string>> built_in_;
  std::set<std::string> in_modules_dep_;
  std::vector<std::string> lost_;
  std::string folder_release_;
  std::uint64_t bytes_ = 0;
};

}  // namespace trxkit::kernel
