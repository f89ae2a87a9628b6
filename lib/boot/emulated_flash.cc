// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/emulated_flash.h"

#include <algorithm>
#include <sstream>

#include "lib/firmware/analysis.h"
#include "lib/firmware/extract.h"
#include "lib/firmware/flash_layout.h"
#include "lib/firmware/kernel_view.h"
#include "lib/firmware/pack.h"
#include "lib/image/squashfs.h"
#include "lib/kernel/raw_elf.h"
#include "lib/rootfs/flash_root.h"
#include "lib/rootfs/minimal.h"
#include "lib/system/process.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

/// What the script `name` prints, with our cache as its own.
Result<std::string> ask_tool(const std::string& name, std::vector<std::string> arguments,
                             const Env& env) {
  Command command{.argv = {(env.data_directory / "tools" / name).string()}};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = {{"XDG_CACHE_HOME", env.cache_directory.string()}};
  auto printed = run(command, env);
  if (printed) return printed;
  Error error = std::move(printed).error();
  error.hint +=
      (error.hint.empty() ? "" : "; ") + std::string("or give a flash image with --flash");
  return std::unexpected(std::move(error));
}

/// The value behind `key` in lines "key value".
std::string value_of(const std::string& text, std::string_view key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ') {
      return line.substr(key.size() + 1);
    }
  }
  return {};
}

Status write_flash_root(const board::Board& board, const std::string& programs,
                        const std::string& path, const Env& env) {
  rootfs::FlashRootRequest request;
  request.base = TRY(rootfs::minimal_flash_root({.busybox = value_of(programs, "busybox"),
                                                 .kexec = value_of(programs, "kexec"),
                                                 .hostname = board.name},
                                                env));
  Findings findings;
  rootfs::FlashRoot root = TRY(rootfs::flash_root(request, board, env, findings));
  if (!findings.passed()) return std::unexpected(as_error(findings, Code::bad_input));
  OutputFile output = TRY(OutputFile::create(path));
  image::SquashfsOptions how;
  how.block_size = board.squashfs_block_size;
  TRY(image::write_squashfs(*root.tree, output, how, env));
  return output.commit_scratch();
}

/// The kernel that the loader of part 1 would start.
Status write_kernel(const InputFile& file, std::uint64_t offset, const board::Board& board,
                    const fs::path& folder, const std::string& path, const Env& env) {
  firmware::ExtractRequest request;
  request.offset = offset;
  request.decompress = true;
  request.output = folder / "parts";
  TRY(firmware::extract(file, request));
  std::error_code ignored;
  if (!fs::exists(folder / "parts" / "part1.loader", ignored)) {
    return advise(fail_at({file.name(), {}}, Code::bad_input,
                          "has no kernel behind trxkit's loader as its part 1"),
                  "pack it with trxtool pack --board qemu-malta");
  }
  InputFile raw = TRY(InputFile::open(folder / "parts" / "part1.bin", env));
  OutputFile output = TRY(OutputFile::create(path));
  TRY(kernel::write_raw_as_elf(raw, *board.kernel.load_address, output));
  return output.commit_scratch();
}

Status write_chip(const firmware::FlashPicture& picture, const std::string& path) {
  OutputFile output = TRY(OutputFile::create(path));
  std::vector<std::byte> block(64 << 10);
  for (std::uint64_t offset = 0; offset < picture.size(); offset += block.size()) {
    block.resize(std::min<std::uint64_t>(block.size(), picture.size() - offset));
    TRY(picture.read(offset, block));
    TRY(output.write(block));
  }
  return output.commit_scratch();
}

std::string partitions_text(const firmware::KernelView& view) {
  std::string text;
  for (const firmware::KernelPartition& partition : view.partitions) {
    text += fmt::format("{}{}({})", text.empty() ? "" : ",", partition.size, partition.name);
  }
  return fmt::format("blkdevparts={}:{}", view.short_prefix, text);
}

}  // namespace

Result<std::string> make_emulated_trx(const board::Board& board, const fs::path& folder,
                                      const Env& env, const Progress& progress) {
  progress("kernel and programs of the flash", 0, 0);
  std::string kernel = TRY(ask_tool("build-kernel", {board.name, "flash"}, env));
  std::string programs = TRY(ask_tool("target-programs", {}, env));
  progress("flash image", 0, 0);
  std::string root = folder / "flash-root.squashfs";
  TRY(write_flash_root(board, programs, root, env));
  firmware::PackRequest request;
  request.board = &board;
  request.kernel = kernel.substr(0, kernel.find('\n'));
  request.loader = env.loader.string();
  request.rootfs = root;
  request.output = folder / (board.name + ".trx");
  firmware::PackReport report = TRY(firmware::pack(request, env));
  if (report.refusal) return std::unexpected(as_error(report.findings, *report.refusal));
  return request.output;
}

Result<EmulatedFlash> prepare_emulated_flash(const std::string& file, const board::Board& board,
                                             const fs::path& folder, const Env& env) {
  EmulatedFlash flash{.chip = folder / "flash.img", .kernel = folder / "kernel.elf"};
  InputFile input = TRY(InputFile::open(file, env));
  bool whole = firmware::is_whole_chip(input, &board);
  std::uint64_t offset = whole ? firmware::firmware_offset(board) : 0;
  TRY(write_kernel(input, offset, board, folder, flash.kernel, env));
  auto analysis = whole ? TRY(firmware::analyse_dump(input, &board, trx::Depth::headers))
                        : TRY(firmware::analyse(input, &board, trx::Depth::headers));
  firmware::ImageLayout layout = firmware::layout_of(analysis, input.size(), {});
  firmware::FlashPicture picture = whole ? firmware::FlashPicture(input.size())
                                         : firmware::compose_flash(board, &input, &layout, nullptr);
  if (whole) picture.add_file(0, input, 0, input.size());
  TRY(write_chip(picture, flash.chip));
  auto views = TRY(firmware::view_flash(board, &layout, picture, false));
  flash.partitions = partitions_text(views.at(0));
  return flash;
}

}  // namespace trxkit::boot
