// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/module_plan.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "lib/kernel/check_modules.h"
#include "lib/kernel/module_catalogue.h"

namespace trxkit::kernel {
namespace {

class Planner {
 public:
  Planner(ModuleSet& set, const KernelFacts* kernel, Findings& findings)
      : set_(set), kernel_(kernel), findings_(findings) {}

  Result<ModulePlan> run(const std::vector<std::string>& wanted) {
    TRY(load_all(wanted));
    for (const std::string& listed : wanted) {
      std::string name = module_name(listed);
      if (set_.lists(name)) {
        place(name);
      } else if (is_built_in(name)) {
        plan_.built_in.push_back(name);
      } else {
        plan_.absent.push_back(name);
      }
    }
    plan_.release = release();
    judge();
    return std::move(plan_);
  }

 private:
  /// Reads the wanted ones and, round by round, what they need.
  Status load_all(const std::vector<std::string>& wanted) {
    std::set<std::string> next;
    for (const std::string& name : wanted) next.insert(module_name(name));
    std::set<std::string> seen = next;
    while (!next.empty()) {
      TRY(set_.load(next, findings_));
      std::set<std::string> deeper;
      for (const std::string& name : next) {
        const Module* module = set_.find(name);
        if (module == nullptr) continue;
        for (const auto* list : {&module->file.depends, &module->file.wishes}) {
          for (const std::string& needed : *list) {
            if (seen.insert(needed).second) deeper.insert(needed);
          }
        }
      }
      next = std::move(deeper);
    }
    return {};
  }

  bool is_built_in(const std::string& name) const {
    if (set_.built_in(name).value_or(false)) return true;
    const ModuleOrigin* origin = origin_of(name);
    return origin != nullptr && kernel_ != nullptr && kernel_->config &&
           kernel_->config->built_in(origin->option);
  }

  /// One module whose dependencies are being placed.
  struct Step {
    const Module* module;
    std::vector<std::string> needed;  // still to be placed, the next one last
  };

  /// Puts `name` behind everything that it needs. Without recursion: depends= may be hostile.
  void place(const std::string& name) {
    if (const Module* first = enter(name)) push(*first);
    while (!stack_.empty()) {
      Step& step = stack_.back();
      if (step.needed.empty()) {
        placed_.insert(step.module->name);
        plan_.modules.push_back(*step.module);
        stack_.pop_back();
        continue;
      }
      std::string needed = std::move(step.needed.back());
      step.needed.pop_back();
      if (const Module* next = need(*step.module, needed)) push(*next);
    }
  }

  void push(const Module& module) {
    Step step{&module, module.file.depends};
    std::ranges::reverse(step.needed);
    for (const std::string& wish : module.file.wishes) {
      if (set_.lists(wish)) step.needed.push_back(wish);
    }
    stack_.push_back(std::move(step));
  }

  /// The module `name`, if it was read and is not placed yet.
  const Module* enter(const std::string& name) const {
    return placed_.contains(name) ? nullptr : set_.find(name);
  }

  const Module* need(const Module& module, const std::string& name) {
    bool open =
        std::ranges::any_of(stack_, [&](const Step& step) { return step.module->name == name; });
    if (open) {
      findings_.add("MOD008", {.file = module.path},
                    fmt::format("needs {}, which needs it in turn", name),
                    "take the modules that were built with this kernel");
      return nullptr;
    }
    if (!set_.lists(name) && !is_built_in(name)) {
      const ModuleOrigin* origin = origin_of(name);
      std::string cure = origin == nullptr || origin->package.empty()
                             ? "add the module"
                             : fmt::format("OpenWrt: {}", origin->package);
      findings_.add("MOD003", {.file = module.path},
                    fmt::format("needs {}, which is not among the modules", name), cure);
    }
    return enter(name);
  }

  std::string release() const {
    if (!plan_.modules.empty()) return plan_.modules.front().file.release();
    return kernel_ == nullptr ? set_.folder_release() : kernel_->release;
  }

  void judge() {
    std::vector<std::string> lost;
    for (const std::string& name : set_.lost()) {
      if (std::ranges::find(plan_.absent, name) != plan_.absent.end()) lost.push_back(name);
    }
    if (!lost.empty()) {
      findings_.add("MOD007", {.file = "modules.dep"},
                    fmt::format("lists modules that are not there: {}", fmt::join(lost, ", ")),
                    "the folder was not copied completely, or depmod has to run again");
    }
    findings_.append(check_modules(plan_, set_.folder_release(), kernel_));
    findings_.append(check_absent(plan_.absent, kernel_));
  }

  ModuleSet& set_;
  const KernelFacts* kernel_;
  Findings& findings_;
  ModulePlan plan_;
  std::set<std::string> placed_;
  std::vector<Step> stack_;
};

}  // namespace

std::string ModulePlan::modules_dep() const {
  std::map<std::string, std::vector<std::string>> needed;  // name -> names, deepest last
  std::map<std::string, std::string> paths;
  std::string text;
  for (const Module& module : modules) {
    std::vector<std::string>& all = needed[module.name];
    for (const std::string& name : module.file.depends) {
      if (!paths.contains(name)) continue;
      all.push_back(name);
      all.insert(all.end(), needed[name].begin(), needed[name].end());
    }
    std::vector<std::string> once;
    for (auto name = all.rbegin(); name != all.rend(); ++name) {
      if (std::ranges::find(once, *name) == once.end()) once.push_back(*name);
    }
    all.assign(once.rbegin(), once.rend());
    paths[module.name] = module.path;
    text += module.path + ":";
    for (const std::string& name : all) text += " " + paths[name];
    text += "\n";
  }
  return text;
}

Result<ModulePlan> plan_modules(ModuleSet& set, const std::vector<std::string>& wanted,
                                const KernelFacts* kernel, Findings& findings) {
  return Planner(set, kernel, findings).run(wanted);
}

}  // namespace trxkit::kernel
