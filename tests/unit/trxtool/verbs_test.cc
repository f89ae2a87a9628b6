// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The commands in this process, judged through gzip, unsquashfs, python3 and their exit statuses.
#include <cstdlib>

#include "lib/core/json.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"
#include "tests/unit/trx_fixture.h"
#include "trxtool/program.h"

namespace trxkit {
namespace {

using test::TrxFixture;

class Trxtool : public test::Scratch {
 public:
  int run(const std::vector<std::string>& arguments) {
    out.str({});
    err.str({});
    return trxtool_main(arguments, env);
  }
  std::string kernel() const {
    auto fixture = test::sound_kernel();
    fixture.segments[1].bss = 0;
    fixture.symbols.clear();
    return write("vmlinux", fixture.bytes());
  }
  std::string rootfs() const {
    if (!exists("root.squashfs")) {
      write("tree/etc/preinit", "#!/bin/sh\n");
      shell("mksquashfs tree root.squashfs -quiet -no-progress -all-root -comp xz");
    }
    return path("root.squashfs");
  }
  int pack(const std::string& output = "image.trx") {
    return run({"pack", "--board", "belkin-f7d7301", "--kernel", kernel(), "--rootfs", rootfs(),
                "--loader", "none", "-o", path(output)});
  }
  int verify(const std::string& bytes, bool with_board = true) {
    std::vector<std::string> arguments{"verify", write("changed.trx", bytes)};
    if (with_board) arguments.insert(arguments.end(), {"--board", "belkin-f7d7301"});
    return run(arguments);
  }
  bool says(const std::string& text) const { return err.str().find(text) != std::string::npos; }
};

// Reads the image by the rules of the format, in a language of its own.
constexpr const char* kReader = R"(python3 - <<'END'
import gzip, struct, zlib
d = open('image.trx', 'rb').read()
magic, length, crc, flags, version, one, two, three = struct.unpack('<IIIHHIII', d[:28])
assert (magic, flags, version, one, three) == (0x20100322, 0, 1, 28, 0)
assert zlib.crc32(d[12:length]) ^ 0xffffffff == crc
assert length % 4096 == 0 and (0x20000 + two) % 0x20000 == 0
raw = zlib.decompressobj(31).decompress(d[one:two])
assert b'Linux version 6.1.192' in raw and len(raw) == 16384
root = open('root.squashfs', 'rb').read()
used = struct.unpack('<Q', root[40:48])[0]
assert d[two:two + used] == root[:used] and not any(d[two + used:length])
assert length - (two + used) < 4096
first = (0x20000 + length + 0xffff) // 0x10000 * 0x10000 - 0x20000
assert d[first:first + 4] == b'\xde\xad\xc0\xde'
assert set(d[length:first]) <= {0xff}
print('read')
END)";

TEST_F(Trxtool, PacksWhatOthersRead) {
  ASSERT_EQ(pack(), 0) << err.str();
  EXPECT_EQ(shell(kReader), "read\n");
  ASSERT_EQ(run({"verify", "--board", "belkin-f7d7301", path("image.trx")}), 0) << err.str();
  ASSERT_EQ(run({"verify", path("image.trx")}), 0) << err.str();
  ASSERT_EQ(run({"extract", path("image.trx"), "-o", path("parts")}), 0) << err.str();
  shell("gzip -dc parts/part1.gz > raw; test $(stat -c %s raw) = 16384");
  shell("unsquashfs -s parts/part2.squashfs && unsquashfs -q -n -d out parts/part2.squashfs");
  EXPECT_EQ(read("out/etc/preinit"), "#!/bin/sh\n");
  ASSERT_EQ(run({"extract", path("image.trx"), "--part", "1", "--decompress", "-o", path("k")}), 0);
  shell("cmp k raw");
}

TEST_F(Trxtool, SameInputsGiveSameBytes) {
  ASSERT_EQ(pack("image.trx"), 0);
  setenv("TZ", "Pacific/Apia", 1);
  std::filesystem::create_directory(folder / "elsewhere");
  ASSERT_EQ(pack("elsewhere/image.trx"), 0);
  unsetenv("TZ");
  shell("cmp image.trx elsewhere/image.trx && diff *.json elsewhere/*.json");
}

TEST_F(Trxtool, ManifestHasHashesThatSha256sumConfirms) {
  ASSERT_EQ(pack(), 0);
  shell(R"(python3 - <<'END'
import hashlib, json
m = json.load(open('image.trx.manifest.json'))
d = open('image.trx', 'rb').read()
names = {i['role']: i for i in m['inputs']}
for role, name in ('kernel', 'vmlinux'), ('rootfs', 'root.squashfs'):
    assert names[role]['name'] == name
    assert names[role]['sha256'] == hashlib.sha256(open(name, 'rb').read()).hexdigest()
assert m['outputs'][0]['sha256'] == hashlib.sha256(d).hexdigest()
for part in m['contents']:
    stored = d[part['offset']:part['offset'] + part['size']]
    assert part['sha256'] == hashlib.sha256(stored).hexdigest()
assert [p['offset'] for p in m['contents']][0] == 28
END)");
}

TEST_F(Trxtool, EveryFlippedBitIsReported) {
  ASSERT_EQ(pack(), 0);
  std::string image = read("image.trx");
  TrxFixture sound{image};
  std::size_t length = sound.get32(4);
  // All bits of the header and around the parts' edges; every 211th byte between.
  for (std::size_t byte = 0; byte < length; byte += byte < 64 ? 1 : 211) {
    for (int bit = byte < 64 ? 0 : 5; bit < 8; bit += byte < 64 ? 1 : 3) {
      std::string changed = image;
      changed[byte] = static_cast<char>(changed[byte] ^ (1 << bit));
      ASSERT_EQ(verify(changed), 1) << byte << "." << bit;
    }
  }
}

TEST_F(Trxtool, EveryCutIsReported) {
  ASSERT_EQ(pack(), 0);
  std::string image = read("image.trx");
  TrxFixture sound{image};
  std::size_t second = sound.get32(20);
  std::size_t length = sound.get32(4);
  for (std::size_t size = 0; size <= 64; ++size) {
    ASSERT_EQ(verify(image.substr(0, size)), size < 4 ? 3 : 1) << size;
  }
  for (std::size_t edge : {second, length}) {
    for (std::size_t size : {edge - 1, edge, edge + 1}) {
      ASSERT_EQ(verify(image.substr(0, size)), size < length ? 1 : 0) << size;
    }
  }
}

TEST_F(Trxtool, AllFindingsComeInOneRun) {
  ASSERT_EQ(pack(), 0);
  TrxFixture image{read("image.trx")};
  image.put32(0, 0x30524448);
  image.bytes[5000] ^= 1;
  image.bytes[image.get32(20)] = 'x';
  image.bytes += "tail";
  ASSERT_EQ(
      run({"verify", "--json", "--board", "belkin-f7d7301", write("changed.trx", image.bytes)}), 1);
  auto json = Json::parse(out.str(), "out");
  ASSERT_TRUE(json);
  EXPECT_EQ(*json->find("schema")->number(), 1U);
  for (const char* code : {"TRX001", "TRX005", "TRX017"}) {
    EXPECT_NE(out.str().find(code), std::string::npos) << code;
  }
}

// The recipe of trx -f a -A b -a 1024 -f c, by the rules of firmware-utils src/trx.c.
TEST_F(Trxtool, ComposesWithAMagicAlone) {
  write("a", "odd bytes");
  shell("gzip -n a");
  write("b", "two");
  write("c", "three");
  ASSERT_EQ(run({"pack", "--magic", "0x30524448", "--part", path("a.gz"), "--append", path("b"),
                 "--align", "1k", "--part", path("c"), "-o", path("image.trx")}),
            0)
      << err.str();
  shell(R"(python3 - <<'END'
import struct, zlib
pad = lambda b, n: b + bytes(-len(b) % n)
body = bytes(28) + pad(open('a.gz', 'rb').read(), 4) + pad(open('b', 'rb').read(), 4)
body = pad(body, 1024)
second = len(body)
body = pad(body + open('c', 'rb').read(), 4096)
rest = struct.pack('<HHIII', 0, 1, 28, second, 0) + body[28:]
image = struct.pack('<III', 0x30524448, len(body), zlib.crc32(rest) ^ 0xffffffff) + rest
assert image == open('image.trx', 'rb').read()
END)");
  EXPECT_EQ(run({"verify", path("image.trx")}), 0) << err.str();
  EXPECT_EQ(run({"verify", "--strict", path("image.trx")}), 1);
  EXPECT_TRUE(says("PAY010"));  // what was appended lies behind the gzip member
}

TEST_F(Trxtool, CompositionsThatCannotBeAreRefused) {
  write("a", "text");
  write("empty", "");
  auto compose = [&](std::vector<std::string> steps) {
    std::vector<std::string> arguments{"pack", "--magic", "0x30524448", "-o", path("image.trx")};
    arguments.insert(arguments.end(), steps.begin(), steps.end());
    int status = run(arguments);
    EXPECT_FALSE(exists("image.trx"));
    return status;
  };
  std::string a = path("a");
  EXPECT_EQ(compose({"--part", a, "--part", a, "--part", a, "--part", a}), 2);
  EXPECT_EQ(compose({"--append", a}), 2);
  EXPECT_EQ(compose({"--part", path("empty")}), 3);
  EXPECT_EQ(compose({"--part", a, "--align", "0", "--part", a}), 2);
  EXPECT_EQ(compose({"--part", a, "--align", "1000k", "--part", a}), 2);
  EXPECT_EQ(compose({"--part", a, "--offset", "16", "--part", a}), 4);
  EXPECT_EQ(compose({"--part", a, "--offset", "0xffffffff0", "--part", a}), 4);
  EXPECT_EQ(compose({"--part", a, "--offset", "41", "--part", a}), 3);
  EXPECT_EQ(compose({"--offset", "64", "--part", a}), 3);
  EXPECT_EQ(compose({}), 2);
}

TEST_F(Trxtool, OnlyABoardSaysWhatItsBootLoaderStarts) {
  write("text", "text");
  auto pack = [&](const char* option, const char* value) {
    return run({"pack", option, value, "--part", path("text"), "-o", path("image.trx")});
  };
  EXPECT_EQ(pack("--board", "belkin-f7d7301"), 3);
  EXPECT_FALSE(exists("image.trx"));
  EXPECT_EQ(pack("--magic", "0x30524448"), 0);
  EXPECT_TRUE(says("PAY001"));
}

struct Refusal {
  const char* name;
  int status;
  std::vector<std::string> change;  ///< options that replace those of a sound call
  std::string says;
};

TEST_F(Trxtool, BadInputLeavesNothing) {
  kernel();
  rootfs();
  auto foreign = test::sound_kernel();
  foreign.big_endian = true;
  write("big-endian", foreign.bytes());
  foreign = test::sound_kernel();
  foreign.machine = 62;
  write("x86", foreign.bytes());
  write("cut.squashfs", read("root.squashfs").substr(0, 100));
  write("text", "hello");
  write("empty", "");
  const std::vector<Refusal> refusals{
      {"missing kernel", 7, {"--kernel", path("none")}, "none"},
      {"missing rootfs", 7, {"--rootfs", path("none")}, "none"},
      {"unknown board", 2, {"--board", "belkin-f7d7310"}, "belkin-f7d7301"},
      {"big-endian kernel", 3, {"--kernel", path("big-endian")}, "ELF002"},
      {"kernel for x86", 3, {"--kernel", path("x86")}, "ELF003"},
      {"text as kernel", 3, {"--kernel", path("text")}, "text"},
      {"empty kernel", 3, {"--kernel", path("empty")}, "empty"},
      {"cut squashfs", 3, {"--rootfs", path("cut.squashfs")}, "PAY008"},
      {"text as squashfs", 3, {"--rootfs", path("text")}, "not a squashfs"},
      {"missing loader", 7, {"--loader", path("none")}, "none"},
      {"odd erase size", 2, {"--erase-size", "1000"}, "erase block"},
      {"no such folder", 7, {"-o", path("nowhere/image.trx")}, "nowhere"},
  };
  for (const Refusal& refusal : refusals) {
    SCOPED_TRACE(refusal.name);
    std::vector<std::string> arguments{"pack"};
    std::vector<std::pair<std::string, std::string>> sound{{"--board", "belkin-f7d7301"},
                                                           {"--kernel", path("vmlinux")},
                                                           {"--rootfs", path("root.squashfs")},
                                                           {"--loader", "none"},
                                                           {"-o", path("image.trx")}};
    for (auto& [option, value] : sound) {
      if (option != refusal.change[0]) arguments.insert(arguments.end(), {option, value});
    }
    arguments.insert(arguments.end(), refusal.change.begin(), refusal.change.end());
    EXPECT_EQ(run(arguments), refusal.status) << err.str();
    EXPECT_TRUE(says(refusal.says)) << err.str();
    EXPECT_EQ(shell("ls -A | grep -c image || true"), "0\n");
  }
}

TEST_F(Trxtool, LzmaAsTheBoardFileSays) {
  std::string toml = shell("cat '" + test::source_directory() + "/boards/belkin-f7d7301.toml'");
  std::string gzip = "compression = { value = \"gzip\"";
  ASSERT_NE(toml.find(gzip), std::string::npos);
  toml.replace(toml.find(gzip), gzip.size(), "compression = { value = \"lzma\"");
  std::string board = write("boards/lzma.toml", toml);
  ASSERT_EQ(run({"pack", "--board", board, "--kernel", kernel(), "--rootfs", rootfs(), "--loader",
                 "none", "-o", path("image.trx")}),
            0)
      << err.str();
  ASSERT_EQ(run({"verify", "--strict", path("image.trx")}), 0) << err.str();
  ASSERT_EQ(run({"extract", path("image.trx"), "--part", "1", "-o", path("k.lzma")}), 0);
  shell("xz --format=lzma -dc k.lzma > k; test $(stat -c %s k) = 16384");
  // The first 13 bytes: lc=3 lp=0 pb=2, 64 KiB, 16384 bytes, no end marker.
  EXPECT_EQ(read("k.lzma").substr(0, 13), std::string("\x5d\0\0\1\0\0\x40\0\0\0\0\0\0", 13));
  EXPECT_EQ(run({"verify", "--board", "belkin-f7d7301", path("image.trx")}), 1);
  EXPECT_TRUE(says("PAY009")) << err.str();
}

TEST_F(Trxtool, RootOptionHasToNameTheSquashfs) {
  auto fixture = test::sound_kernel();
  std::string& text = fixture.segments[1].contents;
  text.replace(12000, 0,
               "console=ttyS0 root=/dev/mtdblock7 rootfstype=squashfs" + std::string(9, '\0'));
  fixture.segments[1].bss = 0;
  fixture.symbols.clear();
  EXPECT_EQ(run({"pack", "--board", "belkin-f7d7301", "--kernel", write("vmlinux", fixture.bytes()),
                 "--rootfs", rootfs(), "--loader", "none", "-o", path("image.trx")}),
            3);
  EXPECT_TRUE(says("MAP012")) << err.str();
  EXPECT_FALSE(exists("image.trx"));
}

TEST_F(Trxtool, StandardOutputTakesOneThing) {
  EXPECT_EQ(run({"pack", "--json", "--board", "belkin-f7d7301", "--kernel", kernel(), "--rootfs",
                 rootfs(), "-o", "-"}),
            2);
  EXPECT_TRUE(says("JSON"));
}

// The room ends where nvram's erase block may start: 0x7e0000 in the chip, 0x7c0000 in the image.
TEST_F(Trxtool, OneBlockTooMuchIsRefused) {
  constexpr std::size_t kRoom = 0x7c0000;
  ASSERT_EQ(pack(), 0);
  std::size_t second = TrxFixture{read("image.trx")}.get32(20);
  for (auto [size, status] : {std::pair<std::size_t, int>{kRoom - second, 0},
                              std::pair<std::size_t, int>{kRoom - second + 1, 4}}) {
    write("root.squashfs", test::squashfs_bytes(static_cast<std::uint32_t>(size)));
    EXPECT_EQ(pack("large.trx"), status) << err.str();
    EXPECT_EQ(exists("large.trx"), status == 0);
    EXPECT_EQ(exists("large.trx.manifest.json"), status == 0);
    if (status != 0) {
      EXPECT_TRUE(says("largest")) << err.str();
    }
    std::filesystem::remove(path("large.trx"));
    std::filesystem::remove(path("large.trx.manifest.json"));
  }
}

TEST_F(Trxtool, OneByteOfKernelTooMuchIsRefused) {
  constexpr std::size_t kWindow = 0x80700000 - 0x80001000;
  for (std::size_t more : {std::size_t{0}, std::size_t{1}}) {
    auto fixture = test::sound_kernel();
    fixture.segments[1].contents.resize(kWindow + more);
    fixture.segments[1].bss = 0;
    fixture.symbols.clear();
    write("vmlinux", fixture.bytes());
    EXPECT_EQ(run({"pack", "--board", "belkin-f7d7301", "--kernel", path("vmlinux"), "--rootfs",
                   rootfs(), "--loader", "none", "-o", path("image.trx")}),
              more == 0 ? 0 : 4)
        << err.str();
    EXPECT_EQ(exists("image.trx"), more == 0);
    std::filesystem::remove(path("image.trx"));
  }
}

TEST_F(Trxtool, WhatIsNoImageIsBadInput) {
  EXPECT_EQ(verify(""), 3);
  EXPECT_EQ(verify(std::string(4096, '\xff')), 3);
  EXPECT_EQ(verify(read("nothing")), 3);
  EXPECT_EQ(run({"verify", path("nowhere")}), 7);
  EXPECT_EQ(run({"verifi", path("nowhere")}), 2);
  EXPECT_TRUE(says("verify"));
}

TEST_F(Trxtool, ExtractNamesWhatIsMissing) {
  ASSERT_EQ(pack(), 0);
  EXPECT_EQ(run({"extract", path("image.trx"), "--part", "3", "-o", path("x")}), 3);
  EXPECT_TRUE(says("no part 3")) << err.str();
  EXPECT_FALSE(exists("x"));
  std::string image = read("image.trx");
  image[5000] ^= 1;
  write("image.trx", image);
  EXPECT_EQ(run({"extract", path("image.trx"), "--part", "2", "-o", path("x")}), 1);
  EXPECT_TRUE(says("TRX005"));
  EXPECT_TRUE(exists("x"));
}

}  // namespace
}  // namespace trxkit
