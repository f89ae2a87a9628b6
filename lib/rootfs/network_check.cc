// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/network_check.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/ranges.h>

namespace trxkit::rootfs {
namespace {

// Where templates/trust.sh and network.sh look.
constexpr std::array<std::string_view, 4> kFolders{"usr/bin", "usr/sbin", "bin", "sbin"};
constexpr std::array<std::string_view, 3> kVerifiers{"usign", "signify-openbsd", "signify"};
constexpr std::array<std::string_view, 2> kFetchers{"uclient-fetch", "wget"};
constexpr std::string_view kSwitchTool = "swconfig";
// OpenWrt's driver up to 12.09 (package/switch), which templates/switch.sh loads.
constexpr std::string_view kSwitchDriver = "/switch-robo.ko";
constexpr std::array<std::string_view, 4> kOthers{"ifconfig", "udhcpc", "sha256sum", kSwitchTool};

class NetworkCheck {
 public:
  NetworkCheck(const WrapperSettings& settings, const board::Board& board, std::string name,
               const std::set<std::string>& files, Findings& findings)
      : settings_(settings),
        board_(board),
        name_(std::move(name)),
        files_(files),
        findings_(findings) {}

  void run() {
    if (settings_.unsigned_network) {
      add("FSR100", "whoever answers at " + settings_.url + " first owns the router",
          "for a bench network alone; --public-key FILE has the router demand a signature");
    }
    if (settings_.verifies() && !any(kVerifiers)) {
      add("FSR101", "has neither usign nor signify-openbsd, and would refuse whatever is signed",
          "add OpenWrt's usign (--add), or a static signify (--signify; tools/target-programs "
          "compiles one)");
    }
    if (settings_.url.empty()) return;
    check_programs();
    check_switch();
  }

 private:
  void add(FindingId id, std::string message, std::string hint) {
    findings_.add(id, {name_, {}}, std::move(message), std::move(hint));
  }

  bool there(std::string_view program) const {
    return std::ranges::any_of(kFolders, [&](std::string_view folder) {
      return files_.contains(fmt::format("{}/{}", folder, program));
    });
  }

  template <std::size_t count>
  bool any(const std::array<std::string_view, count>& programs) const {
    return std::ranges::any_of(programs, [this](std::string_view name) { return there(name); });
  }

  void check_programs() {
    std::vector<std::string_view> missing;
    if (!any(kFetchers)) missing.emplace_back("uclient-fetch or wget");
    if (!there("ifconfig")) missing.emplace_back("ifconfig");
    if (!there("sha256sum")) missing.emplace_back("sha256sum");
    if (settings_.address.empty() && !there("udhcpc")) missing.emplace_back("udhcpc");
    if (missing.empty()) return;
    add("FSR102",
        fmt::format("lacks {}, so nothing comes from the network", fmt::join(missing, ", ")),
        "take a base that has them, or --add a package");
  }

  bool has_switch_driver() const {
    return std::ranges::any_of(
        files_, [](const std::string& path) { return path.ends_with(kSwitchDriver); });
  }

  void check_switch() {
    if (board_.switch_ports.empty()) {
      add("FSR103",
          fmt::format("which ports of its switch are the LAN's is not known of {}", board_.name),
          "the port to the internet may reach the router, too, while it boots from the network");
    } else if (!there(kSwitchTool) && !has_switch_driver()) {
      add("FSR103", "has neither swconfig nor switch-robo.ko to divide the switch with",
          "the port to the internet may reach the router, too, while it boots from the network");
    }
  }

  const WrapperSettings& settings_;
  const board::Board& board_;
  std::string name_;
  const std::set<std::string>& files_;
  Findings& findings_;
};

}  // namespace

bool is_network_program(std::string_view path) {
  if (path.starts_with("lib/modules/") && path.ends_with(kSwitchDriver)) return true;
  std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  auto names = [name = path.substr(slash + 1)](const auto& programs) {
    return std::ranges::find(programs, name) != programs.end();
  };
  bool folder = std::ranges::find(kFolders, path.substr(0, slash)) != kFolders.end();
  return folder && (names(kVerifiers) || names(kFetchers) || names(kOthers));
}

void check_network_programs(const WrapperSettings& settings, const board::Board& board,
                            const std::string& name, const std::set<std::string>& files,
                            Findings& findings) {
  NetworkCheck(settings, board, name, files, findings).run();
}

}  // namespace trxkit::rootfs
