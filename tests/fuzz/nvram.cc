// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// nvram in chip dumps and alone: found, judged, described; what was judged sound takes a change and
// gives it back.
#include "lib/nvram/edit.h"
#include "lib/nvram/judge.h"

#include "tests/fuzz/input.h"

namespace {

using namespace trxkit;

void change(const nvram::Nvram& before) {
  const std::vector<nvram::Change> changes{{"wait_time", "5"}};
  auto bytes = nvram::with_changes(before, changes);
  if (!bytes) return;  // no room
  InputFile file = fuzz::memory_file(*bytes);
  auto after = nvram::read_nvram(file, before.place, 0, bytes->size());
  if (!after || !nvram::judge(*after, {}).passed()) std::abort();
  const nvram::Setting* setting = after->find("wait_time");
  if (setting == nullptr || setting->value != "5") std::abort();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputFile file = fuzz::memory_file(fuzz::bytes_of(data, size));
  for (auto* find : {nvram::find_nvram, nvram::find_defaults}) {
    auto found = find(file);
    if (!found || !*found) continue;
    auto findings = nvram::judge(**found, 0x8000);
    fuzz::look_at(findings);
    if (findings.passed()) change(**found);
  }
  return 0;
}
