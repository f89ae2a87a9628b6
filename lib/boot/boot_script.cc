// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/boot_script.h"

#include <sstream>
#include <string_view>

#include "lib/rootfs/template.h"

namespace trxkit::boot {
namespace {

constexpr std::string_view kSource = ". boot/";
// boot.sh reads up to three digits.
constexpr unsigned kLongestTimeout = 999;

}  // namespace

Result<std::string> boot_script(const Env& env) {
  std::istringstream lines(TRY(rootfs::load_template("boot.sh", env)));
  std::string script;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kSource)) {
      script += TRY(rootfs::load_template(line.substr(2), env));
    } else {
      script += line + "\n";
    }
  }
  return script;
}

Result<std::string> boot_settings_text(unsigned timeout, bool guard) {
  if (timeout > kLongestTimeout) {
    return fail(Code::usage, "{} seconds for a choice of entries; {} is the longest", timeout,
                kLongestTimeout);
  }
  std::string text;
  if (timeout != kChoiceTimeout) text += fmt::format("timeout {}\n", timeout);
  if (!guard) text += "guard no\n";
  return text;
}

}  // namespace trxkit::boot
