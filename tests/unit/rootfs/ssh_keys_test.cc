// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/ssh_keys.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace trxkit::rootfs {
namespace {

// Made by ssh-keygen; the halves that open them were never kept.
const std::string kKey =
    "ssh-ed25519 "
    "AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g me@host";

std::string error_of(const std::string& text) {
  auto keys = read_public_keys(text, "key.pub");
  if (keys) return "";
  EXPECT_EQ(keys.error().code, Code::bad_input);
  return keys.error().where.text() + " " + keys.error().what;
}

TEST(SshKeys, LinesWithOptionsAndComments) {
  const std::string options = "command=\"echo \\\"a b\\\"\",no-pty " + kKey;
  auto keys = read_public_keys("# mine\n\n  " + kKey + "\r\n" + options, "key.pub");
  ASSERT_TRUE(keys) << keys.error().what;
  EXPECT_EQ(*keys, (std::vector{kKey, options}));
}

TEST(SshKeys, WhatIsNoKey) {
  EXPECT_EQ(error_of("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n"), "key.pub holds a private key");
  EXPECT_EQ(error_of(""), "key.pub holds no key");
  EXPECT_EQ(error_of("# nothing\n"), "key.pub holds no key");
  EXPECT_EQ(error_of(kKey + "\nhello\n"), "key.pub:2:1 is no OpenSSH public key");
  EXPECT_NE(error_of("ssh-rsa" + kKey.substr(11)), "") << "the blob has another type";
  EXPECT_NE(error_of(kKey.substr(0, 60)), "") << "cut";
  std::string damaged = kKey;
  damaged[30] = '*';
  EXPECT_NE(error_of(damaged), "");
  EXPECT_NE(error_of("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 x"), "") << "the type alone";
}

TEST(SshKeys, AreJoinedWithThoseThatAreThere) {
  EXPECT_EQ(with_keys("", {"a", "b", "a"}), "a\nb\n");
  EXPECT_EQ(with_keys("# old\na", {"b", "a"}), "# old\na\nb\n");
}

}  // namespace
}  // namespace trxkit::rootfs
