// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/ownership.h"

#include <algorithm>
#include <limits>
#include <ranges>

#include "lib/archive/path.h"
#include "lib/core/units.h"

namespace trxkit::rootfs {
namespace {

using archive::Entry;

bool means(const OwnerRule& rule, std::string_view path) {
  if (path == rule.path) return true;
  if (!rule.with_tree) return false;
  return rule.path.empty() || (path.starts_with(rule.path) && path[rule.path.size()] == '/');
}

Result<std::uint32_t> parse_id(std::string_view text) {
  std::uint64_t number = TRY(parse_number(text));
  // The largest number means "unchanged" to chown(2).
  if (number < std::numeric_limits<std::uint32_t>::max()) return static_cast<std::uint32_t>(number);
  return fail(Code::usage, "{} is no user or group id", number);
}

Result<OwnerRule> parse(std::string_view text) {
  std::size_t equals = text.rfind('=');
  std::string_view ids = equals == text.npos ? std::string_view() : text.substr(equals + 1);
  std::size_t colon = ids.find(':');
  if (equals == 0 || colon == ids.npos) return fail(Code::usage, "is not PATH=UID:GID");
  std::string_view path = text.substr(0, equals);
  OwnerRule rule;
  rule.path = TRY(archive::normalise_path(path));
  rule.with_tree = path.ends_with('/');
  rule.uid = TRY(parse_id(ids.substr(0, colon)));
  rule.gid = TRY(parse_id(ids.substr(colon + 1)));
  return rule;
}

}  // namespace

Result<OwnerRule> parse_owner(std::string_view text) {
  auto rule = parse(text);
  if (rule) return rule;
  return advise(
      fail(Code::usage, "the owner {}: {}", archive::shown(text), rule.error().what),
      "numbers, such as /srv/www/=1000:1000; with '/' at its end PATH means all below it");
}

void change_owner(Entry& entry, const std::vector<OwnerRule>& rules) {
  for (const OwnerRule& rule : std::views::reverse(rules)) {
    if (!means(rule, entry.path)) continue;
    entry.uid = rule.uid;
    entry.gid = rule.gid;
    return;
  }
}

Status check_owners(const archive::Source& tree, const std::vector<OwnerRule>& rules) {
  std::vector<bool> found(rules.size());
  std::unique_ptr<archive::Reader> reader = TRY(tree.open());
  while (auto entry = TRY(reader->next())) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (!means(rules[i], entry->path)) continue;
      found[i] = true;
      if (entry->type != archive::EntryType::hard_link || entry->path != rules[i].path) continue;
      return advise(
          fail_at({tree.name(), {}}, Code::bad_input, "{} is a hard link",
                  archive::shown(entry->path)),
          fmt::format("give the owner of /{}, which it is a name of", entry->link_target));
    }
  }
  auto missing = std::ranges::find(found, false);
  if (missing == found.end()) return {};
  const OwnerRule& rule = rules[static_cast<std::size_t>(missing - found.begin())];
  return fail_at({tree.name(), {}}, Code::bad_input, "has no {} that could get an owner",
                 archive::shown(rule.path));
}

}  // namespace trxkit::rootfs
