// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool map and boards as users call them.
#include <gtest/gtest.h>

#include "lib/core/json.h"

#include "tests/unit/scratch.h"
#include "tests/unit/trx_fixture.h"
#include "trxtool/program.h"

namespace trxkit {
namespace {

constexpr std::uint32_t kBelkin = 0x20100322;

class MapAndBoards : public test::Scratch {
 protected:
  int run(const std::vector<std::string>& arguments) {
    out.str({});
    err.str({});
    return trxtool_main(arguments, env);
  }
  // A squashfs at the first erase block of 128 KiB, the JFFS2 markers behind length.
  std::string image(std::uint32_t magic = kBelkin) const {
    auto fixture = test::trx_image(
        magic, 1, {{0x1c, "kernel"}, {0x20000, test::squashfs_bytes(5000)}}, 0x22000);
    for (std::size_t place : {0x30000u, 0x40000u}) {
      fixture.bytes.resize(place, '\xff');
      fixture.put32(place, 0xdec0adde);
    }
    return write("image.trx", fixture.bytes);
  }
  Json json() const { return *Json::parse(out.str(), "stdout"); }
};

TEST_F(MapAndBoards, MapOfABoardAlone) {
  EXPECT_EQ(run({"map", "--board", "belkin-f7d7301"}), 0) << err.str();
  EXPECT_NE(out.str().find("CFE (boot loader)"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("an image has to end at or before 0x7e0000"), std::string::npos);
  EXPECT_EQ(run({"map", "--board", "belkin-f7d7301", "--erase-size", "64k"}), 0);
  EXPECT_NE(out.str().find("an image has to end at or before 0x7f0000"), std::string::npos);
}

TEST_F(MapAndBoards, MapOfAnImageShowsWhatTheKernelSees) {
  EXPECT_EQ(run({"map", "--board", "belkin-f7d7301", image()}), 0) << err.str();
  EXPECT_NE(out.str().find("mtd1 rootfs"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("if CFE carries no mark"), std::string::npos);
  EXPECT_NE(out.str().find("JFFS2 gets"), std::string::npos);
}

TEST_F(MapAndBoards, ADumpLeavesOneViewOfTheKernel) {
  std::string dump(0x20000, '\0');
  EXPECT_EQ(run({"map", "--board", "belkin-f7d7301", "--cfe", write("cfe", dump), image()}), 0);
  EXPECT_EQ(out.str().find("if CFE"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("mtd0 rootfs"), std::string::npos);
}

TEST_F(MapAndBoards, JsonHasExtentsAndPartitions) {
  EXPECT_EQ(run({"map", "--json", "--board", "belkin-f7d7301", image()}), 0) << err.str();
  Json result = json();
  EXPECT_EQ(*result.find("schema")->number(), 1u);
  EXPECT_EQ(*result.find("board")->text(), "belkin-f7d7301");
  const Json* flash = result.find("flash");
  EXPECT_EQ(*flash->find("limit")->number(), 0x7e0000u);
  EXPECT_EQ(*flash->find("image_end")->number(), 0x20000u + 0x40004u);
  EXPECT_EQ(*flash->find("extents")->elements()->front().find("kind")->text(), "boot loader");
  EXPECT_EQ(result.find("kernel")->elements()->size(), 2u);
}

TEST_F(MapAndBoards, SvgGoesToItsFileOrToStandardOutput) {
  EXPECT_EQ(run({"map", "--board", "qemu-malta", "--svg", path("map.svg"), image()}), 0)
      << err.str();
  EXPECT_TRUE(read("map.svg").starts_with("<svg xmlns="));
  EXPECT_NE(read("map.svg").find("vda3 rootfs"), std::string::npos);
  EXPECT_EQ(run({"map", "--board", "qemu-malta", "--svg", path("none/map.svg")}), 7);
  EXPECT_FALSE(exists("none"));
  EXPECT_EQ(run({"map", "--board", "qemu-malta", "--svg", "-", "--json"}), 2);
}

TEST_F(MapAndBoards, TheMagicNamesTheBoardWhereItCan) {
  EXPECT_EQ(run({"map", image()}), 2);
  EXPECT_NE(err.str().find("--board belkin-f7d7301 or --board qemu-malta"), std::string::npos)
      << err.str();
  EXPECT_EQ(run({"map", image(0x30524448)}), 2);
  EXPECT_NE(err.str().find("several boards' images have the magic 0x30524448"), std::string::npos);
  EXPECT_EQ(run({"map", image(0x20090928)}), 0) << err.str();
  EXPECT_NE(out.str().find("F7D7302"), std::string::npos);
  EXPECT_EQ(run({"map", image(0x20090929)}), 2);
  EXPECT_EQ(run({"map"}), 2);
}

TEST_F(MapAndBoards, WhatDoesNotFitIsAFinding) {
  image();
  std::filesystem::resize_file(folder / "image.trx", 0x7c0001);
  EXPECT_EQ(run({"map", "--board", "belkin-f7d7301", path("image.trx")}), 1) << out.str();
  EXPECT_NE(err.str().find("[MAP002]"), std::string::npos) << err.str();
}

TEST_F(MapAndBoards, BrokenInputs) {
  EXPECT_EQ(run({"map", "--board", "belkin-f7d7301", path("absent.trx")}), 7);
  EXPECT_EQ(run({"map", "--board", "belkin-f7d7301", write("empty", "")}), 3);
  EXPECT_EQ(run({"map", "--board", "toaster"}), 2);
  EXPECT_EQ(run({"map", "--board", "qemu-malta", "--erase-size", "65k"}), 2);
}

TEST_F(MapAndBoards, ListOfBoards) {
  EXPECT_EQ(run({"boards"}), 0);
  EXPECT_NE(out.str().find("Belkin F7D7301 (Share Max N300), BCM4718, 64 MiB RAM"),
            std::string::npos)
      << out.str();
  std::string plain = out.str();
  EXPECT_EQ(run({"boards", "list"}), 0);
  EXPECT_EQ(out.str(), plain);
  EXPECT_EQ(run({"boards", "list", "malta"}), 0);
  EXPECT_EQ(out.str().find("Belkin"), std::string::npos) << out.str();
  EXPECT_EQ(run({"boards", "--json"}), 0);
  EXPECT_EQ(json().find("boards")->elements()->size(), 7u);
}

TEST_F(MapAndBoards, OneBoardWithItsSources) {
  EXPECT_EQ(run({"boards", "show", "f7d3301"}), 0);
  EXPECT_NE(out.str().find("inferred  0x10000 (64 KiB)"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("F7D7301 console log: 65536 KB"), std::string::npos);
  EXPECT_EQ(run({"boards", "show", "--json", "f7d3301"}), 0);
  Json board = json().find("boards")->elements()->front();
  EXPECT_GT(board.find("facts")->elements()->size(), 40u);
  EXPECT_EQ(run({"boards", "show"}), 2);
  EXPECT_EQ(run({"boards", "belkin-f7d7301"}), 2);
  EXPECT_EQ(run({"boards", "show", "belkin-f7d7310"}), 2);
  EXPECT_NE(err.str().find("did you mean 'belkin-f7d7301'?"), std::string::npos);
}

TEST_F(MapAndBoards, BrokenBoardFilesAreNamedToTheColumn) {
  std::string file = write("x.toml", "[board]\nnam = \"x\"\n");
  EXPECT_EQ(run({"boards", "check", file}), 1);
  EXPECT_NE(
      err.str().find("x.toml:2:1: unknown key 'nam' in [board] [BRD002]\n  nam = \"x\"\n  ^\n"),
      std::string::npos)
      << err.str();
  EXPECT_NE(err.str().find("did you mean 'name'?"), std::string::npos);
  EXPECT_NE(err.str().find("the table [ram] is missing"), std::string::npos);
  EXPECT_EQ(run({"boards", "check", write("y.toml", "[board")}), 3);
  EXPECT_EQ(run({"boards", "check", "--json", file, "malta"}), 1);
  const Json::Array reviews = *json().find("boards")->elements();
  EXPECT_FALSE(*reviews[0].find("sound")->boolean());
  EXPECT_TRUE(*reviews[1].find("sound")->boolean());
  EXPECT_EQ(run({"boards", "check", "--strict"}), 0) << err.str();
}

}  // namespace
}  // namespace trxkit
