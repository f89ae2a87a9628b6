// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/recipe.h"

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <limits>

#include "lib/core/nearest.h"
#include "lib/core/units.h"
#include "lib/system/file.h"
#include "lib/trx/magic.h"

namespace trxkit::firmware {
namespace {

namespace fs = std::filesystem;
using Kind = PackStep::Kind;

constexpr auto kFields = std::to_array<RecipeOption>({
    {"--magic", "the header's first word: 0x and digits, or HDR0"},
    {"--trx-version", "of the header: 1 or 2, which has a fourth part"},
    {"--flags", "of the header, normally 0"},
    {"--image-align", "pad the file to a multiple of this size (4096)"},
});

// In the order of PackStep::Kind.
constexpr auto kSteps = std::to_array<RecipeOption>({
    {"--part", "a file as the next part"},
    {"--append", "a file behind the last part, into it"},
    {"--behind", "a file behind the image: length and CRC end before it"},
    {"--before", "a file in front of the image, a container's header: no length or CRC has it"},
    {"--fourth", "a file as part 4 of version 2, whatever parts there are before"},
    {"--align", "start what follows at a multiple of this power of two"},
    {"--offset", "start what follows at this offset from the header"},
    {"--zeros", "so many zero bytes"},
    {"--cut", "take so many bytes away again"},
});

constexpr auto kOptions = [] {
  std::array<RecipeOption, kFields.size() + kSteps.size()> all{};
  std::ranges::copy(kSteps, std::ranges::copy(kFields, all.begin()).out);
  return all;
}();

bool has_file(Kind kind) {
  return kind == Kind::part || kind == Kind::append || kind == Kind::behind ||
         kind == Kind::before || kind == Kind::fourth;
}

Result<std::uint16_t> parse_16_bits(std::string_view option, const std::string& text) {
  std::uint64_t value = TRY(parse_number(text));
  if (value <= std::numeric_limits<std::uint16_t>::max()) return static_cast<std::uint16_t>(value);
  return fail(Code::usage, "{} {}: the field has 16 bits", option, text);
}

Result<std::uint16_t> parse_version(const std::string& text) {
  if (text == "1") return 1;
  if (text == "2") return 2;
  return fail(Code::usage, "--trx-version {}: versions are 1 and 2", text);
}

Result<std::uint64_t> parse_alignment(std::string_view option, const std::string& text) {
  std::uint64_t value = TRY(parse_size(text));
  if (std::has_single_bit(value)) return value;
  return advise(fail(Code::usage, "{} {}: an alignment is a power of two", option, text),
                "erase blocks and pages are; give --offset for any other place");
}

Result<PackStep> parse_step(std::string_view option, Kind kind, const std::string& text) {
  if (has_file(kind)) return PackStep{kind, text, 0};
  if (kind == Kind::align) return PackStep{kind, {}, TRY(parse_alignment(option, text))};
  return PackStep{kind, {}, TRY(parse_size(text))};
}

std::unexpected<Error> unknown_option(std::string_view option) {
  std::vector<std::string> names;
  for (const RecipeOption& known : kOptions) names.emplace_back(known.name);
  std::string meant = nearest(option, names);
  return advise(fail(Code::usage, "'{}' is no option of a recipe", option),
                meant.empty() ? fmt::format("a recipe has {}", fmt::join(names, ", "))
                              : "did you mean " + meant + "?");
}

}  // namespace

std::span<const RecipeOption> recipe_options() {
  return kOptions;
}

const PackStep* Recipe::before() const {
  auto found = std::ranges::find(steps, Kind::before, &PackStep::kind);
  return found == steps.end() ? nullptr : &*found;
}

Status Recipe::apply(std::string_view option, const std::string& value) {
  if (option == "--magic") {
    magic = TRY(trx::parse_magic(value));
  } else if (option == "--trx-version") {
    version = TRY(parse_version(value));
  } else if (option == "--flags") {
    flags = TRY(parse_16_bits(option, value));
  } else if (option == "--image-align") {
    alignment = TRY(parse_alignment(option, value));
  } else {
    auto found = std::ranges::find(kSteps, option, &RecipeOption::name);
    if (found == kSteps.end()) return unknown_option(option);
    auto kind = static_cast<Kind>(found - kSteps.begin());
    if (kind == Kind::before && before() != nullptr) {
      return fail(Code::usage, "--before {}: there is {} in front of the header already", value,
                  before()->file);
    }
    steps.push_back(TRY(parse_step(option, kind, value)));
  }
  return {};
}

std::string print(const Recipe& recipe, std::span<const std::string> comment) {
  std::string text;
  for (const std::string& line : comment) text += "# " + line + "\n";
  if (recipe.magic) text += fmt::format("--magic {:#010x}\n", *recipe.magic);
  if (recipe.version) text += fmt::format("--trx-version {}\n", *recipe.version);
  if (recipe.flags != 0) text += fmt::format("--flags {:#06x}\n", recipe.flags);
  text += fmt::format("--image-align {}\n", recipe.alignment);
  for (const PackStep& step : recipe.steps) {
    std::string_view name = kSteps[static_cast<std::size_t>(step.kind)].name;
    text += has_file(step.kind) ? fmt::format("{} {}\n", name, step.file)
                                : fmt::format("{} {:#x}\n", name, step.value);
  }
  return text;
}

Result<Recipe> read_recipe(const std::string& path, const Env& env) {
  std::string text = TRY(read_text_file(path, env));
  fs::path folder = fs::path(path).parent_path();
  Recipe recipe;
  recipe.file = path;
  std::uint32_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    std::size_t end = std::min(text.find('\n', start), text.size());
    std::string line = text.substr(start, end - start);
    start = end + 1;
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.starts_with('#')) continue;
    std::size_t space = std::min(line.find(' '), line.size());
    std::string value = space < line.size() ? line.substr(space + 1) : std::string();
    Status applied = recipe.apply(line.substr(0, space), value);
    if (!applied) {
      applied.error().where = {.file = path, .offset = {}, .line = number, .column = 1};
      applied.error().source_line = line;
      return std::unexpected(std::move(applied).error());
    }
  }
  for (PackStep& step : recipe.steps) {
    if (!step.file.empty()) step.file = (folder / step.file).string();
  }
  return recipe;
}

}  // namespace trxkit::firmware
