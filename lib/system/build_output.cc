// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/build_output.h"

#include <array>

namespace trxkit {
namespace {

std::string manifest_of(const std::string& output) {
  return output + ".manifest.json";
}

}  // namespace

Status keep_build_inputs(const std::string& output, const std::vector<std::string>& inputs) {
  TRY(keep_inputs(output, inputs));
  return keep_inputs(manifest_of(output), inputs);
}

Status commit_build(OutputFile& file, const std::string& output, const BuildManifest& manifest) {
  OutputFile beside = TRY(OutputFile::create(manifest_of(output)));
  TRY(beside.write(as_bytes(manifest.json().print())));
  return OutputFile::commit_all(std::array{&file, &beside});
}

}  // namespace trxkit
