// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/template.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace trxkit::rootfs {
namespace {

Error error_of(const std::string& text, const TemplateValues& values) {
  auto rendered = render_template(text, "x.sh", values);
  EXPECT_FALSE(rendered) << *rendered;
  return rendered ? Error{} : rendered.error();
}

TEST(Template, ReplacesQuotedAndRaw) {
  auto text = render_template("#!/bin/sh\n# template: NAME OTHER_2\nA=@NAME@ B=@OTHER_2|raw@\n",
                              "x.sh", {{"NAME", "it's $HOME"}, {"OTHER_2", "plain"}});
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ("#!/bin/sh\nA='it'\\''s $HOME' B=plain\n", *text);
}

TEST(Template, LeavesOtherAtSignsAlone) {
  const std::string rest = "exec \"$@\" a@b.c @lower@ @ @@ @X @NAME|two words@ root@\n@";
  auto text = render_template("# template: N\n@N|raw@\n" + rest, "x", {{"N", "@N@"}});
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ("@N@\n" + rest, *text) << "values are not looked into again";
}

TEST(Template, NamesThePlaceOfEveryFault) {
  struct Case {
    const char* text;
    TemplateValues values;
    const char* what;
    std::uint32_t line;
    std::uint32_t column;
  };
  const Case cases[] = {
      {"# template: A\nx @A@ @B@\n", {{"A", ""}}, "@B@ is not declared above", 2, 7},
      {"@A@\n# template: A\n", {{"A", ""}}, "@A@ is not declared above", 1, 1},
      {"# template: A B\n@A@\n", {{"A", ""}}, "@B@ has no value", 1, 15},
      {"# template: A B\n@A@\n", {{"A", ""}, {"B", ""}}, "@B@ is declared, but not used", 1, 1},
      {"# template: A\n@A@\n", {{"A", ""}, {"C", ""}}, "@C@ is not declared", 1, 1},
      {"# template: A A\n@A@\n", {{"A", ""}}, "@A@ is declared twice", 1, 15},
      {"# template: a\n", {}, "@a@ is no name (A-Z, 0-9 and _, a letter first)", 1, 13},
      {"# template: A\n@A|html@\n", {{"A", ""}}, "@A|html@ is not |raw", 2, 1},
      {"echo\n", {}, "no line \"# template: NAME...\"", 1, 1},
      {"", {}, "no line \"# template: NAME...\"", 1, 1},
  };
  for (const Case& one : cases) {
    Error error = error_of(one.text, one.values);
    EXPECT_EQ(one.what, error.what) << one.text;
    EXPECT_EQ(one.line, error.where.line) << one.text;
    EXPECT_EQ(one.column, error.where.column) << one.text;
    EXPECT_EQ("x.sh", error.where.file);
    EXPECT_EQ(Code::bad_input, error.code);
  }
}

using Quoting = test::Scratch;

TEST_F(Quoting, SurvivesEveryShell) {
  std::string hostile = "a b'c\"d$(reboot)`reboot`\\\n;|&*?~#!{x}\t-n";
  for (const char* shell : {"dash", "busybox ash", "bash"}) {
    write("script", "printf %s " + shell_quote(hostile));
    EXPECT_EQ(hostile, this->shell(std::string(shell) + " script"));
  }
  EXPECT_EQ("''", shell_quote(""));
}

}  // namespace
}  // namespace trxkit::rootfs
