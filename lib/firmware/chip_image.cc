// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/chip_image.h"

#include <algorithm>
#include <deque>

#include "lib/core/nearest.h"
#include "lib/firmware/chip_dumps.h"
#include "lib/firmware/compare_contents.h"
#include "lib/firmware/flash_layout.h"
#include "lib/firmware/flash_picture.h"
#include "lib/firmware/pack_manifest.h"
#include "lib/firmware/patched_image.h"
#include "lib/firmware/refusal.h"
#include "lib/firmware/verify.h"
#include "lib/system/build_output.h"

namespace trxkit::firmware {
namespace {

using board::FlashPartition;
using board::PartitionRole;

// One chip on its way: what was read, where it goes, what was found.
class ChipBuild {
 public:
  ChipBuild(const ChipRequest& request, const Env& env)
      : request_(request), board_(*request.board), env_(env) {}

  Result<ChipReport> run();

 private:
  Result<const InputFile*> open(const std::string& role, const std::string& path);
  Result<std::optional<PlacedDump>> place(const FlashPartition& partition, const std::string& role,
                                          const std::string& path);
  Status boot_loader();
  Status nvram();
  Status data();
  Status image();
  void add(const PlacedDump& dump);
  Result<BuildManifest> manifest(const Sha256Digest& digest) const;
  Status write();

