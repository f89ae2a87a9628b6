// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/boot_script.h"

#include <gmock/gmock.h>

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Stick, BootScriptIsOneFileWithAllItsParts) {
  auto script = boot_script(env);
  ASSERT_TRUE(script) << script.error().what;
  write("ours", *script);
  shell(
      fmt::format("cd '{}/templates' && awk '/^\\. boot\\// {{ while ((getline line < $2) > 0) "
                  "print line; next }} {{ print }}' boot.sh >\"$OLDPWD/theirs\"",
                  test::source_directory()));
  EXPECT_EQ(*script, read("theirs"));
  EXPECT_THAT(*script, Not(HasSubstr("\n. boot/")));
  shell(
      "sh -n ours; for part in kexec_loaded tried boot.conf pivot boot.manifest; do "
      "grep -q $part ours || exit 1; done");
}

TEST(BootSettings, OnlyWhatDiffersIsWritten) {
  EXPECT_EQ(*boot_settings_text(kChoiceTimeout, true), "");
  EXPECT_EQ(*boot_settings_text(kChoiceTimeout, false), "guard no\n");
  EXPECT_EQ(*boot_settings_text(0, true), "timeout 0\n");
  EXPECT_EQ(*boot_settings_text(999, false), "timeout 999\nguard no\n");
}

TEST_F(Stick, SettingsGoOntoTheStickAndAreTrusted) {
  request.choice_timeout = 7;
  request.guard = false;
  ASSERT_TRUE(tree("tree"));
  EXPECT_EQ(read("tree/boot/boot.conf"), "timeout 7\nguard no\n");
  EXPECT_THAT(read("tree/boot/boot.manifest"), HasSubstr(" boot.conf\n"));
  shell("cd tree/boot && sed -n 's/^sha256 \\(.*\\) /\\1  /p' boot.manifest | sha256sum -c");
  request.choice_timeout = 1000;
  auto refused = tree("again");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::usage);
}

}  // namespace
}  // namespace trxkit::boot
