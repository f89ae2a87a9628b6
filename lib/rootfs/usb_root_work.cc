// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/usb_root_work.h"

#include <utility>

#include "lib/rootfs/template.h"

namespace trxkit::rootfs {

void UsbRootWork::note(std::string path, std::string_view what) {
  root.changes.push_back({std::move(path), std::string(what)});
}

Status UsbRootWork::add(const std::string& path, const std::string& source, std::uint32_t mode,
                        std::string_view what) {
  std::string place = survey.place(path);
  tree.add_text(place, TRY(load_template("usb-root/" + source, env)), mode);
  note(std::move(place), what);
  return {};
}

void UsbRootWork::link(const std::string& path, std::string target) {
  std::string place = survey.place(path);
  tree.add_symlink(place, std::move(target));
  note(std::move(place), "added");
}

Status UsbRootWork::add_service(const std::string& unit, std::string_view what) {
  TRY(add("etc/systemd/system/" + unit, "debian/" + unit, 0644, what));
  link("etc/systemd/system/multi-user.target.wants/" + unit, "../" + unit);
  return {};
}

}  // namespace trxkit::rootfs
