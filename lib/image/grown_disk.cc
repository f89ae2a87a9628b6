// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/grown_disk.h"

#include <algorithm>

#include "lib/image/disk.h"
#include "lib/image/volume_facts.h"
#include "lib/system/process.h"

namespace trxkit::image {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kMbrReach = std::uint64_t{0xffffffff} * 512;  // 32-bit fields
constexpr std::uint64_t kExtReach = std::uint64_t{16} << 40;          // 32-bit blocks of 4 KiB

// Times that are no times: sticks written at different times are equal, and /init's e2fsck does not
// ask for the clock either.
constexpr std::string_view kConfiguration = "[options]\n\tbroken_system_clock = true\n";

// Where a partition of `table` may end on a disk of `size` bytes.
std::uint64_t usable_end(const PartitionTable& table, std::uint64_t size) {
  std::uint64_t end =
      table.kind == "gpt" ? size - std::min(size, kGptTail) : std::min(size, kMbrReach);
  return end / kMiB * kMiB;
}

Result<bool> is_growing(const InputFile& image, const FoundPartition& partition,
                        const std::string& label) {
  VolumeFacts volume = TRY(read_volume_facts(image, partition.offset));
  return volume.is_ext() && volume.label == label;
}

/// A scratch file, open for writing and for programs that want its name.
Result<OutputFile> scratch_file(const TemporaryDirectory& scratch, const char* name,
                                std::uint64_t size) {
  OutputFile file = TRY(OutputFile::create(scratch.path() / name));
  TRY(file.resize(size));
  return file;
}

Status copy_range(const InputFile& image, const ByteRange& range, std::uint64_t to,
                  OutputFile& file) {
  return image.for_each_block(range.offset, range.size, [&](Bytes bytes) -> Status {
    TRY(file.write_at(to, bytes));
    to += bytes.size();
    return {};
  });
}

Result<InputFile> grown_table(const InputFile& image, const DiskGrowth& growth,
                              const TemporaryDirectory& scratch, const Env& env) {
  OutputFile file = TRY(scratch_file(scratch, "table", growth.disk_size));
  std::uint64_t head = align_up(growth.kept.offset, kMappedBlock);
  TRY(copy_range(image, {0, std::min(head, image.size())}, 0, file));
  std::uint32_t number = growth.partition ? growth.partition->number : 0;
  TRY(resize_partition(file.temporary_path(), number, growth.size));
  TRY(file.commit_scratch());
  return InputFile::open(scratch.path() / "table", env);
}

Result<std::string> write_configuration(const TemporaryDirectory& scratch) {
  std::string path = scratch.path() / "e2fsck.conf";
  OutputFile file = TRY(OutputFile::create(path));
  TRY(file.write(as_bytes(kConfiguration)));
  TRY(file.commit_scratch());
  return path;
}

// resize2fs wants a file system that was just checked.
Status resize_ext(const std::string& path, std::uint64_t size, const std::string& name,
                  const TemporaryDirectory& scratch, const Env& env) {
  std::string now = std::to_string(std::max<std::int64_t>(env.source_date_epoch, 1));
  Command check{.argv = {"e2fsck", "-f", "-p", path}};
  check.environment = {{"E2FSCK_CONFIG", TRY(write_configuration(scratch))},
                       {"E2FSCK_TIME", now},
                       {"E2FSPROGS_FAKE_TIME", now}};
  constexpr int kMended = 1;
  Outcome checked = TRY(outcome_of(check, env));
  if (checked.status > kMended) {
    return advise(fail_at({name, {}}, Code::bad_input, "has faults and cannot grow"),
                  "mkbootusb check says which; --no-grow writes it as it is");
  }
  Command resize{.argv = {"resize2fs", "-f", path, fmt::format("{}K", size / 1024)},
                 .environment = check.environment};
  TRY(run(resize, env));
  return {};
}

Result<InputFile> grown_volume(const InputFile& image, const DiskGrowth& growth,
                               const TemporaryDirectory& scratch, const Env& env) {
  const FoundPartition& partition = *growth.partition;
  ByteRange place{partition.offset, partition.size};
  OutputFile file = TRY(scratch_file(scratch, "volume", growth.size));
  MappedBlocks mapped = TRY(mapped_blocks(image, {.kind = {}, .partitions = {partition}}));
  for (const ByteRange& range : clipped(mapped.ranges, place.offset, place.end())) {
    TRY(copy_range(image, range, range.offset - place.offset, file));
  }
  std::string name = fmt::format("{}, partition {}", image.name(), partition.number);
  TRY(resize_ext(file.temporary_path().string(), growth.size, name, scratch, env));
  TRY(file.commit_scratch());
  return TRY(InputFile::open(scratch.path() / "volume", env)).called(name);
}

}  // namespace

Result<std::optional<DiskGrowth>> plan_growth(const InputFile& image, std::uint64_t disk_size,
                                              const std::string& label) {
  PartitionTable table = TRY(read_partition_table(image));
  if (table.kind == "none" || table.partitions.empty() || disk_size <= image.size()) {
    return std::nullopt;
  }
  std::ranges::sort(table.partitions, {}, &FoundPartition::offset);
  const FoundPartition& last = table.partitions.back();
  std::uint64_t first = table.partitions.front().offset;
  DiskGrowth growth{
      .disk_size = disk_size, .kept = {first, last.offset + last.size - first}, .partition = {}};
  std::uint64_t end = std::min(usable_end(table, disk_size), last.offset + kExtReach);
  if (TRY(is_growing(image, last, label)) && end > last.offset + last.size) {
    growth.partition = last;
    growth.size = end - last.offset;
    growth.kept.size = last.offset - first;
  }
  if (!growth.partition && table.kind != "gpt") return std::nullopt;
  return growth;
}

Result<GrownDisk> grow_disk(const InputFile& image, const DiskGrowth& growth, const Env& env) {
  auto scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  InputFile table = TRY(grown_table(image, growth, scratch, env));
  GrownDisk grown{std::move(scratch), std::move(table), {}};
  grown.table_own = united(TRY(read_partition_table(grown.table)).own);
  if (!growth.partition) return grown;
  grown.volume = TRY(grown_volume(image, growth, grown.scratch, env));
  grown.volume_mapped = TRY(mapped_blocks(*grown.volume)).ranges;
  return grown;
}

}  // namespace trxkit::image
