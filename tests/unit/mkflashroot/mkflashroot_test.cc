// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkflashroot in the test's own process, judged by unsquashfs.
#include "lib/core/json.h"

#include "tests/unit/mkflashroot/program_runs.h"

namespace trxkit {
namespace {

struct MkFlashRoot : test::ProgramRuns {
  MkFlashRoot() {
    write("base/etc/preinit", "#!/bin/sh\necho the original\n");
    write("base/etc/config", "setting");
    write("base/usr/sbin/kexec", "kexec");
    shell(
        "chmod 755 base/etc/preinit base/usr/sbin/kexec; mkdir -p base/dev; ln -s etc base/link; "
        "tar -cf base.tar --owner=0 --group=0 --numeric-owner --sort=name -C base .");
    write("busybox", test::tiny_elf());
    write("kexec", test::tiny_elf());
  }

  int run(std::vector<std::string> words, const std::string& output = "out.squashfs") {
    return ProgramRuns::run(std::move(words), output);
  }

  void expect_nothing_left(const std::string& output = "out.squashfs") {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      EXPECT_FALSE(entry.path().filename().string().contains(output)) << entry.path();
    }
  }

  std::string listing(const std::string& image) {
    return shell("unsquashfs -UTC -lln " + image + " | grep -v ^Parallel | tr -s ' '");
  }

