// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The loader's stub on the host: read, moved, put in front of kernels; and what verify says about
// every way in which that can be wrong. Whether it runs is what tests/boot shows.
#include "lib/firmware/loader.h"

#include <cstring>

#include <gtest/gtest.h>

#include "lib/firmware/extract.h"
#include "lib/firmware/pack.h"
#include "lib/firmware/verify.h"
#include "lib/trx/header.h"

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::firmware {
namespace {

constexpr std::uint32_t kBase = 0x80010000;

std::string word(std::uint32_t value) {
  std::string bytes(4, '\0');
  le32 boxed = value;
  std::memcpy(bytes.data(), &boxed, sizeof(boxed));
  return bytes;
}

/// A stand-in for loader.elf: code that was never meant to run, with one relocation of each kind.
class StubFixture {
 public:
  std::uint32_t version = trx::kLoaderVersion;
  std::uint32_t base = kBase;
  std::vector<std::pair<std::uint32_t, std::uint8_t>> relocations{
      {128, 4}, {132, 5}, {136, 6}, {140, 2}, {144, 10}};  // 26, HI16, LO16, 32, PC16

  std::string bytes() const {
    std::string code(160, '\0');
    code.replace(0, 4, word(0x40086000));  // mfc0: what a loader starts with
    code.replace(16, 8, word(trx::kLoaderMagic) + word(version));
    code.replace(128, 4, word(0x0c000000 | ((base + 0x40) >> 2 & 0x03ffffff)));  // jal base + 0x40
    code.replace(132, 4, word(0x3c040000 | base >> 16));                         // lui $a0
    code.replace(136, 4, word(0x24840040));                                      // addiu $a0, 0x40
    code.replace(140, 4, word(base + 0x40));
    code.replace(144, 4, word(0x04110003));  // bal
    test::KernelFixture elf;
    elf.entry = base;
    elf.segments = {{.address = base, .contents = code}};
    std::string file = elf.bytes();
    std::string table;
    for (auto [place, type] : relocations) table += word(base + place) + word(type);
    std::size_t table_at = file.size();
    file += table;
    std::size_t sections_at = file.size();
    file += std::string(40, '\0');
    file += word(0) + word(9) + word(0) + word(0) + word(static_cast<std::uint32_t>(table_at)) +
            word(static_cast<std::uint32_t>(table.size())) + word(0) + word(0) + word(4) + word(8);
    file.replace(32, 4, word(static_cast<std::uint32_t>(sections_at)));
    file.replace(46, 4, std::string("\x28\0\2\0", 4));  // two section headers of 40 bytes
    return file;
  }
};

class Loader : public test::Scratch {
 protected:
  InputFile open(const std::string& file) { return *InputFile::open(path(file), env); }
  Result<LoaderStub> stub(const StubFixture& fixture) {
    write("loader.elf", fixture.bytes());
    return read_loader_stub(open("loader.elf"));
  }
  board::Board board() { return *board::load_board("belkin-f7d7301", env); }

  Result<PackReport> pack(const board::Board& board, const std::string& kernel) {
    write("vmlinux", kernel);
    PackRequest request;
    request.board = &board;
    request.kernel = path("vmlinux");
    request.loader = write("loader.elf", StubFixture{}.bytes());
    request.output = path("image.trx");
    return firmware::pack(request, env);
  }
  /// Part 1 of image.trx, by other eyes.
  std::string unpacked_part() {
    shell(
        "python3 -c 'import sys, zlib; "
        "sys.stdout.buffer.write(zlib.decompressobj(31).decompress(sys.stdin.buffer.read()[28:]))' "
        "< image.trx > unpacked");
    return read("unpacked");
  }
  Verdict verdict_on(const std::string& name, const board::Board& belkin) {
    InputFile file = open(name);
    return *firmware::verify({.file = &file, .board = &belkin}, env);
  }
  /// The findings on image.trx after `change` of its unpacked part 1.
  template <typename Change>
  Findings after(Change change) {
    std::string part = unpacked_part();
    change(part);
    write("part", part);
    shell("gzip -9n < part > part.gz");
    PackRequest request;
    request.recipe.magic = 0x20100322;
    request.recipe.steps = {{PackStep::Kind::part, path("part.gz"), 0}};
    request.output = path("changed.trx");
    EXPECT_TRUE(firmware::pack(request, env));
    auto belkin = board();
    return verdict_on("changed.trx", belkin).findings;
  }
};

std::uint32_t word_at(const std::vector<std::byte>& bytes, std::size_t offset) {
  return ByteReader(bytes).read_at<le32>(offset)->value();
}

TEST_F(Loader, MovesOnlyWhatDependsOnItsPlace) {
  auto original = *stub({});
  auto moved = relocate(original, 0x83d30000);
  EXPECT_EQ(word_at(moved, 128), 0x0c000000U | (0x83d30040U >> 2 & 0x03ffffff));
  EXPECT_EQ(word_at(moved, 132), 0x3c0483d3U);
  EXPECT_EQ(word_at(moved, 136), 0x24840040U);
  EXPECT_EQ(word_at(moved, 140), 0x83d30040U);
  EXPECT_EQ(word_at(moved, 144), 0x04110003U);
  EXPECT_EQ(relocate(original, kBase), original.bytes);
}

TEST_F(Loader, ForeignFilesAreNoStub) {
  write("text", "hello");
  write("kernel", test::sound_kernel().bytes());
  EXPECT_FALSE(*is_loader_stub(open("text")));
  EXPECT_FALSE(*is_loader_stub(open("kernel")));
  EXPECT_FALSE(read_loader_stub(open("kernel")));
  StubFixture fixture;
  fixture.version = 2;
  EXPECT_FALSE(stub(fixture));
  fixture = {};
  fixture.base = kBase + 0x1000;
  EXPECT_FALSE(stub(fixture));
  fixture = {};
  fixture.relocations.clear();
  EXPECT_FALSE(stub(fixture));
  fixture.relocations = {{128, 7}};  // GPREL16
  EXPECT_FALSE(stub(fixture));
  fixture.relocations = {{158, 2}};  // reaches past the end
  EXPECT_FALSE(stub(fixture));
  fixture.relocations = {{0U - 4, 2}};
  EXPECT_FALSE(stub(fixture));
}

TEST_F(Loader, SectionsThatNoLinkerWroteAreRefused) {
  std::string sound = StubFixture{}.bytes();
  std::string header = sound.substr(sound.size() - 40);
  auto refusal = [&](const std::string& file) {
    write("loader.elf", file);
    auto read = read_loader_stub(open("loader.elf"));
    return read ? "none" : fmt::format("{:#x}: {}", *read.error().where.offset, read.error().what);
  };
  EXPECT_EQ(refusal(sound), "none");

  // Forty headers of the same five relocations, where 40 words are.
  std::string repeated = sound;
  for (int i = 0; i < 39; ++i) repeated += header;
  repeated.replace(48, 2, std::string("\x29\0", 2));
  std::size_t ninth = sound.size() + 7 * 40;
  EXPECT_EQ(refusal(repeated), fmt::format("{:#x}: has more relocations than its 40 words", ninth));
  repeated.replace(48, 2, std::string("\x09\0", 2));
  EXPECT_EQ(refusal(repeated), "none");

  std::string cut = sound;
  cut.replace(cut.size() - 20, 4, word(0x7ffffff8));
  EXPECT_TRUE(refusal(cut).contains("reaches past the end of the file"));
  std::string many = sound;
  many.replace(48, 2, std::string("\xff\xff", 2));
  EXPECT_TRUE(refusal(many).contains("reaches past the end of the file"));
}

TEST_F(Loader, TruncatedStubsAreRefused) {
  std::string whole = StubFixture{}.bytes();
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    write("cut", whole.substr(0, size));
    auto file = open("cut");
    auto recognised = is_loader_stub(file);
    EXPECT_TRUE(recognised) << size;
    EXPECT_FALSE(read_loader_stub(file)) << size;
  }
}

TEST_F(Loader, HeaderComesFromTheBoardFile) {
  auto belkin = board();
  LoadedKernel kernel{.load_address = 0x80001000,
                      .entry = 0x80001400,
                      .memory_size = 0x700000,
                      .payload_size = 0x200000,
                      .payload_crc = 1,
                      .result_size = 0x6f0000,
                      .result_crc = 2};
  auto bytes = *make_stub(*stub({}), belkin, kernel);
  auto header = *ByteReader(bytes).read_at<trx::LoaderHeader>(trx::kLoaderHeaderOffset);
  EXPECT_EQ(header.uart_base, 0x18000300U);
  EXPECT_EQ(header.reset_register, 0x18000634U);
  EXPECT_EQ(header.reset_value, 2U);
  EXPECT_EQ(header.count_rate, 226500000U);
  EXPECT_EQ(header.ram_size, 0x4000000U);
  EXPECT_EQ(header.run_end, 0x84000000U);
  EXPECT_EQ(header.run_address % kStubAlignment, 0U);
  EXPECT_LE(header.run_address + bytes.size() + kernel.payload_size + trx::kLoaderWorkspace,
            header.run_end);
  EXPECT_GT(header.run_address + kStubAlignment + bytes.size() + kernel.payload_size +
                trx::kLoaderWorkspace,
            header.run_end);
  belkin.loader.reserve = 0x100000;
  EXPECT_EQ(loader_run_end(belkin), 0x83f00000U);
  belkin.ram_size.value = std::uint64_t{512} << 20;
  EXPECT_EQ(loader_run_end(belkin), 0x88000000U);
  kernel.payload_size = std::uint64_t{128} << 20;
  auto refused = make_stub(*stub({}), belkin, kernel);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::does_not_fit);
}