  const ChipRequest& request_;
  const board::Board& board_;
  const Env& env_;
  std::deque<InputFile> files_;  // never move: dumps point to them
  std::vector<std::string> roles_;
  const InputFile* boot_loader_ = nullptr;
  const InputFile* nvram_ = nullptr;
  std::vector<PlacedDump> dumps_;
  ChipReport report_;
};

Result<const InputFile*> ChipBuild::open(const std::string& role, const std::string& path) {
  files_.push_back(TRY(InputFile::open(path, env_)));
  roles_.push_back(role);
  return &files_.back();
}

Result<std::optional<PlacedDump>> ChipBuild::place(const FlashPartition& partition,
                                                   const std::string& role,
                                                   const std::string& path) {
  const InputFile* file = TRY(open(role, path));
  return place_dump(board_, partition, *file, report_.findings);
}

void ChipBuild::add(const PlacedDump& dump) {
  dumps_.push_back(dump);
  report_.parts.push_back({dump.partition->name, dump.file->name(), dump.chip_offset, dump.size});
}

Status ChipBuild::boot_loader() {
  auto dump =
      TRY(place(*board_.partition(PartitionRole::boot_loader), "bootloader", request_.boot_loader));
  if (!dump) return {};
  boot_loader_ = dump->file;
  report_.findings.append(TRY(judge_boot_loader(*dump, !request_.nvram.empty())));
  add(*dump);
  return {};
}

Status ChipBuild::nvram() {
  if (request_.nvram.empty()) {
    report_.findings.add(
        "MAP023", {},
        "nvram is left erased: the boot loader will write its defaults there, and what is of this "
        "one router (MAC addresses, radio calibration) may be lost",
        "give a dump with --nvram");
    return {};
  }
  auto dump = TRY(place(*board_.partition(PartitionRole::nvram), "nvram", request_.nvram));
  if (!dump) return {};
  nvram_ = dump->file;
  report_.findings.append(TRY(judge_nvram(*dump, board_)));
  add(*dump);
  return {};
}

Status ChipBuild::data() {
  std::vector<std::string> names;
  for (const FlashPartition& partition : board_.flash.partitions) {
    if (partition.role != PartitionRole::data) continue;
    names.push_back(partition.name);
    auto given = std::ranges::find(request_.data, partition.name,
                                   &std::pair<std::string, std::string>::first);
    if (given == request_.data.end()) {
      report_.findings.add("MAP024", {},
                           fmt::format("'{}' ({:#x} to {:#x}) is left erased", partition.name,
                                       *partition.offset, *partition.offset + *partition.size),
                           fmt::format("give a dump with --data {}=FILE", partition.name));
      continue;
    }
    auto dump = TRY(place(partition, "data " + partition.name, given->second));
    if (!dump) continue;
    report_.findings.append(TRY(judge_data(*dump)));
    add(*dump);
  }
  for (const auto& [name, file] : request_.data) {
    if (std::ranges::find(names, name) != names.end()) continue;
    std::string meant = nearest(name, names);
    return advise(
        fail(Code::usage, "{} has no partition of data called '{}'", board_.name, name),
        !meant.empty()
            ? "did you mean " + meant + "?"
            : fmt::format("it has {}",
                          names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  return {};
}

Status ChipBuild::image() {
  const InputFile* file = TRY(open("image", request_.image));
  Verdict verdict = TRY(verify({.file = file, .board = &board_, .cfe = boot_loader_}, env_));
  report_.findings.append(std::move(verdict.findings));
  if (!verdict.analysis) return {};
  const trx::Image& image = verdict.analysis->image;
  const FlashPartition& firmware = *board_.partition(PartitionRole::firmware);
  // An Edimax image takes its container into the flash.
  std::uint64_t front = firmware_offset(board_) - *firmware.offset;
  front = std::min(front, image.position);
  add({&firmware, file, image.position - front, firmware_offset(board_) - front,
       image.available + front});
  return {};
}

Result<BuildManifest> ChipBuild::manifest(const Sha256Digest& digest) const {
  BuildManifest manifest;
  manifest.tool = "trxtool";
  manifest.version = version();
  manifest.board = board_.name;
  manifest.source_date_epoch = env_.source_date_epoch;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    manifest.inputs.push_back({roles_[i], name_without_folder(files_[i].name()),
                               hex(TRY(sha256_of(files_[i]))), files_[i].size()});
  }
  manifest.outputs.push_back(
      {"flash", name_without_folder(request_.output), hex(digest), *board_.flash.size});
  for (const PlacedDump& dump : dumps_) {
    trx::FileRange range{dump.file, dump.file_offset, dump.size};
    manifest.contents.push_back({"partition", dump.partition->name, hex(TRY(digest_of(range))),
                                 dump.size, dump.chip_offset});
  }
  return manifest;
}

Status ChipBuild::write() {
  FlashPicture chip(*board_.flash.size);
  for (const PlacedDump& dump : dumps_) {
    chip.add_file(dump.chip_offset, *dump.file, dump.file_offset, dump.size);
  }
  auto output = TRY(OutputFile::create(request_.output));
  if (!output.written_directly() && nvram_ != nullptr)
    keep_permissions(*nvram_, output.temporary_path());
  Sha256 hash;
  std::vector<std::byte> block(64 << 10);
  for (std::uint64_t offset = 0; offset < chip.size(); offset += block.size()) {
    block.resize(std::min<std::uint64_t>(block.size(), chip.size() - offset));
    TRY(chip.read(offset, block));
    hash.update(block);
    TRY(output.write(block));
  }
  if (output.written_directly()) return output.commit();
  report_.manifest = TRY(manifest(hash.digest()));
  return commit_build(output, request_.output, *report_.manifest);
}

Result<ChipReport> ChipBuild::run() {
  std::vector<std::string> inputs{request_.image, request_.boot_loader, request_.nvram,
                                  board_.file};
  for (const auto& [name, file] : request_.data) inputs.push_back(file);
  TRY(keep_build_inputs(request_.output, inputs));
  TRY(boot_loader());
  TRY(data());
  TRY(nvram());
  TRY(image());
  report_.refusal = refusal_of(report_.findings);
  if (!report_.refusal) TRY(write());
  std::ranges::sort(report_.parts, {}, &ChipPart::offset);
  return std::move(report_);
}

}  // namespace

Result<ChipReport> make_chip_image(const ChipRequest& request, const Env& env) {
  return ChipBuild(request, env).run();
}

}  // namespace trxkit::firmware
