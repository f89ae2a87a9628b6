// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/account_changes.h"

#include <map>
#include <optional>
#include <set>

#include "lib/archive/memory.h"
#include "lib/archive/merge.h"
#include "lib/rootfs/inputs.h"
#include "lib/rootfs/ssh_keys.h"

namespace trxkit::rootfs {
namespace {

using archive::Entry;
using archive::EntryType;

constexpr const char* kPasswd = "etc/passwd";
constexpr const char* kShadow = "etc/shadow";
constexpr std::uint64_t kLongestFile = 1 << 20;
constexpr std::int64_t kSecondsOfDay = 86400;

// What one pass over the root tells about its accounts.
struct Accounts {
  std::map<std::string, archive::FoundFile> files = {};  // passwd, shadow, authorized_keys
  std::set<std::string> others = {};                     // the same where they are no files
  std::set<std::string> folders = {};                    // that keys may lie in
  bool openwrt = false;
  bool dropbear = false;
  bool openssh = false;
  bool small_library = false;  // musl, uClibc

  std::string text(const std::string& path) const {
    auto file = files.find(path);
    return file == files.end() ? std::string() : file->second.contents;
  }
};

bool is_account_file(std::string_view path) {
  return path == kPasswd || path == kShadow || path.ends_with("/authorized_keys");
}

Result<Accounts> survey(const archive::Source& root) {
  Accounts accounts;
  std::unique_ptr<archive::Reader> reader = TRY(root.open());
  while (auto entry = TRY(reader->next())) {
    const std::string& path = entry->path;
    if (is_account_file(path) && entry->type == EntryType::file) {
      std::string contents = TRY(archive::read_contents(*reader, *entry, kLongestFile));
      accounts.files[path] = {*entry, std::move(contents)};
    } else if (is_account_file(path)) {
      accounts.others.insert(path);
    }
    if (path == "etc/dropbear" || path.ends_with("/.ssh")) accounts.folders.insert(path);
    accounts.openwrt = accounts.openwrt || path == "etc/openwrt_release";
    accounts.dropbear = accounts.dropbear || path == "usr/sbin/dropbear";
    accounts.openssh = accounts.openssh || path == "usr/sbin/sshd";
    accounts.small_library = accounts.small_library || path.starts_with("lib/ld-musl-") ||
                             path.starts_with("lib/ld-uClibc");
  }
  return accounts;
}

class Changes {
 public:
  Changes(const archive::Source& root, const Accounts& accounts, const Env& env)
      : root_(root.name()),
        accounts_(accounts),
        env_(env),
        tree_(
            std::make_shared<archive::MemoryTree>("the changed accounts", env.source_date_epoch)) {}

  Status set_passwords(const std::vector<PasswordHash>& passwords);
  Result<std::vector<ManifestFile>> add_keys(const std::vector<std::string>& files);
  archive::SourcePointer tree() const { return tree_; }

 private:
  Status check_hash(const PasswordHash& password) const;
  Status put_file(const std::string& path, std::string text, std::uint32_t new_mode);
  std::string key_folder() const {
    if (accounts_.openwrt && !accounts_.openssh) return "etc/dropbear";
    return home_of_root(accounts_.text(kPasswd)) + "/.ssh";
  }

  std::string root_;
  const Accounts& accounts_;
  const Env& env_;
  std::shared_ptr<archive::MemoryTree> tree_;
};

// The changed text of a file that the root may have; its other attributes stay.
Status Changes::put_file(const std::string& path, std::string text, std::uint32_t new_mode) {
  if (accounts_.others.contains(path)) {
    return fail_at({root_, {}}, Code::bad_input,
                   "/{} is no file of its own, so it cannot be changed", path);
  }
  Entry& entry = tree_->add_text(path, std::move(text), new_mode);
  auto old = accounts_.files.find(path);
  if (old == accounts_.files.end()) return {};
  std::uint64_t size = entry.size;
  std::int64_t changed = entry.mtime;
  entry = old->second.entry;
  entry.size = size;
  entry.mtime = changed;
  return {};
}

Status Changes::check_hash(const PasswordHash& password) const {
  if (!accounts_.small_library || !needs_libxcrypt(password)) return {};
  return advise(fail_at({root_, {}}, Code::bad_input,
                        "{} could not log in: the root's C library does not know this kind of hash",
                        password.user),
                "\"openssl passwd -6\" makes one that every C library knows");
}

Status Changes::set_passwords(const std::vector<PasswordHash>& passwords) {
  if (!passwords.empty() && !accounts_.files.contains(kPasswd)) {
    return fail_at({root_, {}}, Code::bad_input, "has no /etc/passwd with users");
  }
  AccountFiles files{.passwd = accounts_.text(kPasswd), .shadow = {}};
  if (accounts_.files.contains(kShadow)) files.shadow = accounts_.text(kShadow);
  const AccountFiles before = files;
  for (const PasswordHash& password : passwords) {
    TRY(check_hash(password));
    Status status = set_password(files, password, env_.source_date_epoch / kSecondsOfDay);
    if (!status) status.error().where = {root_, {}};
    TRY(std::move(status));
  }
  if (files.passwd != before.passwd) TRY(put_file(kPasswd, files.passwd, 0644));
  if (files.shadow != before.shadow) TRY(put_file(kShadow, *files.shadow, 0600));
  return {};
}

Result<std::vector<ManifestFile>> Changes::add_keys(const std::vector<std::string>& files) {
  if (!accounts_.dropbear && !accounts_.openssh) {
    return advise(fail_at({root_, {}}, Code::bad_input, "has no SSH server that could read keys"),
                  "--add one (dropbear, OpenSSH); for another one, --add the file with the keys "
                  "where it reads them");
  }
  std::vector<ManifestFile> inputs;
  std::string folder = key_folder();
  std::string path = folder + "/authorized_keys";
  std::string text = accounts_.text(path);
  for (const std::string& file : files) {
    std::string contents = TRY(read_text_file(file, env_));
    text = with_keys(std::move(text), TRY(read_public_keys(contents, file)));
    inputs.push_back(TRY(describe_file("ssh-key", file, env_)));
  }
  if (!accounts_.folders.contains(folder)) tree_->add_directory(folder, 0700);
  TRY(put_file(path, std::move(text), 0600));
  return inputs;
}

}  // namespace

Result<AccountLayer> change_accounts(const archive::Source& root,
                                     const std::vector<PasswordHash>& passwords,
                                     const std::vector<std::string>& keys, const Env& env) {
  const Accounts accounts = TRY(survey(root));
  Changes changes(root, accounts, env);
  AccountLayer layer;
  TRY(changes.set_passwords(passwords));
  if (!keys.empty()) layer.inputs = TRY(changes.add_keys(keys));
  layer.tree = changes.tree();
  return layer;
}

}  // namespace trxkit::rootfs
