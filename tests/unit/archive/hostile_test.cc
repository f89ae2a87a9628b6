// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Archives that are damaged, cut, or made to do harm.
#include <gtest/gtest.h>

#include "lib/archive/memory.h"

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

class Hostile : public ArchiveTest {
 public:
  /// A tar made by python's tarfile: `code` adds members to `t`.
  void python_tar(const std::string& code, const std::string& file = "t.tar") const {
    write("make.py",
          "import tarfile, io\n"
          "def add(name, data=b'', **fields):\n"
          "  i = tarfile.TarInfo(name); i.size = len(data)\n"
          "  for k, v in fields.items(): setattr(i, k, v)\n"
          "  t.addfile(i, io.BytesIO(data))\n"
          "t = tarfile.open('" +
              file + "', 'w', format=tarfile.PAX_FORMAT)\n" + code + "\nt.close()\n");
    shell("python3 make.py");
  }
  std::string merged(const std::string& file) {
    auto source = open_source(path(file), env);
    if (!source) return "error: " + source.error().what;
    auto result = merge({*source}, {.latest_time = 100, .filter = {}}, findings);
    return result ? text_of(**result) : "error: " + result.error().what;
  }
  Findings findings;
};

TEST_F(Hostile, PathsThatLeadUpAreRefused) {
  for (std::string name : {"../x", "a/../../x", "/../x", ".."}) {
    python_tar("add('" + name + "')");
    EXPECT_TRUE(text_of_file("t.tar").contains("contains '..'")) << name;
  }
  python_tar("add('l', type=tarfile.LNKTYPE, linkname='../../etc/shadow')");
  EXPECT_TRUE(text_of_file("t.tar").contains("contains '..'"));
}

TEST_F(Hostile, AbsolutePathsBecomeRelative) {
  python_tar("add('/etc/passwd', b'x')");
  EXPECT_EQ(text_of_file("t.tar"), "file etc/passwd 644 0:0 1 'x'\n");
}

TEST_F(Hostile, ErrorsNameFileAndPlace) {
  python_tar("add('a', b'x')\nadd('../b')");
  auto reader = (*open_source(path("t.tar"), env))->open();
  ASSERT_TRUE((*reader)->next());
  EXPECT_EQ((*reader)->next().error().where.text(), path("t.tar") + "@0x400");
}

TEST_F(Hostile, ManyEntries) {
  MemoryTree tree("tree", 0);
  for (int i = 0; i < 100000; ++i) tree.add_text(fmt::format("d{}/file{}", i % 100, i), "");
  ASSERT_TRUE(save(tree, "t.tar", tar_writer));
  auto source = open_source(path("t.tar"), env);
  auto result = merge({*source}, {.latest_time = 100, .filter = {}}, findings);
  EXPECT_EQ(summarise(**result)->paths, 100101u);
}

TEST_F(Hostile, RepeatedPaths) {
  python_tar("for i in range(5): add('same', b'%d' % i)");
  EXPECT_EQ(merged("t.tar"), "directory  755 0:0\nfile same 644 0:0 1 '4'\n");
  EXPECT_EQ(findings.list().size(), 4u);
}

TEST_F(Hostile, FileOverDirectory) {
  python_tar("add('a/b')\nadd('a')");
  EXPECT_TRUE(merged("t.tar").contains("error: 'a/b' lies below 'a', which is a file"));
  python_tar("add('a', type=tarfile.DIRTYPE)\nadd('a')");
  EXPECT_TRUE(merged("t.tar").contains("error: the file 'a' would replace a directory"));
  python_tar("add('a', type=tarfile.SYMTYPE, linkname='/etc')\nadd('a/passwd')");
  EXPECT_TRUE(merged("t.tar").contains("error: 'a/passwd' lies below 'a', which is a symlink"));
}

TEST_F(Hostile, ARootThatIsNoDirectory) {
  python_tar("add('.', type=tarfile.SYMTYPE, linkname='/etc')");
  EXPECT_TRUE(merged("t.tar").contains("error: its root is a symlink"));
}

TEST_F(Hostile, HardLinkToNothing) {
  python_tar("add('l', type=tarfile.LNKTYPE, linkname='nothing')");
  EXPECT_TRUE(merged("t.tar").contains("is a hard link to 'nothing'"));
}

