// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What every writer of images does on a host with a full disk, or without the program it calls.
#include <csignal>
#include <functional>

#include <sys/resource.h>

#include "lib/image/ext4.h"
#include "lib/image/fat.h"
#include "lib/image/squashfs.h"

#include "tests/unit/image/image_scratch.h"
#include "tests/unit/image/tree.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

struct Writer {
  std::string name;
  std::string package;  ///< that holds its program
  Code full_disk;       ///< whose failure a full disk is: ours, or the program's
  std::function<Status(const archive::Source&, OutputFile&, const Env&)> write;
};

Writer squashfs_writer(const std::string& program, SquashfsBackend backend) {
  return {program, "squashfs-tools", Code::external_tool,
          [backend](const archive::Source& tree, OutputFile& output, const Env& env) -> Status {
            SquashfsOptions options;
            options.backend = backend;
            options.jobs = 2;
            TRY(write_squashfs(tree, output, options, env));
            return {};
          }};
}

std::vector<Writer> writers() {
  return {{"ext4", "e2fsprogs", Code::io,
           [](const archive::Source& tree, OutputFile& output, const Env& env) {
             return write_ext4(tree, output,
                               {.label = "USBROOT",
                                .uuid = "01234567-89ab-cdef-0123-456789abcdef",
                                .size = 16 * kMiB},
                               env);
           }},
          {"fat32", "mtools", Code::io,
           [](const archive::Source& tree, OutputFile& output, const Env& env) {
             return write_fat(tree, output, {.label = "USBBOOT", .volume_id = 1, .size = 40 * kMiB},
                              env);
           }},
          squashfs_writer("tar2sqfs", SquashfsBackend::tar2sqfs),
          squashfs_writer("mksquashfs", SquashfsBackend::mksquashfs)};
}

/// Files beyond 100 KiB cannot grow, as on a full disk, while this lives.
class FullDisk {
 public:
  FullDisk() : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &previous_);
    struct rlimit tight = previous_;
    tight.rlim_cur = 100 * 1024;
    setrlimit(RLIMIT_FSIZE, &tight);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &previous_);
    signal(SIGXFSZ, handler_);
  }

 private:
  struct rlimit previous_{};
  void (*handler_)(int);
};

class PoorHost : public test::ImageScratch, public ::testing::WithParamInterface<Writer> {
 public:
  Status build() {
    test::TestTree tree;
    tree.directory("");
    tree.large("large", kMiB);
    OutputFile output = TRY(OutputFile::create(path("image")));
    TRY(GetParam().write(tree, output, env));
    return output.commit();
  }
};

INSTANTIATE_TEST_SUITE_P(All, PoorHost, ::testing::ValuesIn(writers()),
                         [](const auto& writer) { return writer.param.name; });

TEST_P(PoorHost, AFullDiskLeavesNothing) {
  Status status;
  {
    FullDisk disk;
    status = build();
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, GetParam().full_disk) << status.error().what;
  expect_nothing_left();
}

TEST_P(PoorHost, AMissingProgramIsNamed) {
  env.search_path = path("nowhere");
  auto status = build();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::external_tool);
  EXPECT_NE(status.error().hint.find(GetParam().package), std::string::npos) << status.error().hint;
  expect_nothing_left();
}

TEST_P(PoorHost, OtherwiseTheImageIsThere) {
  ASSERT_TRUE(build());
  EXPECT_TRUE(exists("image"));
}

}  // namespace
}  // namespace trxkit::image
