// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <array>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/system/file.h"

#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

Bytes text(std::string_view value) {
  return as_bytes(value);
}

class OutputFiles : public test::Scratch {
 public:
  std::size_t files() const {
    auto items = std::filesystem::directory_iterator(folder);
    return static_cast<std::size_t>(std::distance(begin(items), end(items)));
  }
};

TEST_F(OutputFiles, AppearAtCommitAndNotBefore) {
  auto file = OutputFile::create(path("out"));
  ASSERT_TRUE(file->write(text("abc")));
  EXPECT_FALSE(exists("out"));
  EXPECT_EQ(file->position(), 3u);
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(read("out"), "abc");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFiles, MayBeSyncedBeforeTheirCommit) {
  auto file = OutputFile::create(path("out"));
  ASSERT_TRUE(file->write(text("abc")));
  file->start_sync();
  OutputFile moved = *std::move(file);
  ASSERT_TRUE(moved.commit());
  EXPECT_EQ(read("out"), "abc");
  OutputFile::create(path("other"))->start_sync();
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFiles, LeaveNothingWithoutCommit) {
  {
    ASSERT_TRUE(OutputFile::create(path("out"))->write(text("abc")));
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(OutputFiles, LeaveAnOlderFileAloneWithoutCommit) {
  write("out", "old");
  {
    ASSERT_TRUE(OutputFile::create(path("out"))->write(text("new")));
  }
  EXPECT_EQ(read("out"), "old");
}

TEST_F(OutputFiles, HaveTheModeOfTheUmask) {
  mode_t before = umask(027);
  auto file = OutputFile::create(path("out"));
  umask(before);
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(shell("stat -c %a out"), "640\n");
}

TEST_F(OutputFiles, MovedOnesBelongToTheirNewOwner) {
  {
    auto first = OutputFile::create(path("a"));
    auto second = OutputFile::create(path("b"));
    ASSERT_TRUE(first->write(text("a")));
    ASSERT_TRUE(second->write(text("b")));
    *first = std::move(*second);
    ASSERT_TRUE(first->commit());
  }
  EXPECT_EQ(read("b"), "b");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFiles, ReplaceWhatASymlinkNames) {
  write("real/file", "old");
  std::filesystem::create_symlink("real/file", folder / "link");
  auto file = OutputFile::create(path("link"));
  ASSERT_TRUE(file->write(text("new")));
  ASSERT_TRUE(file->commit());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(read("real/file"), "new");
}

TEST_F(OutputFiles, CreateWhatADanglingSymlinkNames) {
  std::filesystem::create_symlink("later", folder / "link");
  auto file = OutputFile::create(path("link"));
  ASSERT_TRUE(file->write(text("new")));
  ASSERT_TRUE(file->commit());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(read("later"), "new");
}

TEST_F(OutputFiles, PipesAreWrittenDirectly) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  FileDescriptor reader(open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK));
  auto file = OutputFile::create(path("pipe"));
  ASSERT_TRUE(file->write(text("abc")));
  ASSERT_TRUE(file->write_zeros(2));
  EXPECT_EQ(file->write_at(0, text("x")).error().code, Code::refused);
  ASSERT_TRUE(file->commit());
  std::string got(10, '?');
  EXPECT_EQ(::read(reader.get(), got.data(), got.size()), 5);
  EXPECT_EQ(got.substr(0, 5), std::string("abc\0\0", 5));
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFiles, AFullDeviceIsAnError) {
  auto file = OutputFile::create("/dev/full");
  auto status = file->write(text("abc"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::io);
  EXPECT_EQ(status.error().where.file, "/dev/full");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST_F(OutputFiles, AFullDiskIsAnErrorAndLeavesNothing) {
  struct rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  struct rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  {
    auto file = OutputFile::create(path("out"));
    EXPECT_EQ(file->write(text(std::string(2000, 'x'))).error().code, Code::io);
    EXPECT_EQ(file->resize(2000).error().code, Code::io);
    EXPECT_EQ(file->write_zeros(2000).error().code, Code::io);
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(files(), 0u);
}

TEST_F(OutputFiles, AMissingFolderIsNamed) {
  auto file = OutputFile::create(path("absent/out"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Code::io);
  EXPECT_EQ(file.error().where.file, path("absent/out"));
}

TEST_F(OutputFiles, ATargetThatBecameADirectoryLeavesNothing) {
  {
    auto file = OutputFile::create(path("out"));
    std::filesystem::create_directory(path("out"));
    EXPECT_EQ(file->commit().error().code, Code::io);
  }
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFiles, SeveralGetTheirNamesTogether) {
  auto first = OutputFile::create(path("first"));
  auto second = OutputFile::create(path("second"));
  ASSERT_TRUE(first->write(text("1")));
  ASSERT_TRUE(second->write(text("2")));
  ASSERT_TRUE(OutputFile::commit_all(std::array{&*first, &*second}));
  EXPECT_EQ(read("first") + read("second"), "12");
  EXPECT_EQ(files(), 2u);
}

TEST_F(OutputFiles, NoneOfSeveralAppearsBehindOneThatCannot) {
  {
    auto first = OutputFile::create(path("first"));
    auto second = OutputFile::create(path("second"));
    std::filesystem::create_directory(path("first"));
    auto committed = OutputFile::commit_all(std::array{&*first, &*second});
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().where.file, path("first"));
  }
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFiles, ScratchFilesGetTheirNamesToo) {
  auto file = OutputFile::create(path("out"));
  ASSERT_TRUE(file->write(text("abc")));
  ASSERT_TRUE(file->commit_scratch());
  EXPECT_EQ(read("out"), "abc");
}

TEST_F(OutputFiles, ADirectoryIsRefused) {
  EXPECT_EQ(OutputFile::create(path("")).error().code, Code::io);
}

TEST_F(OutputFiles, HolesAndRewrites) {
  auto file = OutputFile::create(path("out"));
  ASSERT_TRUE(file->write(text("ab")));
  ASSERT_TRUE(file->write_zeros(3));
  ASSERT_TRUE(file->write(text("c")));
  ASSERT_TRUE(file->write_at(1, text("X")));
  ASSERT_TRUE(file->write(text("d")));
  ASSERT_TRUE(file->resize(9));
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(read("out"), std::string("aX\0\0\0cd\0\0", 9));
}

TEST_F(OutputFiles, ZerosBehindAResizeKeepTheRest) {
  auto file = OutputFile::create(path("out"));
  ASSERT_TRUE(file->resize(8));
  ASSERT_TRUE(file->write_at(6, text("zz")));
  ASSERT_TRUE(file->write_zeros(2));
  ASSERT_TRUE(file->write(text("a")));
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(read("out"), std::string("\0\0a\0\0\0zz", 8));
}

// What the tests of signals run as a process of its own: the thread that waits for signals is not
// there in a fork of one that has started it.
TEST(SignalChild, DISABLED_Waits) {
  std::filesystem::path folder = getenv("TRXKIT_TEST_FOLDER");
  auto file = OutputFile::create(folder / "out");
  auto directory = TemporaryDirectory::create(folder);
  std::ofstream(directory->path() / "inside") << "x";
  raise(SIGSTOP);
  usleep(200000);
  ASSERT_TRUE(file->commit());
}

class Signals : public OutputFiles {
 public:
  // Sends `signal` to a child that has stopped itself; returns how it ended.
  int end_child_with(int signal, bool ignored = false) const {
    pid_t child = fork();
    if (child == 0) {
      std::signal(signal, ignored ? SIG_IGN : SIG_DFL);
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, nullptr);
      setenv("TRXKIT_TEST_FOLDER", folder.c_str(), 1);
      execl("/proc/self/exe", "test", "--gtest_filter=SignalChild.*",
            "--gtest_also_run_disabled_tests", nullptr);
      _exit(9);
    }
    int status = 0;
    waitpid(child, &status, WUNTRACED);
    EXPECT_EQ(files(), 2u);
    kill(child, signal);
    kill(child, SIGCONT);
    waitpid(child, &status, 0);
    return status;
  }
};

TEST_F(Signals, RemoveTemporaryNames) {
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) {
    int status = end_child_with(signal);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << status;
    EXPECT_EQ(files(), 0u);
  }
}

TEST_F(Signals, StayIgnored) {
  EXPECT_EQ(end_child_with(SIGHUP, true), 0);
  EXPECT_TRUE(exists("out"));
}

TEST_F(OutputFiles, TemporaryDirectoriesGoWithTheirContents) {
  {
    auto directory = TemporaryDirectory::create(folder);
    std::filesystem::create_directories(directory->path() / "a/b");
    std::ofstream(directory->path() / "a/b/c") << "x";
    auto moved = std::move(*directory);
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(OutputFiles, SymlinksInACircleAreRefusedAndStay) {
  std::filesystem::create_symlink("other", folder / "one");
  std::filesystem::create_symlink("one", folder / "other");
  auto file = OutputFile::create(path("one"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Code::refused);
  EXPECT_EQ(file.error().where.file, path("one"));
  EXPECT_FALSE(file.error().hint.empty());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "one"));
  EXPECT_EQ(files(), 2u);
}

TEST_F(OutputFiles, AnInputIsNotReplaced) {
  write("input", "x");
  write("folder/below/file", "x");
  std::filesystem::create_symlink("folder", folder / "link");
  EXPECT_FALSE(keep_inputs(path("input"), {"", path("input")}));
  EXPECT_FALSE(keep_inputs(path("folder/../input"), {path("input")}));
  EXPECT_FALSE(keep_inputs(path("folder/below/file"), {path("folder")}));
  EXPECT_FALSE(keep_inputs(path("link/below/file"), {path("folder/below/..")}));
  EXPECT_TRUE(keep_inputs(path("folder/below/other"), {path("folder")}));
  EXPECT_TRUE(keep_inputs(path("input"), {"", "-", path("folder"), path("none")}));
}

TEST_F(OutputFiles, ScratchLiesBesideTheOutput) {
  EXPECT_EQ(folder_beside(path("out"), env), folder);
  EXPECT_EQ(folder_beside("out", env), ".");
  EXPECT_EQ(folder_beside("-", env), env.temporary_directory);
  EXPECT_EQ(folder_beside("/dev/null", env), env.temporary_directory);
}

}  // namespace
}  // namespace trxkit