TEST_F(Hostile, EveryCutOfATarIsSeen) {
  python_tar("add('zeros', bytes(2048))\nadd('n' * 200, b'x' * 600)\nadd('last', bytes(1024))");
  std::string whole = read("t.tar");
  std::string expected = text_of_file("t.tar");
  ASSERT_FALSE(expected.contains("error"));
  // The last 1024 zero bytes that matter; tarfile pads to 10240.
  std::size_t end = whole.find_last_not_of('\0') / 512 * 512 + 512 + 1024 + 1024;
  for (std::size_t size = 0; size <= whole.size(); size += 512) {
    write("cut.tar", whole.substr(0, size));
    std::string text = text_of_file("cut.tar");
    EXPECT_EQ(text.contains("error"), size < end) << size << "\n" << text;
    if (size >= end) {
      EXPECT_EQ(text, expected);
    }
  }
}

TEST_F(Hostile, EveryCutOfACompressedTarIsSeen) {
  python_tar("add('a', bytes(range(256)) * 2)\nadd('b', b'x' * 600)");
  for (const char* compressor : {"gzip -n", "xz", "bzip2", "zstd -q", "lz4 -q"}) {
    shell(std::string(compressor) + " < t.tar > t.z");
    std::string whole = read("t.z");
    ASSERT_FALSE(text_of_file("t.z").contains("error")) << compressor;
    for (std::size_t size = 0; size < whole.size(); size += size < 400 ? 7 : 1) {
      write("cut", whole.substr(0, size));
      EXPECT_TRUE(text_of_file("cut").contains("error")) << compressor << " " << size;
    }
  }
}

TEST_F(Hostile, DamagedCompressionIsSeen) {
  python_tar("add('a', b'0123456789' * 20000)");
  const std::string expected = text_of_file("t.tar");
  for (const char* compressor : {"gzip -n -1", "xz", "bzip2", "zstd -q --check", "lz4 -q"}) {
    shell(std::string(compressor) + " < t.tar > t.z");
    const std::string whole = read("t.z");
    for (std::size_t place = 20; place < whole.size(); place += whole.size() / 20) {
      std::string damaged = whole;
      damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
      write("damaged", damaged);
      std::string text = text_of_file("damaged");
      // Another way to write the same bytes is no damage.
      EXPECT_TRUE(text.contains("error") || text == expected) << compressor << " " << place;
    }
  }
}

TEST_F(Hostile, DecodersThatNeedMuchMemory) {
  python_tar("add('a', b'x')");
  const std::pair<const char*, const char*> packers[] = {
      {"xz --lzma2=dict=64MiB", "xz --lzma2=dict=65MiB"},
      {"xz --x86 --lzma2=dict=64MiB", "xz --x86 --lzma2=dict=96MiB"},
      {"xz -9", "xz --lzma2=dict=1GiB"},
      {"xz --format=lzma --lzma1=dict=64MiB", "xz --format=lzma --lzma1=dict=128MiB"},
      {"zstd -q --long=26", "zstd -q --long=27"}};
  for (const auto& [usual, large] : packers) {
    shell(std::string(usual) + " < t.tar > packed");
    EXPECT_EQ(text_of_file("packed"), "file a 644 0:0 1 'x'\n") << usual;
    shell(std::string(large) + " < t.tar > packed");
    EXPECT_TRUE(text_of_file("packed").contains("its decoder needs")) << large;
  }
  write("lzip", std::string("LZIP\1\x1b", 6) + std::string(100, '\0'));
  EXPECT_TRUE(text_of_file("lzip").contains("128 MiB")) << text_of_file("lzip");
}

TEST_F(Hostile, GzipMembersAddUp) {
  python_tar("add('a', b'0123456789' * 20000)");
  shell("split -b 70000 t.tar part. && for p in part.*; do gzip -c $p; done > t.tar.gz");
  EXPECT_EQ(text_of_file("t.tar.gz"), text_of_file("t.tar"));
}

TEST_F(Hostile, UnterminatedTarsAreTakenOnRequest) {
  python_tar("add('a', b'x')");
  write("cut.tar", read("t.tar").substr(0, 1024));
  EXPECT_TRUE(text_of_file("cut.tar").contains("ends without its two zero blocks, after 'a'"));
  EXPECT_EQ(text_of_file("cut.tar", {.accept_unterminated = true, .spool_directory = {}}),
            text_of_file("t.tar"));
  // A file that is cut is damaged all the same.
  write("cut.tar", read("t.tar").substr(0, 700));
  EXPECT_TRUE(text_of_file("cut.tar", {.accept_unterminated = true, .spool_directory = {}})
                  .contains("error"));
}

TEST_F(Hostile, ASecondTarBehindTheFirstIsSeen) {
  python_tar("add('a', b'x')");
  write("two.tar", read("t.tar") + read("t.tar"));
  EXPECT_TRUE(text_of_file("two.tar").contains("more data behind the end"));
}

TEST_F(Hostile, AnEmptyTarIsATree) {
  python_tar("pass");
  EXPECT_EQ(text_of_file("t.tar"), "");
}

