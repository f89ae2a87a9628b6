// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Settings of the wrapper as a shell reads them.
#include "lib/rootfs/wrapper_settings.h"

#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

struct WrapperSettingsTest : test::Scratch {
  WrapperSettingsTest() : board(*board::load_board("belkin-f7d7301", env)) {}

  // The values of `keys`, each in brackets.
  std::string values(const WrapperSettings& settings, const std::string& keys) {
    auto text = settings_text(settings, board, env);
    EXPECT_TRUE(text) << text.error().what;
    write("conf", text.value_or(""));
    return shell("dash -uc '. ./conf; for k in " + keys +
                 "; do eval \"printf \\\"[%s]\\\" \\\"\\$$k\\\"\"; done'");
  }

  std::string hint_of(const WrapperSettings& settings) {
    auto text = settings_text(settings, board, env);
    EXPECT_FALSE(text);
    if (text) return "";
    EXPECT_EQ(Code::usage, text.error().code) << text.error().what;
    return text.error().hint;
  }

  board::Board board;
};

TEST_F(WrapperSettingsTest, Defaults) {
  EXPECT_EQ("[5][10][600]", values({}, "USB_WAIT DISK_WAIT SCRIPT_WAIT"));
  EXPECT_EQ("[any][gpio:6:low gpio:8:low]", values({}, "SKIP_KEY SKIP_BUTTON"));
  EXPECT_EQ("[dmz power diag wps gpio:10:low][no][n]", values({}, "LED UDP OVERLAY_CONFIG"));
}

TEST_F(WrapperSettingsTest, P9_WaitsWithinTheirBounds) {
  EXPECT_EQ("[0][120][10]", values({.usb_wait = 0, .disk_wait = 120, .script_wait = 10},
                                   "USB_WAIT DISK_WAIT SCRIPT_WAIT"));
  hint_of({.usb_wait = 121});
  hint_of({.disk_wait = 121});
  hint_of({.script_wait = 9});
  hint_of({.script_wait = 3601});
}

TEST_F(WrapperSettingsTest, P13_Buttons) {
  EXPECT_EQ("[gpio:8:low]", values({.skip_buttons = {"wps"}}, "SKIP_BUTTON"));
  EXPECT_EQ("[gpio:6:low gpio:30:high]",
            values({.skip_buttons = {"reset", "gpio:30:high"}}, "SKIP_BUTTON"));
  EXPECT_EQ("[gpio:6:low gpio:8:low]", values({.skip_buttons = {"any"}}, "SKIP_BUTTON"));
  EXPECT_EQ("[none]", values({.skip_buttons = {"none"}}, "SKIP_BUTTON"));
  for (const char* word : {"power-green", "gpio:6", "gpio:6:up", "gpio::low", "gpio:1000:low",
                           "gpio:-1:low", "gpio:6:low;reboot", ""}) {
    EXPECT_TRUE(hint_of({.skip_buttons = {word}}).contains("reset, wps")) << word;
  }
  hint_of({.skip_buttons = {"reset", "none"}});
}

TEST_F(WrapperSettingsTest, P13_Keys) {
  EXPECT_EQ("[s]", values({.skip_key = "s"}, "SKIP_KEY"));
  EXPECT_EQ("[']", values({.skip_key = "'"}, "SKIP_KEY")) << "quoted for the shell";
  for (const char* key : {"", " ", "ss", "\t", "\x80"}) hint_of({.skip_key = key});
}

TEST_F(WrapperSettingsTest, P14_Led) {
  EXPECT_EQ("[power-amber gpio:11:low]", values({.led = "power-amber"}, "LED"));
  EXPECT_EQ("[bcm47xx:green:power]", values({.led = "bcm47xx:green:power"}, "LED"));
  EXPECT_EQ("[gpio:3:high]", values({.led = "gpio:3:high"}, "LED"));
  EXPECT_EQ("[none]", values({.led = "none"}, "LED"));
  for (const char* led : {"", "a b", "a/b", "gpio:3", "x*"}) {
    EXPECT_TRUE(hint_of({.led = led}).contains("power-green, power-amber")) << led;
  }
  board.gpios.clear();
  EXPECT_EQ("[dmz power diag wps]", values({}, "LED"));
  EXPECT_EQ("[]", values({}, "SKIP_BUTTON"));
}

TEST_F(WrapperSettingsTest, P14_MessagesNeedAnAddress) {
  EXPECT_TRUE(hint_of({.udp = true}).contains("--address"));
  EXPECT_EQ("[yes]", values({.address = "192.168.1.1/24", .udp = true}, "UDP"));
}

}  // namespace
}  // namespace trxkit::rootfs
