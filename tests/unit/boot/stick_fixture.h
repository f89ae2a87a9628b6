// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Small but sound inputs of a stick: a kernel and programs made byte by byte, a root of a few
// files.
#pragma once

#include "lib/boot/stick.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::boot {

class Stick : public test::Scratch {
 public:
  Stick() {
    write("vmlinux", test::sound_kernel(0x80100000, "malta").bytes());
    write("busybox", program().bytes());
    write("root/etc/greeting", "hello\n");
    write("root/sbin/init", "#!/bin/sh\n");
    std::filesystem::permissions(folder / "root/sbin/init", std::filesystem::perms(0755));
    request.board = *board::load_board("qemu-malta", env);
    request.busybox = path("busybox");
    request.entries.resize(1);
    entry().kernel = path("vmlinux");
    entry().rootfs = path("root");
    entry().free_bytes = 1 << 20;
  }

  /// The first entry of the request.
  EntryRequest& entry() { return request.entries.front(); }

  /// A static program for the router, as far as its ELF headers tell.
  static test::KernelFixture program() {
    test::KernelFixture program;
    program.entry = 0x400000;
    program.segments = {{.address = 0x400000, .contents = std::string(8192, '\0')}};
    return program;
  }

  Result<StickResult> image(const std::string& name) {
    return write_stick_image(request, path(name), env, progress, findings);
  }
  Result<StickResult> tree(const std::string& name) {
    return write_stick_tree(request, path(name), env, progress, findings);
  }

  /// Names in the scratch folder, hidden ones too, but not the shell's.
  std::string listing() const { return shell("ls -A | grep -v '^\\.shell$'"); }

  StickRequest request;
  Findings findings;
  Progress progress = [this](std::string_view step, std::uint64_t, std::uint64_t) {
    steps += std::string(step) + "\n";
  };
  std::string steps;
};

}  // namespace trxkit::boot
