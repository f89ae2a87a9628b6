// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/check_tree.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "lib/boot/boot_script.h"
#include "lib/boot/entry.h"
#include "lib/boot/server_names.h"
#include "lib/boot/tree_manifests.h"
#include "lib/core/printable.h"

namespace trxkit::boot {
namespace {

constexpr std::string_view kAgain = "write the stick or the tree again";

class TreeCheck {
 public:
  TreeCheck(Medium& medium, std::string medium_id, std::string board, const Env& env)
      : medium_(medium), medium_id_(std::move(medium_id)), board_(std::move(board)), env_(env) {}

  Result<TreeFacts> run() {
    if (!medium_.has("boot.sh")) {
      facts_.findings.add("STK030", {.file = medium_.name()}, "has no boot.sh",
                          "a stick is made by mkbootusb image, a folder by mkbootusb tree");
      return std::move(facts_);
    }
    manifests_ = TRY(read_manifests(medium_, env_, facts_.findings));
    facts_.board = manifests_.board;
    TRY(compare());
    check_board();
    TRY(check_script());
    TRY(check_entries());
    note_unlisted();
    TRY(note_tried());
    return std::move(facts_);
  }

 private:
  Where at(const std::string& path) const { return {.file = medium_.name() + "/" + path}; }
  void add(FindingId id, const std::string& path, const std::string& message,
           std::string_view hint = {}) {
    facts_.findings.add(id, at(path), printable(message), std::string(hint));
  }

  Result<std::string> hash_of(const std::string& path) {
    auto known = hashes_.find(path);
    if (known != hashes_.end()) return known->second;
    InputFile file = TRY(medium_.open(path, env_));
    return hashes_[path] = hex(TRY(sha256_of(file)));
  }

  Status compare() {
    for (const auto& [path, listed] : manifests_.files) {
      if (!medium_.has(path)) {
        add("STK036", path, "is not there, though a manifest names it", kAgain);
        continue;
      }
      if (TRY(hash_of(path)) == listed.sha256) continue;
      if (listed.may_change) {
        add("STK038", path, "has changed since it was written, as a writable root does");
      } else {
        add("STK037", path, "is not what was written", kAgain);
      }
    }
    return {};
  }

  void check_board() {
    for (const std::string& made_for :
         std::set<std::string>{manifests_.board, manifests_.trusted_board}) {
      const std::string& wanted = board_.empty() ? facts_.board : board_;
      if (made_for.empty() || made_for == wanted) continue;
      add("STK039", "boot.manifest", fmt::format("is for {}, not for {}", made_for, wanted),
          "a router of another board refuses it or does not start");
    }
  }

  /// One that a manifest names was compared with it.
  Status check_script() {
    if (manifests_.files.contains("boot.sh")) return {};
    auto text = TRY(small_file(medium_, "boot.sh", env_));
    if (text == TRY(boot_script(env_))) return {};
    add("STK044", "boot.sh", "is neither this version's boot script nor named by a manifest",
        "compare it with the one that mkbootusb writes");
    return {};
  }

  Status check_entries() {
    constexpr std::string_view kFolder = "entries/", kEnding = ".conf";
    bool any = false;
    for (const std::string& path : medium_.files()) {
      if (!path.starts_with(kFolder) || !path.ends_with(kEnding)) continue;
      std::string name = path.substr(kFolder.size());
      name.resize(name.size() - kEnding.size());
      TRY(check_entry(name, path));
      any = true;
    }
    if (!any) add("STK041", "entries", "has no boot entry", kAgain);
    return {};
  }

  Status check_entry(const std::string& name, const std::string& path) {
    auto text = TRY(small_file(medium_, path, env_));
    if (!check_entry_name(name) || !text) {
      add("STK040", path, "is no boot entry that boot.sh takes",
          "names have up to 32 of a-z, 0-9 and '-'");
      return {};
    }
    EntryValues values = values_of(*text);
    if (values["kernel"].empty() && values["root"].empty()) {
      add("STK040", path, "names neither a kernel nor a root", kAgain);
      return {};
    }
    if (is_kernel_source(values["kernel"])) {
      check_source(path, values);
    } else {
      TRY(check_kernel(path, values));
    }
    if (is_on_server(values["root"])) {
      check_server(path, values);
    } else {
      TRY(check_root(values));
    }
    const std::string& medium = values["medium"];
    if (!medium_id_.empty() && !medium.empty() && !medium.starts_with("label:") &&
        medium != medium_id_) {
      add("STK042", path,
          fmt::format("looks for the medium {}, but this is {}", medium, medium_id_), kAgain);
    }
    facts_.entries[name] = std::move(values);
    return {};
  }

