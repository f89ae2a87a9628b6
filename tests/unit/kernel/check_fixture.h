// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A sound kernel and board, to be changed by one fault at a time, and the codes that come of it.
#pragma once

#include "lib/kernel/check.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {

class CheckTest : public test::Scratch {
 public:
  CheckTest() {
    board.name = "a-router";
    board.model = "A Router";
    board.ram_size.value = 64 << 20;
    board.boot_loader.base.value = 0x80700000;
    board.kernel.load_address.value = 0x80001000;
    board.kernel.machine = "bcm47xx";
    kernel = test::sound_kernel();
    load = &kernel.segments[1];
  }

  /// All codes but those on a sound kernel (no configuration inside, boots by CFE too), joined.
  std::string codes(Role role = Role::stick, const Surroundings& surroundings = {}) {
    InputFile file = InputFile::open(write("vmlinux", kernel.bytes()), env).value();
    KernelElf elf = read_kernel(file).value();
    findings = check_kernel(file, elf, board, role, surroundings).value();
    std::string text;
    for (const Finding& finding : findings.list()) {
      EXPECT_EQ(finding.where.file, path("vmlinux"));
      if (finding.code == "ELF024" || finding.code == "ELF017") continue;
      text += (text.empty() ? "" : " ") + finding.code;
    }
    return text;
  }
  std::string message() const {
    return findings.list().empty() ? "" : findings.list().front().message;
  }
  std::string hint() const { return findings.list().empty() ? "" : findings.list().front().hint; }
  void set_banner(std::string banner) {
    constexpr std::size_t kPlace = 1025, kRoom = 68;  // of the fixture's own
    banner.resize(kRoom, '\0');
    load->contents.replace(kPlace, kRoom, banner);
  }
  void set_command_line(const std::string& text) {
    std::uint64_t offset = kernel.symbols.front().address - load->address;
    load->contents.replace(offset, text.size() + 1, text + '\0');
  }
  void set_config(const std::string& text) {
    write("config", text);
    shell("gzip -9n < config > config.gz");
    std::string config = "IKCFG_ST" + read("config.gz") + "IKCFG_ED";
    load->contents.replace(0x500, config.size(), config);
  }

  board::Board board;
  test::KernelFixture kernel;
  test::FixtureSegment* load = nullptr;
  Findings findings;
};

}  // namespace trxkit::kernel