  std::string file_in(const std::string& image, const std::string& name) {
    return shell("unsquashfs -cat " + image + " " + name);
  }
};

TEST_F(MkFlashRoot, P1_OriginalByteForByteThroughUnsquashfs) {
  ASSERT_EQ(0, run({"--base", "@base.tar"})) << err.str();
  EXPECT_EQ("#!/bin/sh\necho the original\n", file_in("out.squashfs", "etc/preinit.00"));
  EXPECT_TRUE(file_in("out.squashfs", "etc/preinit").contains("# usbboot-preinit:"));
  std::string list = listing("out.squashfs");
  EXPECT_TRUE(list.contains("-rwxr-xr-x 0/0 28 "));
  EXPECT_TRUE(list.contains("crw------- 0/0 5, 1 ")) << list;
  EXPECT_TRUE(list.starts_with("drwxr-xr-x 0/0 ")) << list;
  EXPECT_TRUE(shell("unsquashfs -s out.squashfs").contains("Compression xz"));
  EXPECT_TRUE(shell("unsquashfs -s out.squashfs").contains("Block size 262144"));
}

TEST_F(MkFlashRoot, BuildsOnItsOwnOutput) {
  ASSERT_EQ(0, run({"--base", "@base.tar"}, "one.squashfs")) << err.str();
  ASSERT_EQ(0, run({"--base", "@one.squashfs"}, "two.squashfs")) << err.str();
  EXPECT_EQ("#!/bin/sh\necho the original\n", file_in("two.squashfs", "etc/preinit.00"));
  EXPECT_EQ(listing("one.squashfs"), listing("two.squashfs"));
  EXPECT_TRUE(out.str().contains("renewed")) << out.str();
}

TEST_F(MkFlashRoot, BothBackendsListTheSame) {
  ASSERT_EQ(0, run({"--base", "@base.tar", "--backend", "tar2sqfs"}, "one")) << err.str();
  ASSERT_EQ(0, run({"--base", "@base.tar", "--backend", "mksquashfs"}, "two")) << err.str();
  auto sorted = [&](const std::string& image) {
    return shell("unsquashfs -UTC -lln " + image + " | grep -v ^Parallel | sort -k6");
  };
  EXPECT_EQ(sorted("one"), sorted("two"));
}

TEST_F(MkFlashRoot, Ext4AndCpioListAsTheTar) {
  shell(
      "PATH=$PATH:/usr/sbin:/sbin; chown -R 0:0 base; mke2fs -q -t ext4 -d base base.ext4 4M; cd "
      "base; find . | LC_ALL=C sort | cpio -o -H newc --quiet > ../base.cpio");
  auto sorted = [&](const std::string& image) {
    return shell("unsquashfs -UTC -lln " + image + " | grep -v ^Parallel | sort -k6");
  };
  ASSERT_EQ(0, run({"--base", "@base.tar"}, "tar.squashfs")) << err.str();
  for (const char* form : {"ext4", "cpio"}) {
    ASSERT_EQ(0, run({"--base", std::string("@base.") + form}, "other")) << err.str();
    EXPECT_EQ(sorted("other"), sorted("tar.squashfs")) << form;
  }
}

TEST_F(MkFlashRoot, TarFolderAndCompressedTarAreTheSameRoot) {
  shell("gzip -k base.tar");
  ASSERT_EQ(0, run({"--base", "@base.tar"}, "one")) << err.str();
  ASSERT_EQ(0, run({"--base", "@base.tar.gz"}, "two")) << err.str();
  EXPECT_EQ(read("one"), read("two"));
}

TEST_F(MkFlashRoot, AddsTreesAndFiles) {
  write("tree/etc/config", "from the tree");
  write("single", "a program");
  shell("chmod 700 single");
  ASSERT_EQ(0, run({"--base", "@base.tar", "--add", "@tree", "--add",
                    path("single") + ":/usr/bin/program"}))
      << err.str();
  EXPECT_EQ("from the tree", file_in("out.squashfs", "etc/config"));
  EXPECT_EQ("a program", file_in("out.squashfs", "usr/bin/program"));
  EXPECT_TRUE(listing("out.squashfs").contains("-rwxr-xr-x 0/0 9 "));
}

TEST_F(MkFlashRoot, SettingsOfTheWrapper) {
  ASSERT_EQ(0, run({"--base", "@base.tar", "--usb-wait", "7", "--disk-wait", "8", "--script-wait",
                    "90", "--skip-key", "s", "--skip-button", "gpio:4:high", "--led", "diag",
                    "--udp", "--address", "10.0.0.1/24", "--overlay-config"}))
      << err.str();
  std::string conf = file_in("out.squashfs", "etc/usbboot.conf");
  for (const char* line :
       {"USB_WAIT='7'", "DISK_WAIT='8'", "SCRIPT_WAIT='90'", "SKIP_KEY='s'",
        "SKIP_BUTTON='gpio:4:high'", "LED='diag'", "UDP='yes'", "OVERLAY_CONFIG='y'"}) {
    EXPECT_TRUE(conf.contains(std::string("\n") + line + "\n")) << line << conf;
  }
  EXPECT_EQ(2, run({"--base", "@base.tar", "--udp"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--address", "10.0.0.1/24"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--usb-wait", "999"}));
  for (const char* option : {"--usb-wait", "--disk-wait", "--script-wait"}) {
    EXPECT_EQ(2, run({"--base", "@base.tar", option, "0k"})) << option;
  }
}

TEST_F(MkFlashRoot, ChangesTheRootOnItsWay) {
  write("base/etc/passwd", "root:x:0:0::/root:/bin/ash\n");
  write("base/usr/sbin/dropbear", "program");
  const std::string hash = "$1$salt$" + std::string(22, 'a');
  write("key.pub",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n");
  ASSERT_EQ(0, run({"--base", "@base", "--chown", "/etc/config=3:4", "--set-password-hash",
                    "root=" + hash, "--ssh-key", "@key.pub"}))
      << err.str();
  EXPECT_EQ("root:" + hash + ":0:0::/root:/bin/ash\n", file_in("out.squashfs", "etc/passwd"));
  EXPECT_EQ(read("key.pub"), file_in("out.squashfs", "root/.ssh/authorized_keys"));
  EXPECT_TRUE(listing("out.squashfs").contains("-rw-r--r-- 3/4 7 "));
  EXPECT_FALSE(read("out.squashfs.manifest.json").contains(hash));
  EXPECT_EQ(2, run({"--base", "@base", "--set-password-hash", "root=secret"}));
  EXPECT_EQ(5, run({"--base", "@base", "--ssh-key", "@key.pub"}, "key.pub"));
}

TEST_F(MkFlashRoot, MinimalRoot) {
  ASSERT_EQ(0, run({"--minimal", "--busybox", "@busybox", "--kexec", "@kexec", "--netboot",
                    "http://192.168.1.2/boot/qemu-malta", "--insecure-unsigned-netboot"}))
      << err.str();
  EXPECT_TRUE(file_in("out.squashfs", "etc/preinit.00").contains("rescue system"));
  EXPECT_TRUE(file_in("out.squashfs", "etc/usbboot.conf").contains("URL='http://192.168.1.2/"));
}

// What whoever looks at the image later has to know.
TEST_F(MkFlashRoot, UnsignedNetworkIsRecorded) {
  ASSERT_EQ(0, run({"--minimal", "--busybox", "@busybox", "--netboot", "http://192.168.1.2/b",
                    "--insecure-unsigned-netboot"}));
  EXPECT_TRUE(
      err.str().contains("whoever answers at http://192.168.1.2/b first owns the router [FSR100]"));
  EXPECT_TRUE(out.str().contains("trust      nobody has to sign"));
  EXPECT_TRUE(
      read("out.squashfs.manifest.json").contains("boots from the network without signatures"));
  EXPECT_TRUE(file_in("out.squashfs", "etc/usbboot.conf").contains("UNSIGNED_NETWORK='yes'"));
  EXPECT_EQ(1, run({"--minimal", "--busybox", "@busybox", "--netboot", "http://192.168.1.2/b",
                    "--insecure-unsigned-netboot", "--strict"},
                   "strict"));
}

TEST_F(MkFlashRoot, P12_NetworkBootDemandsAKey) {
  shell(
      "signify-openbsd -G -n -p own.pub -s own.sec; mkdir -p usign/usr/bin; "
      "cp busybox usign/usr/bin/usign");
  std::vector<std::string> words{"--minimal", "--busybox", "@busybox", "--netboot",
                                 "http://192.168.1.2/b"};
  auto with = [&words](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  EXPECT_EQ(2, run(words));
  EXPECT_TRUE(err.str().contains("mkbootusb keygen"));
  EXPECT_EQ(1, run(with({"--public-key", "@own.pub"}))) << "nothing in the root can verify";
  EXPECT_TRUE(err.str().contains("[FSR101]"));
  EXPECT_EQ(3, run(with({"--public-key", "@own.sec", "--add", "@usign"})));
  EXPECT_EQ(2, run(with({"--public-key", "@own.pub", "--insecure-unsigned-netboot"})));
  EXPECT_EQ(2, run(with({"--insecure-unsigned-netboot", "--minimum-build", "3"})));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--insecure-unsigned-netboot"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--require-signed-stick"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--public-key", "@own.pub"}));
  EXPECT_EQ(2, run(with({"--public-key", "@own.pub", "--minimum-build", "2147483648"})));
  EXPECT_FALSE(exists("out.squashfs"));
  ASSERT_EQ(0, run(with({"--public-key", "@own.pub", "--minimum-build", "3", "--add", "@usign"})))
      << err.str();
  EXPECT_FALSE(err.str().contains("FSR101")) << err.str();
  EXPECT_FALSE(err.str().contains("FSR102")) << err.str();
  std::string conf = file_in("out.squashfs", "etc/usbboot.conf");
  EXPECT_TRUE(conf.contains("MINIMUM_BUILD='3'\nSIGNED_STICK='no'\nUNSIGNED_NETWORK='no'\n"));
  write("key", file_in("out.squashfs", "etc/usbboot/key.pub"));
  EXPECT_EQ(shell("sed -n 2p key"), shell("sed -n 2p own.pub"));
  EXPECT_FALSE(file_in("out.squashfs", "etc/usbboot/trust.sh").empty());
  EXPECT_TRUE(read("out.squashfs.manifest.json").contains("\"public-key\""));
}

TEST_F(MkFlashRoot, P12_SticksThatHaveToBeSigned) {
  shell("signify-openbsd -G -n -p own.pub -s own.sec");
  ASSERT_EQ(0, run({"--minimal", "--busybox", "@busybox", "--require-signed-stick", "--public-key",
                    "@own.pub", "--signify", "@busybox"}))
      << err.str();
  EXPECT_TRUE(file_in("out.squashfs", "etc/usbboot.conf").contains("SIGNED_STICK='yes'"));
  EXPECT_FALSE(file_in("out.squashfs", "etc/usbboot/trust.sh").empty());
  EXPECT_EQ(5, run({"--minimal", "--busybox", "@busybox", "--require-signed-stick", "--public-key",
                    "@own.pub", "--signify", "@busybox"},
                   "own.pub"));
}

TEST_F(MkFlashRoot, SameBytesWhereverItIsMade) {
  ASSERT_EQ(0, run({"--base", "@base.tar"}, "one")) << err.str();
  setenv("TZ", "Pacific/Auckland", 1);  // NOLINT(concurrency-mt-unsafe)
  mode_t before = umask(0077);
  std::filesystem::create_directory(folder / "elsewhere");
  ASSERT_EQ(0, run({"--base", "@base.tar"}, "elsewhere/one")) << err.str();
  umask(before);
  unsetenv("TZ");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(read("one"), read("elsewhere/one"));
  EXPECT_EQ(read("one.manifest.json"), read("elsewhere/one.manifest.json"));
}

TEST_F(MkFlashRoot, ManifestAndJson) {
  ASSERT_EQ(0, run({"--base", "@base.tar", "--json"})) << err.str();
  auto json = Json::parse(out.str(), "stdout");
  ASSERT_TRUE(json) << out.str();
  EXPECT_EQ(1U, *json->find("schema")->number());
  EXPECT_EQ(std::filesystem::file_size(path("out.squashfs")), *json->find("size")->number());
  auto manifest = Json::parse(read("out.squashfs.manifest.json"), "manifest");
  ASSERT_TRUE(manifest);
  const Json& output = manifest->find("outputs")->elements()->front();
  std::string sum = shell("sha256sum out.squashfs | cut -d' ' -f1");
  EXPECT_EQ(sum, *output.find("sha256")->text() + "\n");
  EXPECT_EQ("out.squashfs", *output.find("name")->text());
  EXPECT_FALSE(read("out.squashfs.manifest.json").contains(folder.string()));
}

TEST_F(MkFlashRoot, RefusesContradictions) {
  EXPECT_EQ(2, run({}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--minimal", "--busybox", "@busybox"}));
  EXPECT_EQ(2, run({"--minimal"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--busybox", "@busybox"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--address", "1.2.3.4/24"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--netboot", "tftp://x"}));
  EXPECT_EQ(2, run({"--base", "@base.tar", "--bas", "x"}));
  expect_nothing_left();
}

TEST_F(MkFlashRoot, RefusesBadBases) {
  shell(
      "mkdir none; tar -cf none.tar -C none .; head -c 5000 base.tar >cut.tar; "
      "head -c 3000 /dev/urandom >noise; "
      "tar -cf evil.tar --transform 's,^base/etc,../../etc,' base/etc/config; "
      "tar -cPf absolute.tar --transform 's,^base,/base,' base");
  ASSERT_EQ(0, run({"--base", "@base.tar"}, "good")) << err.str();
  shell("head -c 1000 good >cut.squashfs");
  struct Case {
    const char* base;
    int status;
  };
  for (const Case& one : {Case{"none.tar", 3}, Case{"cut.tar", 3}, Case{"noise", 3},
                          Case{"evil.tar", 3}, Case{"cut.squashfs", 3}, Case{"missing", 7}}) {
    EXPECT_EQ(one.status, run({"--base", path(one.base)})) << one.base << err.str();
    EXPECT_TRUE(err.str().starts_with("mkflashroot: ")) << err.str();
    EXPECT_TRUE(err.str().contains(one.base)) << err.str();
    expect_nothing_left();
  }
}

TEST_F(MkFlashRoot, RefusesARootThatNoFlashHolds) {
  shell("head -c 9000000 /dev/urandom >base/noise");
  EXPECT_EQ(4, run({"--base", "@base"}));
  EXPECT_TRUE(err.str().contains("more than the firmware partition of qemu-malta holds"))
      << err.str();
  expect_nothing_left();
}

TEST_F(MkFlashRoot, TakesAnUnterminatedTarWhenTold) {
  shell(
      "head -c -10240 base.tar >most.tar; tar -cf base.tar -b 1 --owner=0 --group=0 -C base .; "
      "head -c -1024 base.tar >open.tar");
  EXPECT_EQ(3, run({"--base", "@open.tar"}));
  EXPECT_EQ(0, run({"--base", "@open.tar", "--accept-unterminated"})) << err.str();
}

TEST_F(MkFlashRoot, WarnsOfAMissingKexec) {
  shell("rm base/usr/sbin/kexec");
  EXPECT_EQ(0, run({"--base", "@base"})) << err.str();
  EXPECT_TRUE(err.str().contains("[FSR002]")) << err.str();
  EXPECT_EQ(1, run({"--base", "@base", "--strict"}, "strict"));
  expect_nothing_left("strict");
}

TEST_F(MkFlashRoot, UnknownBoardOrMissingBackend) {
  EXPECT_EQ(2, mkflashroot_main(std::vector<std::string>{"--board", "belkin-f7d7310", "--base",
                                                         path("base.tar"), "-o", path("x")},
                                env));
  EXPECT_TRUE(err.str().contains("belkin-f7d7301")) << err.str();
  env.search_path = path("empty");
  EXPECT_EQ(6, run({"--base", "@base.tar"})) << err.str();
  expect_nothing_left();
}

}  // namespace
}  // namespace trxkit
