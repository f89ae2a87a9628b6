// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/build_output.h"

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

Status commit_build(OutputFile& file, const std::string& output, const BuildManifest& manifest,
                    std::span<OutputFile* const> others) {
  OutputFile beside = TRY(OutputFile::create(manifest_of(output)));
  TRY(beside.write(as_bytes(manifest.json().print())));
  std::vector<OutputFile*> files{&file, &beside};
  files.insert(files.end(), others.begin(), others.end());
  return OutputFile::commit_all(files);
}

}  // namespace trxkit
