// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Modules in a folder, and what is planned of them for a kernel that is known or not.
#pragma once

#include "lib/kernel/check_modules.h"

#include "tests/unit/module_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {

using Names = std::vector<std::string>;

class Modules : public test::Scratch {
 public:
  Modules() {
    kernel.release = "6.1.192";
    kernel.banner = "Linux version 6.1.192 (a@b)";
    kernel.vermagic = "6.1.192 mod_unload MIPS32_R2 32BIT ";
  }

  void add(const std::string& name, const std::string& depends = "",
           const std::string& softdep = "") {
    test::ModuleFixture module{.depends = depends, .softdep = softdep};
    write("6.1.192/kernel/" + name + ".ko", module.bytes());
  }
  void add(const std::string& name, const test::ModuleFixture& module) {
    write("6.1.192/kernel/" + name + ".ko", module.bytes());
  }

  /// Plans `wanted` out of the folder (or `paths`); findings are kept.
  ModulePlan plan(const Names& wanted, Names paths = {}) {
    findings = {};
    std::filesystem::create_directories(folder / "6.1.192");
    if (paths.empty()) paths = {path("6.1.192")};
    auto set = ModuleSet::open(paths, env, findings);
    EXPECT_TRUE(set) << set.error().what;
    if (!set) return {};
    auto planned = plan_modules(*set, wanted, known ? &kernel : nullptr, findings);
    EXPECT_TRUE(planned) << planned.error().what;
    return planned ? *planned : ModulePlan{};
  }
  Names order(const Names& wanted, Names paths = {}) {
    Names names;
    for (const Module& module : plan(wanted, std::move(paths)).modules)
      names.push_back(module.name);
    return names;
  }
  std::string codes() const {
    std::string text;
    for (const Finding& finding : findings.list()) text += finding.code + " ";
    return text.substr(0, text.empty() ? 0 : text.size() - 1);
  }
  std::string message() const {
    return findings.list().empty() ? "" : findings.list().front().message;
  }
  std::string hint() const { return findings.list().empty() ? "" : findings.list().front().hint; }

  KernelFacts kernel;
  bool known = true;
  Findings findings;
};

}  // namespace trxkit::kernel
