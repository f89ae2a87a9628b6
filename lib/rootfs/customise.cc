// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/customise.h"

#include <algorithm>
#include <iterator>

#include "lib/archive/merge.h"
#include "lib/rootfs/account_changes.h"
#include "lib/rootfs/additions.h"
#include "lib/rootfs/ownership.h"

namespace trxkit::rootfs {
namespace {

Result<std::vector<PasswordHash>> parse_passwords(const std::vector<std::string>& texts) {
  std::vector<PasswordHash> passwords;
  for (const std::string& text : texts) passwords.push_back(TRY(parse_password_hash(text)));
  return passwords;
}

Result<std::vector<OwnerRule>> parse_owners(const std::vector<std::string>& texts) {
  std::vector<OwnerRule> rules;
  for (const std::string& text : texts) rules.push_back(TRY(parse_owner(text)));
  return rules;
}

}  // namespace

std::vector<std::string> Customisation::files_read() const {
  std::vector<std::string> files = ssh_keys;
  for (const std::string& addition : additions) files.push_back(host_path_of(addition));
  return files;
}

std::string Customisation::text() const {
  std::string text;
  for (const std::string& addition : additions) {
    text += fmt::format("add {}\n", addition.substr(host_path_of(addition).size()));
  }
  for (const std::string& owner : owners) text += fmt::format("chown {}\n", owner);
  for (const std::string& hash : password_hashes) text += fmt::format("password {}\n", hash);
  return text;
}

Result<CustomisedRoot> customise(archive::SourcePointer base, const Customisation& changes,
                                 const archive::SourceOptions& options, const Env& env,
                                 Findings& findings) {
  const std::vector<PasswordHash> passwords = TRY(parse_passwords(changes.password_hashes));
  std::vector<OwnerRule> owners = TRY(parse_owners(changes.owners));
  CustomisedRoot root;
  std::vector<archive::SourcePointer> layers{std::move(base)};
  for (const std::string& text : changes.additions) {
    Addition addition = TRY(open_addition(text, options, env));
    layers.push_back(std::move(addition.tree));
    root.inputs.push_back(std::move(addition.file));
  }
  if (!passwords.empty() || !changes.ssh_keys.empty()) {
    Findings seen_again;  // by the merge that is kept
    auto merged = TRY(archive::merge(layers, {.latest_time = env.source_date_epoch}, seen_again));
    AccountLayer accounts = TRY(change_accounts(*merged, passwords, changes.ssh_keys, env));
    layers.push_back(std::move(accounts.tree));
    std::ranges::move(accounts.inputs, std::back_inserter(root.inputs));
  }
  archive::MergeOptions how{.latest_time = env.source_date_epoch};
  if (!owners.empty()) {
    how.filter = [owners](archive::Entry& entry) {
      change_owner(entry, owners);
      return true;
    };
  }
  root.tree = TRY(archive::merge(std::move(layers), std::move(how), findings));
  TRY(check_owners(*root.tree, owners));
  return root;
}

}  // namespace trxkit::rootfs