TEST_F(Loader, PackedKernelIsRecognisedAndExtracted) {
  auto belkin = board();
  auto report = *pack(belkin, test::sound_kernel().bytes());
  ASSERT_FALSE(report.refusal);
  auto verdict = verdict_on("image.trx", belkin);
  EXPECT_TRUE(verdict.findings.passed(true));
  const trx::Payload& payload = verdict.analysis->payloads[0];
  ASSERT_TRUE(payload.loader);
  EXPECT_FALSE(payload.banner.empty());
  ExtractRequest request{.part = {}, .decompress = true, .output = path("parts")};
  ASSERT_TRUE(extract(open("image.trx"), request));
  EXPECT_EQ(read("parts/part1.bin").size(), payload.loader->header.result_size);
  EXPECT_EQ(read("parts/part1.loader").size(), payload.loader->header.stub_size);
  write("k.lzma", unpacked_part().substr(payload.loader->header.stub_size));
  shell("xz --format=lzma -dc k.lzma | cmp - parts/part1.bin");
}

TEST_F(Loader, RecipeGivesTheImageAgain) {
  auto belkin = board();
  ASSERT_FALSE(pack(belkin, test::sound_kernel().bytes())->refusal);
  ExtractRequest extraction;
  extraction.output = path("parts");
  ASSERT_TRUE(extract(open("image.trx"), extraction));
  PackRequest request;
  request.board = &belkin;
  request.recipe = *read_recipe(path("parts/recipe"), env);
  request.output = path("again.trx");
  auto report = firmware::pack(request, env);
  ASSERT_TRUE(report && !report->refusal);
  EXPECT_EQ(read("again.trx"), read("image.trx"));
  ASSERT_TRUE(report->analysis.payloads[0].loader);
}