TEST_F(Hostile, WhatIsNoArchive) {
  write("empty", "");
  write("text", std::string(5000, 'x'));
  write("packed-text", "");
  shell("gzip < text > text.gz; gzip < empty > empty.gz");
  EXPECT_EQ(text_of_file("empty"), "error: is empty");
  for (const char* name : {"text", "text.gz", "empty.gz"}) {
    EXPECT_EQ(text_of_file(name), "error: is no tar, cpio, ipk, squashfs or ext4") << name;
  }
  for (const char* name : {"text", "empty"}) {
    std::string hint = "give a directory, or a tar, cpio, ipk, squashfs or ext4, compressed or not";
    EXPECT_EQ(open_source(path(name), env).error().hint, hint);
    SourceOptions options{.spool_directory = {}, .other_hint = "or do this"};
    EXPECT_EQ(open_source(path(name), env, options).error().hint, hint + "; or do this");
  }
  EXPECT_EQ(open_source(path("absent"), env).error().code, Code::io);
}

// Sizes in the header: negative (base 256), and larger than any file.
TEST_F(Hostile, ImpossibleSizes) {
  python_tar("add('a', b'x')");
  const std::string whole = read("t.tar");
  using namespace std::string_literals;
  for (const std::string& size :
       {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00"s,
        "\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff"s,
        "\x80\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"s, "77777777777\0"s}) {
    std::string text = whole;
    text.replace(124, 12, size);
    text.replace(148, 8, 8, ' ');
    unsigned sum = 0;
    for (char c : text.substr(0, 512)) sum += static_cast<unsigned char>(c);
    text.replace(148, 8, fmt::format("{:06o}\0 ", sum));
    write("bad.tar", text);
    EXPECT_TRUE(text_of_file("bad.tar").contains("error"));
  }
}

/// libarchive would allocate what a name claims, and pass over what is no header to get there.
TEST_F(Hostile, NamesOfACpioThatClaimGigabytes) {
  auto entry = [](const std::string& name, std::uint32_t claimed) {
    std::string text = "070701";
    for (std::uint32_t field : {1u, 0x81edu, 0u, 0u, 1u, 0u, 0u, 0u, 0u, 0u, 0u, claimed, 0u}) {
      text += fmt::format("{:08x}", field);
    }
    text += name + '\0';
    text.resize((text.size() + 3) / 4 * 4);
    return text;
  };
  std::string first = entry("first", 6), last = entry("TRAILER!!!", 11);
  write("good.cpio", first + last);
  EXPECT_EQ(text_of_file("good.cpio"), "file first 755 0:0 0 ''\n");
  for (std::uint32_t claimed : {0x10001u, 0x80000000u, 0xffffffffu}) {
    write("bad.cpio", first + entry("second", claimed) + last);
    EXPECT_TRUE(text_of_file("bad.cpio").contains(fmt::format("a name of {} bytes", claimed)));
  }
  for (std::string junk : {"junk", "070701 junk", "070707"}) {
    write("bad.cpio", first + junk + entry("second", 0x80000000) + last);
    EXPECT_TRUE(text_of_file("bad.cpio").contains("no entry starts here")) << junk;
  }
}

/// Headers across the pieces in which a file is read.
TEST_F(Hostile, CpiosOfAllLengths) {
  for (int size = 65536 - 400; size < 65536 - 100; size += 7) {
    shell(
        fmt::format("rm -rf t; mkdir t; head -c {} /dev/zero > t/a; echo b > t/b; cd t; "
                    "ls | LC_ALL=C sort | cpio -o -H newc --quiet > ../t.cpio",
                    size));
    EXPECT_TRUE(text_of_file("t.cpio").contains("file b ")) << size;
  }
}

TEST_F(Hostile, ImpossibleOwners) {
  python_tar("add('a', uid=2**40)");
  EXPECT_TRUE(text_of_file("t.tar").contains("impossible user id"));
}

TEST_F(Hostile, NamesAreBytes) {
  python_tar(
      "t.encoding = 'utf-8'\n"
      "for n in ['new\\nline', 'latin\\udce9', '\\udcff' * 150, 'de\\u0301composed', 'e\\u0301' * "
      "60]:"
      " add(n)\n"
      "add('l', type=tarfile.SYMTYPE, linkname='e\\u0301' * 60)");
  std::string text = text_of_file("t.tar");
  for (std::string name :
       {std::string("new\nline"), std::string("latin\xe9"), std::string(150, '\xff'),
        std::string("de\xcc\x81"
                    "composed")}) {
    EXPECT_TRUE(text.contains("file " + name + " 644")) << name << "\n" << text;
  }
  std::string many;
  for (int i = 0; i < 60; ++i) many += "e\xcc\x81";
  EXPECT_TRUE(text.contains("file " + many + " 644"));
  EXPECT_TRUE(text.contains(" -> " + many + "\n"));
}

