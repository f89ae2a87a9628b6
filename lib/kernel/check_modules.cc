// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/check_modules.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "lib/core/printable.h"
#include "lib/kernel/module_catalogue.h"

namespace trxkit::kernel {
namespace {

/// "CONFIG_USB_STORAGE=m; OpenWrt: kmod-usb-storage".
std::string source_of(const ModuleOrigin& origin) {
  std::string text = fmt::format("CONFIG_{}=m", origin.option);
  return origin.package.empty() ? text : fmt::format("{}; OpenWrt: {}", text, origin.package);
}

/// What linux kernel/module/main.c, same_magic(), compares: with CONFIG_MODVERSIONS the release
/// does not count.
std::string_view compared_part(std::string_view vermagic, bool versions) {
  return versions ? vermagic.substr(std::min(vermagic.find(' '), vermagic.size())) : vermagic;
}

std::string_view trimmed(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

class ModulesCheck {
 public:
  ModulesCheck(const ModulePlan& plan, const KernelFacts* kernel) : plan_(plan), kernel_(kernel) {}

  Findings run(const std::string& folder_release) {
    for (const Module& module : plan_.modules) {
      if (module.file.for_mipsel()) continue;
      add("MOD002", module, "is not for a 32-bit little-endian MIPS processor",
          "take the modules that were built with this kernel");
    }
    if (plan_.modules.empty()) return std::move(findings_);
    if (!folder_release.empty() && folder_release != plan_.release) {
      findings_.add("MOD009", {.file = "lib/modules/" + folder_release},
                    fmt::format("holds modules of Linux {}", plan_.release),
                    "the kernel looks for them below its own version");
    }
    if (kernel_ == nullptr) {
      check_among_themselves();
    } else {
      check_against_kernel();
    }
    return std::move(findings_);
  }

 private:
  void add(FindingId id, const Module& module, std::string message, std::string hint) {
    findings_.add(id, {.file = module.path}, printable(message), std::move(hint));
  }

  void check_among_themselves() {
    const Module& first = plan_.modules.front();
    for (const Module& module : plan_.modules) {
      if (module.file.vermagic == first.file.vermagic) continue;
      add("MOD014", module,
          fmt::format("is built for \"{}\", {} for \"{}\"", trimmed(module.file.vermagic),
                      first.path, trimmed(first.file.vermagic)),
          "a kernel takes only those that were built with it");
    }
    findings_.add("MOD013", {},
                  fmt::format("the modules are for \"{}\"; the kernel is not known",
                              trimmed(first.file.vermagic)),
                  "--kernel compares them");
  }

  void check_against_kernel() {
    if (kernel_->config && !kernel_->config->built_in("MODULES")) {
      findings_.add("MOD012", {}, "the kernel takes no modules (MODULES is off)",
                    "build it with CONFIG_MODULES=y, or everything needed into it");
      return;
    }
    if (kernel_->release.empty()) {
      findings_.add("MOD013", {}, "the kernel does not say its version: modules were not compared");
      return;
    }
    bool versions = kernel_->config && kernel_->config->built_in("MODVERSIONS");
    for (const Module& module : plan_.modules) {
      std::string_view wanted = kernel_->vermagic;
      std::string_view given = module.file.vermagic;
      bool same = wanted.empty()
                      ? module.file.release() == kernel_->release
                      : compared_part(given, versions) == compared_part(wanted, versions);
      if (same) continue;
      if (wanted.empty()) wanted = kernel_->release;
      add("MOD001", module,
          fmt::format("is built for \"{}\", the kernel is \"{}\"", trimmed(given), trimmed(wanted)),
          "take the modules that were built with this kernel");
    }
  }

  const ModulePlan& plan_;
  const KernelFacts* kernel_;
  Findings findings_;
};

}  // namespace

Findings check_modules(const ModulePlan& plan, const std::string& folder_release,
                       const KernelFacts* kernel) {
  return ModulesCheck(plan, kernel).run(folder_release);
}

Findings check_absent(const std::vector<std::string>& absent, const KernelFacts* kernel) {
  Findings findings;
  std::vector<std::string> unknown;
  for (const std::string& name : absent) {
    const ModuleOrigin* origin = origin_of(name);
    const KernelConfig* config = kernel != nullptr && kernel->config ? &*kernel->config : nullptr;
    if (origin == nullptr || config == nullptr) {
      unknown.push_back(name);
      continue;
    }
    const std::string* value = config->find(origin->option);
    if (value != nullptr && *value == "m") {
      findings.add("MOD004", {},
                   fmt::format("{} is not among the modules, and the kernel has it as one "
                               "({}=m)",
                               name, origin->option),
                   source_of(*origin));
    } else if (!origin->helper) {
      findings.add(
          "MOD005", {},
          fmt::format("{} is not among the modules, and the kernel is built without it ({} "
                      "is off)",
                      name, origin->option),
          source_of(*origin));
    }
  }
  if (unknown.empty()) return findings;
  std::vector<std::string> sources;
  for (const std::string& name : unknown) {
    const ModuleOrigin* origin = origin_of(name);
    if (origin != nullptr) sources.push_back(fmt::format("{}: {}", name, source_of(*origin)));
  }
  findings.add(
      "MOD006", {},
      fmt::format("not among the modules, and perhaps built in: {}", fmt::join(unknown, ", ")),
      fmt::format("{}", fmt::join(sources, "\n")));
  return findings;
}

}  // namespace trxkit::kernel
