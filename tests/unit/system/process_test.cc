// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/process.h"

#include <csignal>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using Processes = test::Scratch;

TEST_F(Processes, EnvironmentIsRebuilt) {
  setenv("TRXKIT_LEAK", "1", 1);
  setenv("LC_ALL", "de_DE.UTF-8", 1);
  env.search_path = "/usr/bin:/bin";
  auto printed = run({.argv = {"env"}, .environment = {{"MKE2FS_CONFIG", "x y"}}}, env);
  EXPECT_EQ(*printed,
            "PATH=/usr/bin:/bin\nLC_ALL=C\nTZ=UTC\nSOURCE_DATE_EPOCH=1700000000\n"
            "MKE2FS_CONFIG=x y\n");
}

TEST_F(Processes, ArgumentsAreNotInterpreted) {
  EXPECT_EQ(*run({.argv = {"printf", "%s|", "a b", "$HOME", "*", ";", "", "'\n"}}, env),
            "a b|$HOME|*|;||'\n|");
}

TEST_F(Processes, MissingProgramsNameTheirPackage) {
  env.search_path = path("absent") + "::/etc";
  auto result = run({.argv = {"tar2sqfs"}}, env);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::external_tool);
  EXPECT_EQ(result.error().what, "the program tar2sqfs was not found");
  EXPECT_EQ(result.error().hint, "apt-get install squashfs-tools-ng");
}

TEST_F(Processes, AFolderIsNoProgram) {
  std::filesystem::create_directories(path("bin/mytool"));
  env.search_path = path("bin");
  EXPECT_EQ(run({.argv = {"mytool"}}, env).error().what, "the program mytool was not found");
  EXPECT_EQ(run({.argv = {path("absent")}}, env).error().code, Code::external_tool);
}

TEST_F(Processes, FailuresTellStatusAndLastWords) {
  auto result = run({.argv = {"sh", "-c", "echo out; echo 'disk is bad' >&2; exit 3"}}, env);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::external_tool);
  EXPECT_TRUE(result.error().what.ends_with("ended with exit status 3")) << result.error().what;
  EXPECT_EQ(result.error().hint, "disk is bad");
  auto killed = run({.argv = {"sh", "-c", "kill -9 $$"}}, env);
  EXPECT_TRUE(killed.error().what.ends_with("ended with signal 9"));
}

TEST_F(Processes, AnExitStatusThatIsAnAnswer) {
  auto outcome = outcome_of({.argv = {"sh", "-c", "echo found faults; exit 4"}}, env);
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(outcome->status, 4);
  EXPECT_EQ(outcome->output, "found faults\n");
  auto killed = outcome_of({.argv = {"sh", "-c", "kill -9 $$"}}, env);
  EXPECT_EQ(killed.error().code, Code::external_tool);
}

TEST_F(Processes, AProgramThatTalksToTheUserItself) {
  Command command{.argv = {"sh", "-c", "readlink /proc/self/fd/0; exit 5"}};
  command.on_our_streams = true;
  testing::internal::CaptureStdout();
  auto outcome = outcome_of(command, env);
  std::string printed = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(outcome->status, 5);
  EXPECT_EQ(outcome->output, "");
  EXPECT_EQ(printed, std::filesystem::read_symlink("/proc/self/fd/0").string() + "\n");
}

TEST_F(Processes, AMillionLinesOfErrorsDoNotBlock) {
  auto result = run({.argv = {"sh", "-c", "seq 200000 >&2; exit 1"}}, env);
  EXPECT_TRUE(result.error().hint.ends_with("\n200000"));
  EXPECT_LE(result.error().hint.size(), 2000u);
}

TEST_F(Processes, InputReachesTheChild) {
  auto process = Process::start({.argv = {"wc", "-c"}, .stdin_pipe = true}, env);
  std::string block(300000, 'x');
  ASSERT_TRUE(process->write_input(as_bytes(std::string_view(block))));
  ASSERT_TRUE(process->write_input(as_bytes(std::string_view(block))));
  EXPECT_EQ(*process->finish(), "600000\n");
}

TEST_F(Processes, AChildThatDiesEarlyTellsWhyAtItsEnd) {
  auto process =
      Process::start({.argv = {"sh", "-c", "echo no >&2; exit 5"}, .stdin_pipe = true}, env);
  std::string block(1 << 20, 'x');
  EXPECT_TRUE(process->write_input(as_bytes(std::string_view(block))));
  EXPECT_TRUE(process->write_input(as_bytes(std::string_view(block))));
  auto result = process->finish();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().hint, "no");
}

