// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/accounts.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/core/nearest.h"

namespace trxkit::rootfs {
namespace {

using Fields = std::vector<std::string>;

// Numbers of the fields of a line in passwd and shadow.
constexpr std::size_t kUser = 0;
constexpr std::size_t kPassword = 1;
constexpr std::size_t kHome = 5;

// crypt(5) of libxcrypt: between '$' signs the method, its parameters and salt, the digest.
struct HashForm {
  std::string_view method;
  std::size_t fewest_fields;  // between '$' signs; the one before the first is empty
  std::size_t most_fields;
  std::size_t digest;  // characters of the last field
  bool only_libxcrypt = false;
};

constexpr std::array kHashForms{
    HashForm{"1", 4, 4, 22},       HashForm{"5", 4, 5, 43},       HashForm{"6", 4, 5, 86},
    HashForm{"2a", 4, 4, 53},      HashForm{"2b", 4, 4, 53},      HashForm{"2y", 4, 4, 53},
    HashForm{"7", 4, 4, 43, true}, HashForm{"y", 5, 5, 43, true}, HashForm{"gy", 5, 5, 43, true}};

Fields split(std::string_view text, char separator) {
  Fields fields;
  for (auto field : std::views::split(text, separator))
    fields.emplace_back(field.begin(), field.end());
  return fields;
}

std::string join(const Fields& fields, char separator) {
  return fmt::format("{}", fmt::join(fields, std::string(1, separator)));
}

bool is_digest_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '/';
}

const HashForm* form_of(std::string_view hash) {
  Fields fields = split(hash, '$');
  if (fields.size() < 2 || !fields[0].empty()) return nullptr;
  auto form = std::ranges::find(kHashForms, fields[1], &HashForm::method);
  return form == kHashForms.end() ? nullptr : &*form;
}

// What keeps `hash` from being one, or nothing.
std::string_view fault_of(std::string_view hash) {
  if (hash == "*" || hash == "!") return {};
  const HashForm* form = form_of(hash);
  if (form == nullptr) return "is no password hash";
  bool clean = std::ranges::all_of(hash, [](char c) { return c > ' ' && c < 127 && c != ':'; });
  if (!clean) return "has a character that no hash has";
  Fields fields = split(hash, '$');
  if (fields.size() < form->fewest_fields || fields.size() > form->most_fields) {
    return "is not complete";
  }
  if (fields.back().size() != form->digest) return "is not as long as its kind is";
  bool digest = std::ranges::all_of(fields.back(), is_digest_character);
  return digest ? std::string_view() : "has a character that no hash has";
}

bool is_user_name(std::string_view name) {
  constexpr std::size_t kLongest = 32;  // shadow's useradd
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-").contains(c);
  };
  return !name.empty() && name.size() <= kLongest && name[0] != '-' &&
         std::ranges::all_of(name, allowed);
}

// The lines of a file, so that join(lines, '\n') gives it back.
Fields* line_of(std::vector<Fields>& lines, std::string_view user) {
  for (Fields& line : lines) {
    if (line.size() > kPassword && line[kUser] == user) return &line;
  }
  return nullptr;
}

std::vector<Fields> read_lines(std::string_view text) {
  std::vector<Fields> lines;
  for (const std::string& line : split(text, '\n')) lines.push_back(split(line, ':'));
  return lines;
}

std::string text_of(const std::vector<Fields>& lines) {
  Fields text;
  for (const Fields& line : lines) text.push_back(join(line, ':'));
  return join(text, '\n');
}

std::unexpected<Error> no_such_user(const std::vector<Fields>& lines, const std::string& user) {
  Fields known;
  for (const Fields& line : lines) {
    if (line.size() > kPassword) known.push_back(line[kUser]);
  }
  std::string meant = nearest(user, known);
  return advise(fail(Code::bad_input, "/etc/passwd has no user {}", user),
                meant.empty() ? fmt::format("it has: {}", fmt::join(known, ", "))
                              : fmt::format("did you mean {}?", meant));
}

void set_in_shadow(std::string& shadow, const PasswordHash& password, std::int64_t day) {
  std::vector<Fields> lines = read_lines(shadow);
  if (Fields* line = line_of(lines, password.user)) {
    (*line)[kPassword] = password.hash;
    shadow = text_of(lines);
    return;
  }
  if (!shadow.empty() && !shadow.ends_with('\n')) shadow += '\n';
  shadow += fmt::format("{}:{}:{}:0:99999:7:::\n", password.user, password.hash, day);
}

}  // namespace

Result<PasswordHash> parse_password_hash(std::string_view text) {
  constexpr std::string_view kHint =
      "USER=HASH; \"openssl passwd -6\" asks for a password and "
      "prints its hash";
  std::size_t equals = text.find('=');
  std::string_view user = text.substr(0, equals);
  if (equals == std::string_view::npos || !is_user_name(user)) {
    return advise(fail(Code::usage, "a password needs the user that it is for"),
                  std::string(kHint));
  }
  std::string_view hash = text.substr(equals + 1);
  // The text itself is not repeated: it may be the password.
  if (std::string_view fault = fault_of(hash); !fault.empty()) {
    return advise(fail(Code::usage, "what is given as the password hash of {} {}", user, fault),
                  std::string(kHint));
  }
  return PasswordHash{std::string(user), std::string(hash)};
}

bool needs_libxcrypt(const PasswordHash& password) {
  const HashForm* form = form_of(password.hash);
  return form != nullptr && form->only_libxcrypt;
}

Status set_password(AccountFiles& files, const PasswordHash& password, std::int64_t day) {
  std::vector<Fields> lines = read_lines(files.passwd);
  Fields* line = line_of(lines, password.user);
  if (line == nullptr) return no_such_user(lines, password.user);
  if ((*line)[kPassword] == "x" && files.shadow) {
    set_in_shadow(*files.shadow, password, day);
    return {};
  }
  (*line)[kPassword] = password.hash;
  files.passwd = text_of(lines);
  return {};
}

std::string home_of_root(std::string_view passwd) {
  std::vector<Fields> lines = read_lines(passwd);
  const Fields* line = line_of(lines, "root");
  if (line != nullptr && line->size() > kHome) {
    auto home = archive::normalise_path((*line)[kHome]);
    if (home && !home->empty()) return *home;
  }
  return "root";
}

}  // namespace trxkit::rootfs
