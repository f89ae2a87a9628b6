// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/path.h"

#include <algorithm>

#include "lib/core/printable.h"

namespace trxkit::archive {
namespace {

// linux include/uapi/linux/limits.h: NAME_MAX, and PATH_MAX with its NUL byte.
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 4095;

Status append_name(std::string& path, std::string_view name, std::string_view whole) {
  if (name.empty() || name == ".") return {};
  if (name == "..") {
    return advise(fail(Code::bad_input, "the path {} contains '..'", shown(whole)),
                  "make the archive again with paths below its root");
  }
  if (name.size() > kLongestName) {
    return fail(Code::bad_input, "the path {} has a name of {} bytes; at most {} are possible",
                shown(whole.substr(0, kLongestName)), name.size(), kLongestName);
  }
  if (!path.empty()) path += '/';
  path += name;
  return {};
}

}  // namespace

Result<std::string> normalise_path(std::string_view path) {
  if (path.contains('\0')) {
    return fail(Code::bad_input, "the path {} contains a NUL byte", shown(path));
  }
  std::string result;
  for (std::size_t start = 0; start < path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    TRY(append_name(result, path.substr(start, end - start), path));
    start = end + 1;
  }
  if (result.size() > kLongestPath) {
    return fail(Code::bad_input, "a path is {} bytes long ({}...); at most {} are possible",
                result.size(), shown(std::string_view(result).substr(0, 64)), kLongestPath);
  }
  return result;
}

std::string shown(std::string_view path) {
  if (path.empty()) return "'./'";
  return "'" + printable(path) + "'";
}

std::string_view name_of(EntryType type) {
  switch (type) {
    case EntryType::file:
      return "file";
    case EntryType::directory:
      return "directory";
    case EntryType::symlink:
      return "symlink";
    case EntryType::hard_link:
      return "hard link";
    case EntryType::character_device:
      return "character device";
    case EntryType::block_device:
      return "block device";
    case EntryType::fifo:
      break;
  }
  return "fifo";
}

std::string_view parent_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace trxkit::archive
