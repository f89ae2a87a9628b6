// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/pending_hash.h"

#include "lib/core/digest.h"

namespace trxkit::boot {

PendingHash begin_hash(const std::string& path, const Env& env) {
  auto hash = [path, env]() -> Result<std::string> {
    InputFile file = TRY(InputFile::open(path, env));
    return hex(TRY(sha256_of(file)));
  };
  return std::async(hash).share();
}

}  // namespace trxkit::boot
