// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Password hashes, judged by openssl and Python's crypt; passwd and shadow as text.
#include "lib/rootfs/accounts.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace trxkit::rootfs {
namespace {

using Accounts = test::Scratch;

std::string fault_of(const std::string& text) {
  auto parsed = parse_password_hash(text);
  if (parsed) return "";
  EXPECT_EQ(parsed.error().code, Code::usage);
  return parsed.error().what;
}

TEST_F(Accounts, HashesOfEveryKind) {
  for (const char* option : {"-1", "-5", "-6", "-6 -salt x"}) {
    std::string hash = shell(fmt::format("openssl passwd {} secret", option));
    hash.pop_back();
    auto parsed = parse_password_hash("root=" + hash);
    ASSERT_TRUE(parsed) << hash << parsed.error().what;
    EXPECT_EQ(parsed->hash, hash);
    EXPECT_FALSE(needs_libxcrypt(*parsed));
  }
  std::string made = shell(
      "python3 -W ignore -c 'import crypt\n"
      "for s in (\"$6$rounds=5000$salt\", \"$2b$05$abcdefghijklmnopqrstuu\","
      " \"$y$j9T$F5Jx5fExrKuPp53xLKQ..1\", \"$7$CU..../....2Q9obwLhin8qvQl6sisAO/\"):\n"
      "  print(crypt.crypt(\"x\", s))'");
  std::size_t modern = 0;
  for (std::size_t at = 0; at < made.size();) {
    std::size_t end = made.find('\n', at);
    auto parsed = parse_password_hash("root=" + made.substr(at, end - at));
    ASSERT_TRUE(parsed) << made.substr(at, end - at) << parsed.error().what;
    modern += needs_libxcrypt(*parsed) ? 1 : 0;
    at = end + 1;
  }
  EXPECT_EQ(modern, 2u);
  EXPECT_EQ(fault_of("root=*"), "");
  EXPECT_EQ(fault_of("daemon=!"), "");
}

TEST_F(Accounts, PlainTextIsRefusedAndNotRepeated) {
  const std::string digest(22, 'a');
  for (std::string text : {"secret", "correct horse", "abcdefghijklm", "$", "$1", "$9$salt$abc",
                           "$1$salt$tooshort", "$1$sa:lt$"}) {
    if (text.ends_with("lt$")) text += digest;
    std::string fault = fault_of("root=" + text);
    EXPECT_TRUE(fault.starts_with("what is given as the password hash of root ")) << text;
    EXPECT_EQ(fault.find(text, 43), std::string::npos) << fault;
  }
  EXPECT_EQ(fault_of("root=$1$salt$" + digest), "");
  EXPECT_NE(fault_of("root=$1$salt$" + digest.substr(1) + "!"), "");
  EXPECT_NE(fault_of("root=$1$salt$more$" + digest), "");
  EXPECT_NE(fault_of("root="), "");
  for (const char* text : {"$1$salt$", "=x", "a b=*", "a:b=*", "-x=*"}) {
    EXPECT_TRUE(fault_of(text).contains("needs the user")) << text;
  }
}

TEST_F(Accounts, IntoShadowOrPasswd) {
  const PasswordHash root{"root", "$1$a$b"};
  AccountFiles both{"root:x:0:0:root:/root:/bin/ash\nx:x:1:1:::\n", "root:*:0:0:99999:7:::\n"};
  ASSERT_TRUE(set_password(both, root, 19000));
  EXPECT_EQ(both.passwd, "root:x:0:0:root:/root:/bin/ash\nx:x:1:1:::\n");
  EXPECT_EQ(*both.shadow, "root:$1$a$b:0:0:99999:7:::\n");
  ASSERT_TRUE(set_password(both, {"x", "!"}, 19000));
  EXPECT_EQ(*both.shadow, "root:$1$a$b:0:0:99999:7:::\nx:!:19000:0:99999:7:::\n");

  AccountFiles old{"root::0:0:root:/root:/bin/ash\n", std::nullopt};
  ASSERT_TRUE(set_password(old, root, 0));
  EXPECT_EQ(old.passwd, "root:$1$a$b:0:0:root:/root:/bin/ash\n");
  AccountFiles without_x{"root:!:0:0:root:/root:/bin/ash", "root:*:0:0:99999:7:::\n"};
  ASSERT_TRUE(set_password(without_x, root, 0));
  EXPECT_EQ(without_x.passwd, "root:$1$a$b:0:0:root:/root:/bin/ash");
  EXPECT_EQ(*without_x.shadow, "root:*:0:0:99999:7:::\n");
}

TEST_F(Accounts, UsersThatAreNotThere) {
  AccountFiles files{"root:x:0:0::/root:/bin/sh\nnobody:*:65534:65534:::\n", std::nullopt};
  auto status = set_password(files, {"rot", "!"}, 0);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().what, "/etc/passwd has no user rot");
  EXPECT_EQ(status.error().hint, "did you mean root?");
  EXPECT_EQ(set_password(files, {"someone", "!"}, 0).error().hint, "it has: root, nobody");
}

TEST_F(Accounts, HomeOfRoot) {
  EXPECT_EQ(home_of_root("a:x:1:1::/a:/bin/sh\nroot:x:0:0::/var/home//root:/bin/sh\n"),
            "var/home/root");
  for (const char* text :
       {"", "root:x:0:0:", "root:x:0:0::/:/bin/sh", "root:x:0:0::/../x:/bin/sh"}) {
    EXPECT_EQ(home_of_root(text), "root") << text;
  }
}

}  // namespace
}  // namespace trxkit::rootfs
