// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/map_style.h"

namespace trxkit::firmware {

Style style_of(ExtentKind kind) {
  switch (kind) {
    case ExtentKind::boot_loader:
      return {"#b5483f", "#ffffff"};
    case ExtentKind::header:
    case ExtentKind::kernel:
      return {"#2f6db3", "#ffffff"};
    case ExtentKind::squashfs:
      return {"#23805f", "#ffffff"};
    case ExtentKind::other:
      return {"#5f6b7a", "#ffffff"};
    case ExtentKind::padding:
      return {"url(#hatch)", kInk};
    case ExtentKind::jffs2:
      return {"#eab54d", "#2b2411"};
    case ExtentKind::nvram:
      return {"#7d57b8", "#ffffff"};
    case ExtentKind::data:
      return {"#7c8087", "#ffffff"};
    case ExtentKind::free:
      break;
  }
  return {"#ffffff", kInk};
}

}  // namespace trxkit::firmware
