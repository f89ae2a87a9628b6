// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Sources: Linux Documentation/ABI/stable/sysfs-block (removable, ro, size in 512-byte units,
// queue/logical_block_size, holders), Documentation/ABI/testing/sysfs-bus-usb (idVendor, serial),
// drivers/block/loop.c (loop/backing_file), proc_pid_mountinfo(5), proc_swaps(5).
#include "lib/system/device_facts.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "lib/core/units.h"

namespace trxkit {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kSizeUnit = 512;

std::string without_spaces_around(std::string text) {
  constexpr const char* kSpaces = " \t\n";
  text.erase(0, std::min(text.find_first_not_of(kSpaces), text.size()));
  text.erase(text.find_last_not_of(kSpaces) + 1);
  return text;
}

// The text of an attribute; empty where there is none.
std::string attribute(const fs::path& file) {
  std::ifstream stream(file);
  std::string text;
  std::getline(stream, text);
  return without_spaces_around(text);
}

std::uint64_t number_in(const fs::path& file) {
  return parse_number(attribute(file)).value_or(0);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::error_code ignored;
  std::vector<std::string> names;
  for (const auto& item : fs::directory_iterator(folder, ignored)) {
    names.push_back(item.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

// The device of the USB bus that `disk` hangs on; empty where it does not.
fs::path usb_device_of(const fs::path& disk, const fs::path& sys) {
  for (fs::path folder = disk; folder != sys && folder.has_relative_path();
       folder = folder.parent_path()) {
    if (is_there(folder / "idVendor")) return folder;
  }
  return {};
}

std::string model_of(const fs::path& disk) {
  std::string vendor = attribute(disk / "device/vendor");
  std::string model = attribute(disk / "device/model");
  // libata calls every vendor "ATA", virtio has a PCI number there.
  if (vendor.empty() || vendor == "ATA" || vendor.starts_with("0x")) return model;
  return model.empty() ? vendor : vendor + " " + model;
}

std::string serial_of(const fs::path& disk, const fs::path& usb) {
  for (const fs::path& file : {usb / "serial", disk / "device/serial", disk / "serial"}) {
    if (std::string serial = attribute(file); !serial.empty()) return serial;
  }
  return {};
}

// Disks without a request queue have no such file, and sectors of this size: linux
// include/linux/blkdev.h, queue_logical_block_size().
std::uint32_t sector_size_of(const fs::path& disk) {
  std::uint64_t size = number_in(disk / "queue/logical_block_size");
  return size == 0 ? kSizeUnit : static_cast<std::uint32_t>(size);
}

// "8:17" of a node in /dev, which may be a link to one (/dev/mapper); empty for anything else.
std::string number_of(const std::string& node, const fs::path& sys) {
  if (!node.starts_with("/dev/")) return {};
  std::error_code error;
  fs::path real = fs::weakly_canonical(node, error);
  return attribute(sys / "class/block" / real.filename() / "dev");
}

// A disk, its partitions, and what is built on any of them.
class Family {
 public:
  Family(const fs::path& disk, const fs::path& sys) : sys_(sys) {
    add(disk);
    while (add_loops()) continue;
  }

  bool has(const std::string& number) const { return numbers_.contains(number); }
  bool has_node(const std::string& node) const { return has(number_of(node, sys_)); }
  const std::vector<std::string>& holders() const { return holders_; }

 private:
  void add(const fs::path& device) {
    if (!numbers_.insert(attribute(device / "dev")).second) return;
    for (const std::string& name : names_in(device)) {
      if (is_there(device / name / "partition")) add(device / name);
    }
    for (const std::string& name : names_in(device / "holders")) {
      holders_.push_back(name);
      add(sys_ / "class/block" / name);
    }
  }

  // A loop device keeps nobody from writing to what it is made of, and is not among its holders.
  // Whether there was another one; it may have loop devices itself.
  bool add_loops() {
    for (const std::string& name : names_in(sys_ / "class/block")) {
      fs::path device = sys_ / "class/block" / name;
      bool known = has(attribute(device / "dev"));
      if (known || !has_node(attribute(device / "loop/backing_file"))) continue;
      holders_.push_back(name);
      add(device);
      return true;
    }
    return false;
  }

  fs::path sys_;
  std::set<std::string> numbers_;
  std::vector<std::string> holders_;
};

// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw". File systems with device
// numbers of their own (btrfs) are known by the node that they were mounted from.
std::vector<std::string> mounts_of(const Family& family, const fs::path& mountinfo) {
  std::vector<std::string> mounts;
  std::ifstream stream(mountinfo);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string id;
    std::string parent;
    std::string number;
    std::string root;
    std::string place;
    words >> id >> parent >> number >> root >> place;
    for (std::string word; words >> word && word != "-";) continue;
    std::string type;
    std::string source;
    words >> type >> source;
    if (family.has(number) || family.has_node(source)) mounts.push_back(place);
  }
  return mounts;
}

std::vector<std::string> swaps_of(const Family& family, const fs::path& swaps) {
  std::vector<std::string> found;
  std::ifstream stream(swaps);
  for (std::string line; std::getline(stream, line);) {
    std::string name = line.substr(0, line.find_first_of(" \t"));
    if (family.has_node(name)) found.push_back(name);
  }
  return found;
}

}  // namespace

Result<DeviceFacts> device_facts(const std::string& path, const std::string& number,
                                 const KernelTables& tables) {
  std::error_code error;
  fs::path device = fs::canonical(tables.sys / "dev/block" / number, error);
  if (error) return fail_at({path, {}}, Code::io, "is a device that Linux does not know");
  bool partition = is_there(device / "partition");
  fs::path disk = partition ? device.parent_path() : device;
  fs::path usb = usb_device_of(disk, tables.sys);
  Family family(disk, tables.sys);
  return DeviceFacts{.path = path,
                     .disk = disk.filename().string(),
                     .whole_disk = !partition && names_in(disk / "slaves").empty(),
                     .model = model_of(disk),
                     .serial = serial_of(disk, usb),
                     .size = number_in(device / "size") * kSizeUnit,
                     .sector_size = sector_size_of(disk),
                     .removable = number_in(disk / "removable") == 1,
                     .usb = !usb.empty(),
                     .read_only = number_in(device / "ro") == 1,
                     .mounts = mounts_of(family, tables.mountinfo),
                     .swaps = swaps_of(family, tables.swaps),
                     .holders = family.holders()};
}

}  // namespace trxkit
