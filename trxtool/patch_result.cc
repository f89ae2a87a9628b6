// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "trxtool/patch_result.h"

namespace trxkit {

int finish_patch(const firmware::PatchReport& patched, cli::Report& report) {
  report.result("written", !patched.refusal);
  if (patched.manifest) report.result("manifest", patched.manifest->json());
  int status = report.findings(patched.findings);
  if (!patched.refusal) return status;
  report.note("nothing was written");
  return cli::exit_status(*patched.refusal);
}

}  // namespace trxkit