TEST_F(Processes, WithoutAPipeInputIsEmpty) {
  EXPECT_EQ(*run({.argv = {"cat"}}, env), "");
}

TEST_F(Processes, OutputGoesWhereItIsTold) {
  FileDescriptor file(open(path("out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_TRUE(run({.argv = {"echo", "x"}, .stdout_descriptor = file.get()}, env));
  EXPECT_EQ(read("out"), "x\n");
}

TEST_F(Processes, ChildrenInheritNoFiles) {
  auto input = InputFile::open(write("secret-in", "x"), env);
  auto output = OutputFile::create(path("secret-out"));
  auto open_files = run({.argv = {"ls", "-l", "/proc/self/fd"}}, env);
  ASSERT_TRUE(open_files->contains("/dev/null"));
  EXPECT_FALSE(open_files->contains("secret")) << *open_files;
}

TEST_F(Processes, ChildrenReceiveSignals) {
  auto file = OutputFile::create(path("out"));  // blocks them in this process
  auto result = run({.argv = {"sh", "-c", "kill -TERM $$; sleep 5"}}, env);
  EXPECT_TRUE(result.error().what.ends_with("signal 15")) << result.error().what;
  auto pipe = run({.argv = {"sh", "-c", "yes | head -1; kill -PIPE $$; sleep 5"}}, env);
  EXPECT_TRUE(pipe.error().what.ends_with("signal 13")) << pipe.error().what;
}

TEST_F(Processes, MemoryIsLimitedWhereACommandSaysSo) {
  Command command{.argv = {"python3", "-c", "x = bytes(300 << 20); print(len(x))"}};
  EXPECT_EQ(*run(command, env), "314572800\n");
  command.memory_limit = 200 << 20;
  auto limited = run(command, env);
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, Code::external_tool);
  EXPECT_TRUE(limited.error().what.ends_with("exit status 1 (it may use 200 MiB of memory)"))
      << limited.error().what;
  EXPECT_TRUE(limited.error().hint.contains("MemoryError")) << limited.error().hint;
}

TEST_F(Processes, DroppedChildrenAreEnded) {
  {
    auto process = Process::start({.argv = {"sleep", "100"}}, env);
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(Processes, TextIsHowAPersonTypesIt) {
  EXPECT_EQ((Command{.argv = {"a", "b c", "", "d"}}).text(), "a 'b c' '' d");
  EXPECT_EQ((Command{.argv = {"a", "it's"}}).text(), R"(a 'it'\''s')");
}

// A process of its own, whose child notes its id, and how it ends.
TEST(ProcessChild, DISABLED_Waits) {
  std::string folder = getenv("TRXKIT_TEST_FOLDER");
  Env env = Env::system();
  env.temporary_directory = folder;
  std::string script = "trap 'echo ended >" + folder + "/end; exit' TERM; echo $$ >" + folder +
                       "/new; mv " + folder + "/new " + folder +
                       "/pid; while :; do sleep 0.01; done";
  (void)outcome_of({.argv = {"sh", "-c", script}, .on_our_streams = true}, env);
  std::ofstream(folder + "/survived") << "yes";
}

TEST_F(Processes, FatalSignalsEndChildrenFirst) {
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) {
    for (const char* name : {"pid", "end"}) std::filesystem::remove(path(name));
    pid_t child = fork();
    if (child == 0) {
      setenv("TRXKIT_TEST_FOLDER", folder.c_str(), 1);
      execl("/proc/self/exe", "test", "--gtest_filter=ProcessChild.*",
            "--gtest_also_run_disabled_tests", nullptr);
      _exit(9);
    }
    while (!exists("pid")) usleep(1000);
    kill(child, signal);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << status;
    EXPECT_EQ(read("end"), "ended\n");
    // It may wait to be collected by whoever collects orphans here; then it has no command line.
    std::ifstream command("/proc/" + std::to_string(std::stoi(read("pid"))) + "/cmdline");
    EXPECT_EQ(command.peek(), std::ifstream::traits_type::eof()) << "the child is still there";
    EXPECT_FALSE(exists("survived"));
  }
}

}  // namespace
}  // namespace trxkit