  static EntryValues values_of(const std::string& text) {
    EntryValues values;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with('\r')) line.pop_back();
      std::size_t space = line.find(' ');
      if (line.starts_with('#') || space == std::string::npos) continue;
      values[line.substr(0, space)] = line.substr(space + 1);
    }
    return values;
  }

  /// NET040 to NET045: what the router is told about servers, which are not asked.
  void judge(FindingId code, const std::string& path, const Status& judged) {
    if (!judged) add(code, path, judged.error().what, judged.error().hint);
  }

  void check_source(const std::string& path, EntryValues& values) {
    const std::string& kernel = values["kernel"];
    judge("NET040", path, check_kernel_source(kernel));
    add("NET045", path, fmt::format("the kernel {} was not looked at", kernel));
    if (!values["kernel-sha256"].empty() || manifests_.files.contains(kernel)) return;
    add("NET044", path, fmt::format("names no kernel-sha256 for {}", kernel),
        "whoever answers for the server owns the router");
  }

  void check_server(const std::string& path, EntryValues& values) {
    const std::string& root = values["root"];
    judge("NET041", path, check_server_root(root));
    judge("NET042", path, check_network(values["network"]));
    judge("NET042", path, check_interface(values["interface"]));
    add("NET045", path, fmt::format("the root {} was not looked at", root));
    if (!root.starts_with("http:") || !values["root-sha256"].empty()) return;
    add("NET043", path, fmt::format("names no root-sha256 for {}", root), "/init refuses it");
  }

  Status check_kernel(const std::string& path, EntryValues& values) {
    if (values["kernel"].empty()) return {};
    std::string kernel = path_in_boot(values["kernel"]);
    const std::string& hash = values["kernel-sha256"];
    if (!medium_.has(kernel)) {
      add("STK036", kernel, "is not there, though an entry names it as its kernel", kAgain);
    } else if (!hash.empty() && TRY(hash_of(kernel)) != hash) {
      add("STK037", kernel, fmt::format("has not the hash that {} demands", path), kAgain);
    }
    return {};
  }

  Status check_root(EntryValues& values) {
    constexpr std::string_view kImage = "image:";
    if (!values["root"].starts_with(kImage) || medium_id_.empty()) return {};
    std::string root = values["root"].substr(kImage.size());
    std::string below = path_in_boot(root);
    if (below != root && !medium_.has(below)) {
      add("STK036", below, "is not there, though an entry names it as its root", kAgain);
    }
    return {};
  }

  void note_unlisted() {
    constexpr std::string_view kOwn[] = {"manifest.json", "boot.manifest", "boot.manifest.sig",
                                         "boot.conf", "tried"};
    if (!manifests_.complete) return;
    std::vector<std::string> unlisted;
    for (const std::string& path : medium_.files()) {
      bool own = std::ranges::find(kOwn, path) != std::end(kOwn);
      if (!own && !manifests_.files.contains(path)) unlisted.push_back(path);
    }
    if (unlisted.empty()) return;
    constexpr std::size_t kShown = 5;
    std::string shown = fmt::format(
        "{}",
        fmt::join(unlisted.begin(),
                  unlisted.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, unlisted.size())),
                  ", "));
    facts_.findings.add("STK043", {.file = medium_.name()},
                        printable(fmt::format("{} file{} no manifest names: {}", unlisted.size(),
                                              unlisted.size() == 1 ? "" : "s", shown)));
  }

  Status note_tried() {
    facts_.tried = TRY(small_file(medium_, "tried", env_)).value_or("");
    while (facts_.tried.ends_with('\n')) facts_.tried.pop_back();
    if (facts_.tried.empty()) return {};
    add("STK045", "tried",
        fmt::format("the entry {} was started and has not come up: the router passes it over",
                    facts_.tried),
        "delete the file to have it tried again");
    return {};
  }

  Medium& medium_;
  std::string medium_id_;
  std::string board_;
  const Env& env_;
  TreeFacts facts_;
  TreeManifests manifests_;
  std::map<std::string, std::string> hashes_;
};

}  // namespace

Result<TreeFacts> check_tree(Medium& medium, const std::string& medium_id, const std::string& board,
                             const Env& env) {
  return TreeCheck(medium, medium_id, board, env).run();
}

}  // namespace trxkit::boot
