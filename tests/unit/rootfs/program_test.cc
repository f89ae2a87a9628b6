// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/program.h"

#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

struct Program : test::Scratch {
  std::string fault(const std::string& contents) {
    Status checked = check_static_program(write("program", contents), env);
    if (checked) return "";
    EXPECT_EQ(Code::bad_input, checked.error().code);
    EXPECT_EQ(path("program"), checked.error().where.file);
    return checked.error().what;
  }
};

TEST_F(Program, TakesStaticMips) {
  EXPECT_EQ("", fault(test::tiny_elf()));
  EXPECT_EQ("", fault(test::tiny_elf({.architecture = 0x5})));
}

TEST_F(Program, RefusesWhatTheRouterCannotRun) {
  EXPECT_EQ("needs shared libraries, and the root has none",
            fault(test::tiny_elf({.dynamic = true})));
  EXPECT_EQ("is for big-endian MIPS", fault(test::tiny_elf({.data = 2})));
  EXPECT_EQ("is no program for 32-bit MIPS", fault(test::tiny_elf({.machine = 62})));
  EXPECT_EQ("is no program for 32-bit MIPS", fault(test::tiny_elf({.elf_class = 2})));
  EXPECT_EQ("is for MIPS release 6, which the router's processor is not",
            fault(test::tiny_elf({.architecture = 0x9})));
  EXPECT_EQ("is no program (no ELF file)", fault("#!/bin/sh\n"));
  EXPECT_EQ("is no program (no ELF file)", fault(""));
  EXPECT_NE("", fault(test::tiny_elf().substr(0, 60)));
}

TEST_F(Program, RefusesAMissingFile) {
  Status checked = check_static_program(path("nothing"), env);
  ASSERT_FALSE(checked);
  EXPECT_EQ(Code::io, checked.error().code);
}

}  // namespace
}  // namespace trxkit::rootfs
