// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/svg_writer.h"

#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace trxkit::firmware {
namespace {

constexpr std::string_view kFonts =
    R"(font-family="'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif")";

constexpr std::string_view kHatch =
    R"x(<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse")x"
    R"x( patternTransform="rotate(45)"><rect width="6" height="6" fill="#eef0f3"/>)x"
    R"x(<rect width="1.5" height="6" fill="#cdd3da"/></pattern></defs>)x";

std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
  }
  return result;
}

}  // namespace

SvgWriter::SvgWriter(double width, double height, std::string_view title) {
  document_ =
      fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" )"
                  R"(viewBox="0 0 {0:.0f} {1:.0f}" role="img" font-size="13" fill="#1f2730" {2}>)"
                  "\n<title>{3}</title>\n{4}\n",
                  width, height, kFonts, escaped(title), kHatch);
  rectangle({1, 1, width - 2, height - 2}, R"(rx="14" fill="#fbfbf8" stroke="#d5d9de")");
}

void SvgWriter::rectangle(const SvgBox& box, std::string_view attributes) {
  fmt::format_to(std::back_inserter(document_),
                 R"(<rect x="{:.1f}" y="{:.2f}" width="{:.1f}" height="{:.2f}" {}/>)"
                 "\n",
                 box.x, box.y, box.width, box.height, attributes);
}

void SvgWriter::path(std::string_view data, std::string_view attributes) {
  fmt::format_to(std::back_inserter(document_), "<path d=\"{}\" fill=\"none\" {}/>\n", data,
                 attributes);
}

void SvgWriter::text(double x, double y, std::string_view attributes, std::string_view content) {
  fmt::format_to(std::back_inserter(document_), "<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x,
                 y, attributes, escaped(content));
}

std::string SvgWriter::finish() && {
  document_ += "</svg>\n";
  return std::move(document_);
}

}  // namespace trxkit::firmware
