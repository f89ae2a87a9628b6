// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/cli/program.h"

#include "lib/core/json.h"

#include "tests/unit/scratch.h"

namespace trxkit::cli {
namespace {

// A program with one verb whose options and behaviour each test chooses.
class ProgramTest : public test::Scratch {
 protected:
  ProgramTest() : program("tool", "a tool for tests") {
    program.verb("pack", "packs")
        .text("-b,--board", board, "the board")
        .text("image", image, "the image", Verb::required)
        .list("--add", added, "more files")
        .flag("--dry-run", dry_run, "write nothing")
        .size("--reserve", reserve, "room to keep")
        .number("--wait", wait, {.name = "SECONDS", .largest = 120}, "how long")
        .number("--build", build, {}, "which build")
        .choice("--table", table, {"mbr", "gpt"}, "partition table")
        .ordered({{"--part", "a part"}, {"--align", "align the next part"}}, parts)
        .action([this](const Env&, Report& report) -> Result<int> { return act(report); });
    program.verb("verify", "verifies").action([](const Env&, Report&) -> Result<int> { return 0; });
  }

  int run(std::vector<std::string> words) { return program.run(words, env); }

  Program program;
  std::string board, image, table = "mbr";
  std::vector<std::string> added;
  bool dry_run = false;
  std::optional<std::uint64_t> reserve, wait, build;
  std::vector<OrderedOption> parts;
  std::function<Result<int>(Report&)> act = [](Report&) { return 0; };
};

TEST_F(ProgramTest, OptionsReachTheirTargets) {
  EXPECT_EQ(run({"pack", "-b", "x", "--add", "1", "--add", "2", "--reserve", "64k", "--wait", "120",
                 "--build", "18446744073709551615", "--table", "gpt", "--dry-run", "file.trx"}),
            0)
      << err.str();
  EXPECT_EQ(board, "x");
  EXPECT_EQ(image, "file.trx");
  EXPECT_EQ(added, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(reserve, 65536u);
  EXPECT_EQ(wait, 120u);
  EXPECT_EQ(build, UINT64_MAX);
  EXPECT_EQ(table, "gpt");
  EXPECT_TRUE(dry_run);
}

TEST_F(ProgramTest, OrderedOptionsKeepTheirOrder) {
  EXPECT_EQ(run({"pack", "i", "--part", "a", "--align", "4", "--part", "b"}), 0) << err.str();
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].value + parts[1].name + parts[2].value, "a--alignb");
}

TEST_F(ProgramTest, MisspeltWordsGetASuggestionAndStatus2) {
  EXPECT_EQ(run({"pakc", "x"}), 2);
  EXPECT_NE(err.str().find("did you mean pack?"), std::string::npos) << err.str();
  EXPECT_EQ(run({"pack", "x", "--bord", "y"}), 2);
  EXPECT_NE(err.str().find("did you mean --board?"), std::string::npos) << err.str();
}

TEST_F(ProgramTest, UnusableCommandLinesEndWithStatus2) {
  const std::vector<std::vector<std::string>> bad{
      {},
      {"pack"},
      {"pack", "x", "y"},
      {"pack", "x", "--board"},
      {"pack", "x", "--reserve", "12q"},
      {"pack", "x", "--reserve", "99999999999G"},
      {"pack", "x", "--wait", "5K"},
      {"pack", "x", "--wait", "0x10"},
      {"pack", "x", "--wait", "121"},
      {"pack", "x", "--wait", "-1"},
      {"pack", "x", "--wait", ""},
      {"pack", "x", "--build", "18446744073709551616"},
      {"pack", "x", "--table", "apm"},
      {"pack", "x", "-Z"},
      {"pack", "x", "--progress", "loud"},
      {"pack", "x", "-b", "1", "-b", "2"},
  };
  for (const auto& words : bad) {
    err.str("");
    EXPECT_EQ(run(words), 2) << err.str();
    EXPECT_TRUE(err.str().starts_with("tool: ")) << err.str();
    EXPECT_EQ(out.str(), "");
  }
}

TEST_F(ProgramTest, HelpAndVersionGoToStandardOutput) {
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_EQ(out.str(), "tool " + std::string(version()) + "\n");
  EXPECT_EQ(run({"pack", "--help"}), 0);
  EXPECT_NE(out.str().find("Usage: tool pack "), std::string::npos) << out.str();
  for (const char* option : {"--reserve SIZE", "--wait SECONDS", "--build NUMBER"}) {
    EXPECT_NE(out.str().find(option), std::string::npos) << out.str();
  }
}

TEST_F(ProgramTest, ErrorsNamePlaceCauseAndCure) {
  act = [](Report&) -> Result<int> {
    return advise(fail_at({"image.trx", 0x14}, Code::does_not_fit, "over by 1 byte"), "shrink it");
  };
  EXPECT_EQ(run({"pack", "x"}), 4);
  EXPECT_EQ(err.str(), "tool: image.trx@0x14: over by 1 byte\nhint: shrink it\n");
}

TEST_F(ProgramTest, SourceLinesCarryACaret) {
  act = [](Report&) -> Result<int> {
    Error error{Code::bad_input, "unknown key 'sise'"};
    error.where = {.file = "b.toml", .offset = {}, .line = 3, .column = 1};
    error.source_line = "sise = 4";
    return std::unexpected(error);
  };
  EXPECT_EQ(run({"pack", "x"}), 3);
  EXPECT_EQ(err.str(), "tool: b.toml:3:1: unknown key 'sise'\n  sise = 4\n  ^\n");
}

TEST_F(ProgramTest, ProgressOnATerminalHasSpeedAndRemainingTime) {
  env.err_is_terminal = true;
  std::chrono::milliseconds now{5000};
  env.elapsed = [&] { return now; };
  act = [&](Report& report) -> Result<int> {
    report.progress("write", 0, 100 << 20);
    now += std::chrono::seconds(10);
    report.progress("write", 20 << 20, 100 << 20);
    now += std::chrono::seconds(10);
    report.progress("compare", 1, 2);
    return 0;
  };
  EXPECT_EQ(run({"pack", "x"}), 0);
  EXPECT_EQ(err.str(),
            "\rtool: write   0 %\rtool: write  20 %, 2 MiB/s, 0:40 left    \n"
            "\rtool: compare  50 %\n");
}

TEST_F(ProgramTest, FindingsDecideTheStatus) {
  act = [](Report& report) -> Result<int> {
    Findings findings;
    findings.add("FSR001", {"root.tar", {}}, "etc/passwd occurs twice");
    return report.findings(findings);
  };
  EXPECT_EQ(run({"pack", "x"}), 0);
  EXPECT_EQ(err.str(), "tool: root.tar: warning: etc/passwd occurs twice [FSR001]\n");
  EXPECT_EQ(run({"pack", "x", "--strict"}), 1);
}

TEST_F(ProgramTest, JsonIsOneObjectAndNoProse) {
  act = [](Report& report) -> Result<int> {
    report.say("prose");
    report.result("size", std::uint64_t{5});
    return fail(Code::refused, "no");
  };
  EXPECT_EQ(run({"pack", "x", "--json"}), 5);
  auto json = Json::parse(out.str(), "out");
  ASSERT_TRUE(json) << out.str();
  EXPECT_EQ(*json->find("schema")->number(), 1u);
  EXPECT_EQ(*json->find("verb")->text(), "pack");
  EXPECT_EQ(*json->find("size")->number(), 5u);
  EXPECT_EQ(*json->find("error")->find("message")->text(), "no");
}

TEST_F(ProgramTest, AnErrorHasItsPlaceAsAFindingDoes) {
  act = [](Report&) -> Result<int> {
    return fail_at({"image.trx", 0x14, 3, 9}, Code::bad_input, "no");
  };
  EXPECT_EQ(run({"pack", "x", "--json"}), 3);
  auto json = Json::parse(out.str(), "out");
  ASSERT_TRUE(json) << out.str();
  const Json& error = *json->find("error");
  EXPECT_EQ(*error.find("file")->text(), "image.trx");
  EXPECT_EQ(*error.find("offset")->number(), 0x14u);
  EXPECT_EQ(*error.find("line")->number(), 3u);
  EXPECT_EQ(*error.find("column")->number(), 9u);
  EXPECT_EQ(error.find("place"), nullptr);
}

TEST_F(ProgramTest, UnusableCommandLinesAreJsonToo) {
  EXPECT_EQ(run({"pack", "--json"}), 2);
  auto json = Json::parse(out.str(), "out");
  ASSERT_TRUE(json) << out.str();
  EXPECT_EQ(*json->find("verb")->text(), "pack");
  EXPECT_EQ(*json->find("error")->find("exit_status")->number(), 2u);
  EXPECT_TRUE(err.str().starts_with("tool: ")) << err.str();
}

TEST_F(ProgramTest, AnOutputHasStandardOutputToItself) {
  std::string output;
  act = [&](Report& report) -> Result<int> {
    Status left = report.leave_standard_output_to(output);
    if (!left) return std::unexpected(left.error());
    report.say("prose");
    return 0;
  };
  for (const char* name : {"-", "/dev/stdout"}) {
    output = name;
    EXPECT_EQ(run({"pack", "x"}), 0);
    EXPECT_EQ(out.str(), "");
  }
  output = "file";
  EXPECT_EQ(run({"pack", "x"}), 0);
  EXPECT_EQ(out.str(), "prose\n");
  EXPECT_EQ(run({"pack", "x", "--json"}), 0);
  output = "-";
  EXPECT_EQ(run({"pack", "x", "--json"}), 2) << "both want it";
}

TEST_F(ProgramTest, TerminalsObeyNoNameOutOfAFile) {
  act = [](Report& report) -> Result<int> {
    Findings findings;
    findings.add("FSR001", {"a\x1b[2J", {}}, "b\x1b]0;c\a twice", "d\x1b\ne").source_line =
        "\tx\x1b";
    return report.findings(findings);
  };
  EXPECT_EQ(run({"pack", "x"}), 0);
  EXPECT_EQ(err.str(),
            "tool: a\\x1b[2J: warning: b\\x1b]0;c\\x07 twice [FSR001]\n   x \n"
            "hint: d\\x1b\n      e\n");
}

TEST_F(ProgramTest, FullStandardOutputIsAFailure) {
  act = [](Report& report) -> Result<int> {
    report.say("result");
    return 0;
  };
  std::ofstream full("/dev/full");
  env.out = &full;
  EXPECT_EQ(run({"pack", "x"}), 7);
}

TEST_F(ProgramTest, UnusableEpochIsRefused) {
  env.environment_fault = "SOURCE_DATE_EPOCH is 'yesterday'";
  EXPECT_EQ(run({"pack", "x"}), 2);
}

}  // namespace
}  // namespace trxkit::cli
