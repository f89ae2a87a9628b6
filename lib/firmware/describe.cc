// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An image in words and in JSON.
#include "lib/core/units.h"
#include "lib/firmware/analysis.h"
#include "lib/trx/container_text.h"
#include "lib/trx/magic.h"

namespace trxkit::firmware {
namespace {

using trx::Payload;

Json describe_part(const Payload& payload) {
  Json part = Json::object({{"part", std::uint64_t{payload.part.number}},
                            {"offset", payload.part.offset},
                            {"size", payload.part.size()},
                            {"kind", name_of(payload.kind)}});
  if (auto end = payload.own_end()) part.set("payload_size", *end - payload.part.offset);
  if (payload.unpacked) {
    part.set("unpacked_size", payload.unpacked->size);
    if (!payload.unpacked->fault.empty()) part.set("fault", payload.unpacked->fault);
  }
  if (payload.lzma) {
    part.set("lzma", Json::object({{"lc", payload.lzma->lc()},
                                   {"lp", payload.lzma->lp()},
                                   {"pb", payload.lzma->pb()},
                                   {"dictionary", payload.lzma->dictionary.value()},
                                   {"end_marker", payload.lzma->size == trx::kLzmaSizeUnknown}}));
  }
  if (payload.loader) {
    const trx::LoaderHeader& loader = payload.loader->header;
    part.set("loader", Json::object({{"run_address", loader.run_address.value()},
                                     {"load_address", loader.load_address.value()},
                                     {"entry", loader.entry.value()},
                                     {"kernel_size", payload.loader->result.size},
                                     {"payload_size", loader.payload_size.value()}}));
  }
  if (payload.squashfs) {
    part.set("squashfs", Json::object({{"compression", squashfs_compression(*payload.squashfs)},
                                       {"block_size", payload.squashfs->block_size.value()},
                                       {"inodes", payload.squashfs->inodes.value()},
                                       {"time", payload.squashfs->mkfs_time.value()}}));
  }
  if (!payload.banner.empty()) part.set("banner", payload.banner);
  if (!payload.command_line.empty()) part.set("command_line", payload.command_line);
  if (payload.has_flash_init) part.set("flash_init", true);
  if (payload.has_search) part.set("second_stage", true);
  return part;
}

std::string describe_line(const Payload& payload) {
  std::string line =
      fmt::format("part {}  {:#010x}  {:>10}  {}", payload.part.number, payload.part.offset,
                  human_size(payload.part.size()), payload.label());
  if (payload.unpacked && payload.unpacked->fault.empty()) {
    line += fmt::format(", {} unpacked", human_size(payload.unpacked->size));
  }
  if (payload.squashfs) {
    line +=
        fmt::format(", {} in blocks of {}, {} inode{}", human_size(payload.squashfs->bytes_used),
                    human_size(payload.squashfs->block_size), payload.squashfs->inodes.value(),
                    plural(payload.squashfs->inodes));
  }
  return line;
}

}  // namespace

Json describe(const Analysis& analysis) {
  const trx::Image& image = analysis.image;
  Json parts = Json::array();
  for (const Payload& payload : analysis.payloads) parts.push(describe_part(payload));
  Json markers = Json::array();
  for (std::uint64_t marker : analysis.trailer.markers) markers.push(marker);
  Json result = Json::object({{"file", image.file},
                              {"magic", image.magic},
                              {"length", image.length},
                              {"crc", image.crc},
                              {"crc_ok", image.crc == analysis.computed_crc},
                              {"flags", std::uint64_t{image.flags}},
                              {"version", std::uint64_t{image.version}},
                              {"file_size", image.position + image.available}});
  if (auto models = trx::models_of_magic(image.magic)) result.set("models", *models);
  result.set("offset", image.position);
  if (analysis.container.kind != board::ContainerKind::none) {
    result.set("container", trx::describe_container(analysis.container));
  }
  if (analysis.fourth) result.set("cybertan", trx::describe_fourth(*analysis.fourth));
  return std::move(result.set("parts", std::move(parts)).set("markers", std::move(markers)));
}

std::vector<std::string> describe_lines(const Analysis& analysis) {
  const trx::Image& image = analysis.image;
  bool crc_ok = image.crc == analysis.computed_crc;
  std::vector<std::string> lines;
  if (analysis.container.kind != board::ContainerKind::none) {
    lines.push_back(trx::container_line(analysis.container));
  }
  lines.push_back(
      fmt::format("TRX version {}, magic {}", image.version, trx::describe_magic(image.magic)));
  lines.push_back(fmt::format(
      "length  {:#010x}  {:>10}, CRC {:#010x} {}", image.length, human_size(image.length),
      image.crc,
      crc_ok ? "right" : fmt::format("wrong, the bytes give {:#010x}", analysis.computed_crc)));
  for (const Payload& payload : analysis.payloads) {
    lines.push_back(describe_line(payload));
    if (payload.loader) {
      const trx::LoaderHeader& loader = payload.loader->header;
      lines.push_back(
          fmt::format("        loader moves to {:#x}, unpacks {} to {:#x}, starts {:#x}",
                      loader.run_address.value(), human_size(payload.loader->result.size),
                      loader.load_address.value(), loader.entry.value()));
    }
    if (!payload.banner.empty()) lines.push_back("        " + payload.banner);
    if (!payload.command_line.empty()) {
      lines.push_back("        command line: " + payload.command_line);
    }
    if (payload.has_search) {
      lines.push_back("        second-stage loader: looks for a stick from its initramfs");
    } else if (payload.has_flash_init) {
      lines.push_back("        finds its root by partition name");
    }
  }
  if (analysis.fourth) lines.push_back("        " + trx::fourth_line(*analysis.fourth));
  for (std::uint64_t marker : analysis.trailer.markers) {
    lines.push_back(fmt::format("marker  {:#010x}  JFFS2 starts here", marker));
  }
  return lines;
}

}  // namespace trxkit::firmware
