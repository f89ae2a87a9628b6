// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/signature/key_files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>

#include "lib/system/file.h"

namespace trxkit::signature {
namespace {

namespace fs = std::filesystem;

// The longest of signify's files has two lines of 1 KiB.
constexpr std::uint64_t kLongestFile = 4096;

Status check_free(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) return {};
  return advise(fail_at({path, {}}, Code::refused, "is there already; keys are not written over"),
                "choose another name: what was signed with a lost key can never be renewed");
}

Result<OutputFile> prepare(const std::string& path, const std::string& text, ::mode_t mode) {
  OutputFile file = TRY(OutputFile::create(path));
  if (::fchmod(file.descriptor(), mode) != 0) {
    return fail_at({path, {}}, Code::io, "cannot get the mode {:o}: {}", mode,
                   std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  }
  TRY(file.write(as_bytes(text)));
  return file;
}

}  // namespace

Result<PublicKey> read_public_key(const std::string& path, const Env& env) {
  return parse_public_key(TRY(read_text_file(path, env, kLongestFile)), path);
}

Result<SecretKey> read_secret_key(const std::string& path, const Env& env) {
  return parse_secret_key(TRY(read_text_file(path, env, kLongestFile)), path);
}

Status write_key_files(const KeyPair& keys, const std::string& secret_path,
                       const std::string& public_path, const std::string& comment) {
  TRY(check_free(secret_path));
  TRY(check_free(public_path));
  OutputFile secret =
      TRY(prepare(secret_path, text_of(keys.secret, comment + " secret key"), 0600));
  OutputFile shared =
      TRY(prepare(public_path, text_of(keys.public_key, comment + " public key"), 0644));
  OutputFile* const both[] = {&secret, &shared};
  return OutputFile::commit_all(both);
}

}  // namespace trxkit::signature
