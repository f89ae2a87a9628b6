// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/directory.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

class Directories : public ArchiveTest {
 public:
  // Owners are those of whoever runs the test.
  std::string mine(std::string text) const {
    std::string owner = fmt::format(" {}:{}", getuid(), getgid());
    for (std::size_t at = 0; (at = text.find(" U:G", at)) != std::string::npos;) {
      text.replace(at, 4, owner);
    }
    return text;
  }
};

TEST_F(Directories, AreSortedParentsFirst) {
  shell("umask 022; mkdir -p t/a/c t/a-b && echo 1 > t/a/c/x && echo 2 > t/a.b && touch t/Z");
  EXPECT_EQ(text_of_file("t"), mine("directory  755 U:G\n"
                                    "file Z 644 U:G 0 ''\n"
                                    "directory a 755 U:G\n"
                                    "directory a/c 755 U:G\n"
                                    "file a/c/x 644 U:G 2 '1\n'\n"
                                    "directory a-b 755 U:G\n"
                                    "file a.b 644 U:G 2 '2\n'\n"));
}

TEST_F(Directories, KeepLinksAndPipes) {
  shell(
      "umask 022; mkdir t && echo x > t/a && ln t/a t/b && ln -s /etc t/etc && ln -s nowhere t/n"
      " && mkfifo t/p");
  EXPECT_EQ(text_of_file("t"), mine("directory  755 U:G\n"
                                    "file a 644 U:G 2 'x\n'\n"
                                    "hard link b 644 U:G -> a\n"
                                    "symlink etc 777 U:G -> /etc\n"
                                    "symlink n 777 U:G -> nowhere\n"
                                    "fifo p 644 U:G\n"));
}

TEST_F(Directories, NamesAreBytes) {
  for (const char* name : {"t/new\nline", "t/\xff\xfe", "t/latin\xe9"}) write(name, "");
  EXPECT_TRUE(text_of_file("t").contains("file new\nline 644"));
  EXPECT_TRUE(text_of_file("t").contains("file \xff\xfe 644"));
}

TEST_F(Directories, KeepUserAttributesAlone) {
  write("t/file", "x");
  if (setxattr(path("t/file").c_str(), "user.note", "a\0b", 3, 0) != 0) {
    GTEST_SKIP() << "the file system has no user attributes";
  }
  setxattr(path("t").c_str(), "user.top", "1", 1, 0);
  setxattr(path("t/file").c_str(), "trusted.host", "1", 1, 0);  // root alone may do so
  auto entry = find_entry(*directory_source(path("t")), "file");
  ASSERT_EQ((*entry)->attributes.size(), 1u);
  EXPECT_EQ((*entry)->attributes[0].name, "user.note");
  EXPECT_EQ((*entry)->attributes[0].value, std::string("a\0b", 3));
  EXPECT_EQ((*find_entry(*directory_source(path("t")), ""))->attributes.size(), 1u);
}

TEST_F(Directories, KeepDevices) {
  if (geteuid() != 0) GTEST_SKIP() << "devices can be made by root alone";
  shell("mkdir t && mknod t/console c 5 1 && mknod -m 640 t/sda b 8 0 && chown 3:70000 t/sda");
  EXPECT_TRUE(
      text_of_file("t").contains("character device console 644 0:0 5:1\n"
                                 "block device sda 640 3:70000 8:0\n"));
}

TEST_F(Directories, SocketsAreRefused) {
  std::filesystem::create_directory(path("t"));
  int number = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path("t/s").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_TRUE(text_of_file("t").contains("error: is a socket"));
  close(number);
}

TEST_F(Directories, UnreadableFilesAreNamed) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  shell("mkdir t && echo x > t/secret && chmod 000 t/secret");
  EXPECT_TRUE(text_of_file("t").contains("error: cannot be opened: Permission denied"));
}

TEST_F(Directories, AreReadDeep) {
  std::string deep = "t";
  for (int i = 0; i < 200; ++i) deep += "/directory";
  std::filesystem::create_directories(path(deep));
  EXPECT_FALSE(text_of_file("t").contains("error"));
}

}  // namespace
}  // namespace trxkit::archive