TEST_F(Hostile, SparseFilesHaveTheirZeros) {
  shell("truncate -s 1M s && printf end | dd of=s bs=1 seek=700000 conv=notrunc status=none");
  for (const char* format : {"gnu", "posix --sparse-version=0.0", "posix --sparse-version=0.1",
                             "posix --sparse-version=1.0"}) {
    shell(fmt::format("tar --format={} -S -cf t.tar s", format));
    ASSERT_LT(read("t.tar").size(), 100000u);
    auto file = read_file(**open_source(path("t.tar"), env), "s", 1 << 20);
    ASSERT_TRUE(file) << file.error().what;
    EXPECT_TRUE(file->contents == read("s")) << format;
  }
}

TEST_F(Hostile, AttributesAndDevices) {
  python_tar(
      "add('f', pax_headers={'SCHILY.xattr.user.b': 'two', 'SCHILY.xattr.user.a': 'one'})\n"
      "add('c', type=tarfile.CHRTYPE, devmajor=5, devminor=1, mode=0o600)\n"
      "add('b', type=tarfile.BLKTYPE, devmajor=259, devminor=70000)");
  EXPECT_EQ(text_of_file("t.tar"),
            "file f 644 0:0 0 '' user.a=one user.b=two\n"
            "character device c 600 0:0 5:1\n"
            "block device b 644 0:0 259:70000\n");
}

TEST_F(Hostile, SquashfsThatIsCut) {
  shell("mkdir -p t && echo x > t/a && mksquashfs t t.squashfs -noappend -quiet");
  std::string whole = read("t.squashfs");
  write("cut.squashfs", whole.substr(0, 200));
  auto source = open_source(path("cut.squashfs"), env);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, Code::bad_input);
  EXPECT_TRUE(source.error().what.contains("it has 200 bytes of"));
  write("cut.squashfs", whole.substr(0, 40));
  EXPECT_EQ(open_source(path("cut.squashfs"), env).error().code, Code::bad_input);
  std::string damaged = whole;
  damaged.replace(96, 40, 40, '\xff');
  for (std::size_t i = 100; i < damaged.size() - 96; i += 8) damaged[i] = '\xff';
  write("damaged.squashfs", damaged);
  EXPECT_TRUE(text_of_file("damaged.squashfs").contains("error"));
  write("big-endian.squashfs", "sqsh" + whole.substr(4));
  EXPECT_TRUE(text_of_file("big-endian.squashfs").contains("big-endian"));
}

// 32 directories, each of which has the next one twice: 2^32 paths in a kilobyte (linux
// fs/squashfs/squashfs_fs.h; all of it uncompressed).
TEST_F(Hostile, SquashfsOfBillionsOfPaths) {
  write("bomb.py", R"(
import struct
def block(data): return struct.pack('<H', 0x8000 | len(data)) + data
inodes = listings = b''
count, none = 32, 2**64 - 1
for i in range(count):
    names = b''
    if i < count - 1:
        names = struct.pack('<III', 1, 0, i + 2)
        for name in b'a', b'b':
            names += struct.pack('<HhHH', 32 * (i + 1), 0, 1, 0) + name
    inodes += struct.pack('<HHHHIIIIHHI', 1, 0o755, 0, 0, 0, i + 1, 0, 2, len(names) + 3,
                          len(listings), i or 1)
    listings += names
body, places = b'', []
for part in inodes, listings, struct.pack('<I', 0):
    places.append(96 + len(body))
    body += block(part)
ids = 96 + len(body)
body += struct.pack('<Q', places[2])
head = struct.pack('<IIIIIHHHHHHQQQQQQQQ', 0x73717368, count, 0, 131072, 0, 1, 17, 0x213, 1, 4, 0,
                   0, 96 + len(body), ids, none, places[0], places[1], none, none)
open('bomb.squashfs', 'wb').write(head + body)
)");
  shell("python3 bomb.py");
  auto source = open_source(path("bomb.squashfs"), env);
  ASSERT_TRUE(source) << source.error().what;
  auto reader = (*source)->open();
  ASSERT_FALSE(reader);
  EXPECT_TRUE(reader.error().what.contains("it may use 256 MiB of memory")) << reader.error().what;
  EXPECT_TRUE(reader.error().hint.contains("out of memory")) << reader.error().hint;
}

}  // namespace
}  // namespace trxkit::archive
