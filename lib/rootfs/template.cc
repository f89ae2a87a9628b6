// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/template.h"

#include <optional>
#include <set>
#include <string_view>

#include "lib/system/file.h"

namespace trxkit::rootfs {
namespace {

constexpr std::string_view kDeclaration = "# template:";
constexpr std::string_view kNameStart = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

// "@NAME@" or "@NAME|how@".
struct Placeholder {
  std::string name;
  std::string how;
  std::size_t length = 0;
};

std::optional<Placeholder> placeholder_at(std::string_view line, std::size_t at) {
  std::string_view rest = line.substr(at + 1);
  if (rest.empty() || !kNameStart.contains(rest.front())) return std::nullopt;
  std::size_t end = rest.find_first_not_of(kNameCharacters);
  if (end == std::string_view::npos) return std::nullopt;
  Placeholder found{.name = std::string(rest.substr(0, end)), .how = {}};
  if (rest[end] == '|') {
    std::size_t close = rest.find_first_of("@ \t", end);
    if (close == std::string_view::npos || rest[close] != '@') return std::nullopt;
    found.how = rest.substr(end + 1, close - end - 1);
    end = close;
  }
  if (rest[end] != '@') return std::nullopt;
  found.length = end + 2;
  return found;
}

class Renderer {
 public:
  Renderer(const std::string& text, const std::string& file, const TemplateValues& values)
      : text_(text), file_(file), values_(values) {}

  Result<std::string> run() {
    for (std::size_t start = 0; start < text_.size();) {
      std::size_t end = std::min(text_.find('\n', start), text_.size());
      ++line_;
      TRY(take_line(text_.substr(start, end - start), end < text_.size()));
      start = end + 1;
    }
    if (declared_at_ == 0) {
      return fail_at({file_, {}, 1, 1}, Code::bad_input, "no line \"{} NAME...\"", kDeclaration);
    }
    for (const auto& [name, value] : values_) {
      if (!declared_.contains(name)) return failed(declared_at_, 1, name, "is not declared");
    }
    for (const std::string& name : declared_) {
      if (!used_.contains(name)) return failed(declared_at_, 1, name, "is declared, but not used");
    }
    return std::move(result_);
  }

 private:
  std::unexpected<Error> failed(std::uint32_t line, std::size_t column, const std::string& name,
                                std::string_view why) const {
    return fail_at({file_, {}, line, static_cast<std::uint32_t>(column)}, Code::bad_input,
                   "@{}@ {}", name, why);
  }

  Status take_line(const std::string& line, bool ended) {
    if (declared_at_ == 0 && line.starts_with(kDeclaration)) return declare(line);
    for (std::size_t at = 0; at < line.size();) {
      std::optional<Placeholder> found;
      if (line[at] == '@') found = placeholder_at(line, at);
      if (found) {
        TRY(replace(*found, at));
        at += found->length;
      } else {
        result_ += line[at++];
      }
    }
    if (ended) result_ += '\n';
    return {};
  }

  Status declare(const std::string& line) {
    declared_at_ = line_;
    for (std::size_t at = kDeclaration.size(); at < line.size();) {
      std::size_t start = line.find_first_not_of(' ', at);
      if (start == std::string::npos) break;
      std::size_t end = std::min(line.find(' ', start), line.size());
      std::string name = line.substr(start, end - start);
      at = end;
      if (!kNameStart.contains(name.front()) ||
          name.find_first_not_of(kNameCharacters) != std::string::npos) {
        return failed(line_, start + 1, name, "is no name (A-Z, 0-9 and _, a letter first)");
      }
      if (!declared_.insert(name).second) {
        return failed(line_, start + 1, name, "is declared twice");
      }
      if (!values_.contains(name)) return failed(line_, start + 1, name, "has no value");
    }
    return {};
  }

  Status replace(const Placeholder& found, std::size_t at) {
    if (!declared_.contains(found.name)) {
      return failed(line_, at + 1, found.name, "is not declared above");
    }
    if (!found.how.empty() && found.how != "raw") {
      return failed(line_, at + 1, found.name + "|" + found.how, "is not |raw");
    }
    const std::string& value = values_.at(found.name);
    result_ += found.how.empty() ? shell_quote(value) : value;
    used_.insert(found.name);
    return {};
  }

  const std::string& text_;
  const std::string& file_;
  const TemplateValues& values_;
  std::set<std::string> declared_;
  std::set<std::string> used_;
  std::uint32_t declared_at_ = 0;
  std::uint32_t line_ = 0;
  std::string result_;
};

}  // namespace

Result<std::string> render_template(const std::string& text, const std::string& file,
                                    const TemplateValues& values) {
  return Renderer(text, file, values).run();
}

Result<std::string> load_template(const std::string& name, const Env& env) {
  return read_text_file((env.data_directory / "templates" / name).string(), env);
}

std::string shell_quote(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace trxkit::rootfs