TEST_F(Loader, WhatItWouldRefuseIsFound) {
  auto belkin = board();
  ASSERT_FALSE(pack(belkin, test::sound_kernel().bytes())->refusal);
  EXPECT_TRUE(after([](std::string&) {}).passed());
  std::size_t header = trx::kLoaderHeaderOffset;
  for (std::size_t field : {8U, 28U, 32U, 52U, 60U, 80U}) {
    EXPECT_TRUE(after([&](std::string& part) { part[header + field] ^= 1; }).has("PAY015"))
        << field;
  }
  EXPECT_TRUE(after([](std::string& part) { part[130] ^= 1; }).has("PAY015"));
  EXPECT_TRUE(after([](std::string& part) { part.back() ^= 1; }).has("PAY016"));
  EXPECT_TRUE(after([](std::string& part) { part.pop_back(); }).has("PAY016"));
  EXPECT_TRUE(after([](std::string& part) { part += "x"; }).has("PAY016"));
}

TEST_F(Loader, KernelMayEndWhereTheLoaderStarts) {
  auto belkin = board();
  auto report = *pack(belkin, test::sound_kernel().bytes());
  std::uint64_t run = report.analysis.payloads[0].loader->header.run_address;
  for (std::uint64_t more : {std::uint64_t{0}, std::uint64_t{1}}) {
    auto kernel = test::sound_kernel();
    auto& last = kernel.segments[1];
    last.bss = run + more - last.address - last.contents.size();
    auto result = *pack(belkin, kernel.bytes());
    EXPECT_EQ(result.refusal.has_value(), more != 0);
    if (more == 0) continue;
    EXPECT_EQ(*result.refusal, Code::does_not_fit);
    EXPECT_NE(as_error(result.findings, Code::does_not_fit).what.find("over by 1 byte"),
              std::string::npos);
  }
}

TEST_F(Loader, OtherBoardsLoaderIsFound) {
  auto belkin = board();
  ASSERT_FALSE(pack(belkin, test::sound_kernel().bytes())->refusal);
  belkin.uart.base = 0x18000400;
  auto findings = verdict_on("image.trx", belkin).findings;
  EXPECT_TRUE(findings.has("PAY018"));
}

TEST_F(Loader, ForeignLoaderIsAPartOfItsOwn) {
  auto belkin = board();
  write("loader.bin", std::string("\x10\x00\x00\x10", 4) + std::string(2000, 'x'));
  shell("gzip -9n loader.bin");
  write("vmlinux", test::sound_kernel().bytes());
  PackRequest request;
  request.board = &belkin;
  request.kernel = path("vmlinux");
  request.loader = path("loader.bin.gz");
  request.output = path("image.trx");
  auto report = *firmware::pack(request, env);
  ASSERT_FALSE(report.refusal);
  EXPECT_TRUE(report.findings.has("PAY019"));
  ASSERT_EQ(report.analysis.payloads.size(), 2U);
  EXPECT_EQ(report.analysis.payloads[1].kind, trx::PayloadKind::lzma);
  belkin.trx.magic.value = trx::kHdr0;
  EXPECT_FALSE(firmware::pack(request, env)->findings.has("PAY019"));
}

}  // namespace
}  // namespace trxkit::firmware
