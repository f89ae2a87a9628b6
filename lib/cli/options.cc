// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/cli/options.h"

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>

#include "lib/core/field_text.h"
#include "lib/core/nearest.h"
#include "lib/core/units.h"

namespace trxkit::cli {
namespace {

// Runs `convert` on the last word given to `option`; a bad one becomes CLI11's validation error,
// which parse() turns into ours.
void convert_with(CLI::Option* option, const std::function<Status(const std::string&)>& convert) {
  option->check([convert](const std::string& word) {
    Status status = convert(word);
    return status ? std::string() : status.error().what;
  });
}

std::string joined(const std::vector<std::string>& words, const char* separator) {
  return CLI::detail::join(words, separator);
}

class ParserVerb : public Verb {
 public:
  explicit ParserVerb(CLI::App* app) : app_(app) {
    app_->set_help_flag("-h,--help", "show this help");
    app_->add_flag("--json", common_.json, "print one JSON object on standard output");
    app_->add_flag("--strict", common_.strict, "count warnings as errors");
    choice("--progress", common_.progress, {"auto", "plain", "json", "none"},
           "how progress is shown on standard error");
  }

  Verb& text(const std::string& names, std::string& target, const std::string& help,
             Need need) override {
    app_->add_option(names, target, help)->required(need == required);
    return *this;
  }
  Verb& list(const std::string& names, std::vector<std::string>& target, const std::string& help,
             Need need) override {
    // One word each time: "--add a --add b", never "--add a b", which would swallow arguments.
    CLI::Option* option = app_->add_option(names, target, help)->required(need == required);
    if (names.starts_with('-'))
      option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return *this;
  }
  Verb& flag(const std::string& names, bool& target, const std::string& help) override {
    app_->add_flag(names, target, help);
    return *this;
  }
  Verb& size(const std::string& names, std::optional<std::uint64_t>& target,
             const std::string& help) override {
    CLI::Option* option = app_->add_option(names, help)->expected(1)->type_name("SIZE");
    convert_with(option, [&target](const std::string& word) -> Status {
      target = TRY(parse_size(word));
      return {};
    });
    return *this;
  }
  Verb& number(const std::string& names, std::optional<std::uint64_t>& target,
               const NumberRange& range, const std::string& help) override {
    CLI::Option* option = app_->add_option(names, help)->expected(1)->type_name(range.name);
    convert_with(option, [&target, range](const std::string& word) -> Status {
      target = decimal_number(word, range.largest);
      if (target) return {};
      bool limited = range.largest != NumberRange().largest;
      return fail(Code::usage, "'{}' is no decimal number{}", word,
                  limited ? fmt::format(" from 0 to {}", range.largest) : "");
    });
    return *this;
  }
  Verb& choice(const std::string& names, std::string& target, const std::vector<std::string>& words,
               const std::string& help) override {
    CLI::Option* option = app_->add_option(names, target, help)->type_name(joined(words, "|"));
    convert_with(option, [words](const std::string& word) -> Status {
      if (std::ranges::find(words, word) != words.end()) return {};
      return fail(Code::usage, "'{}' is none of {}", word, joined(words, ", "));
    });
    return *this;
  }
  Verb& ordered(const std::vector<std::pair<std::string, std::string>>& names_and_help,
                std::vector<OrderedOption>& target) override {
    ordered_target_ = &target;
    for (const auto& [name, help] : names_and_help) {
      ordered_options_.push_back(app_->add_option(name, help)
                                     ->expected(1)
                                     ->type_name("VALUE")
                                     ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
    }
    return *this;
  }
  Verb& action(std::function<Result<int>(const Env&, Report&)> run) override {
    action_ = std::move(run);
    return *this;
  }

  CLI::App* app() const { return app_; }

  Invocation invocation() {
    collect_ordered();
    return {app_->get_name(), common_, action_};
  }

 private:
  // CLI11 keeps the options in the order of their uses, and each option its own values.
  void collect_ordered() {
    if (ordered_target_ == nullptr) return;
    std::map<CLI::Option*, std::size_t> used;
    for (CLI::Option* option : app_->parse_order()) {
      if (std::ranges::find(ordered_options_, option) == ordered_options_.end()) continue;
      ordered_target_->push_back({option->get_name(), option->results().at(used[option]++)});
    }
  }

  CLI::App* app_;
  CommonOptions common_;
  std::function<Result<int>(const Env&, Report&)> action_;
  std::vector<OrderedOption>* ordered_target_ = nullptr;
  std::vector<CLI::Option*> ordered_options_;
};

// Every long option and verb that `app` knows, for suggestions.
std::vector<std::string> known_words(const CLI::App* app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  for (const CLI::App* verb : app->get_subcommands({})) words.push_back(verb->get_name());
  return words;
}

std::string hint_for(const std::string& word, const CLI::App* app, const std::string& program) {
  std::string name = word.substr(0, word.find('='));
  std::string meant = nearest(name, known_words(app));
  if (!meant.empty()) return "did you mean " + meant + "?";
  std::string verb = app->get_parent() != nullptr ? app->get_name() + " " : "";
  return "see " + program + " " + verb + "--help";
}

}  // namespace

struct Options::State {
  CLI::App app;
  std::string program;
  std::vector<std::unique_ptr<ParserVerb>> verbs;
  std::unique_ptr<ParserVerb> whole;

  const CLI::App* chosen() const {
    for (const auto& verb : verbs) {
      if (verb->app()->parsed()) return verb->app();
    }
    return &app;
  }
};

Options::Options(const std::string& program, const std::string& summary)
    : state_(std::make_unique<State>()) {
  state_->program = program;
  state_->app.name(program);
  state_->app.description(summary);
  state_->app.set_help_flag("-h,--help", "show this help");
  state_->app.set_version_flag("--version", program + " " + std::string(version()));
  state_->app.get_formatter()->column_width(34);
}

Options::~Options() = default;

Verb& Options::add_verb(const std::string& name, const std::string& summary) {
  CLI::App* app = state_->app.add_subcommand(name, summary);
  state_->app.require_subcommand(0, 1);
  return *state_->verbs.emplace_back(std::make_unique<ParserVerb>(app));
}

Verb& Options::whole_program() {
  state_->whole = std::make_unique<ParserVerb>(&state_->app);
  return *state_->whole;
}

bool Options::has_verb(const std::string& name) const {
  return std::ranges::any_of(state_->verbs,
                             [&](const auto& verb) { return verb->app()->get_name() == name; });
}

Result<std::variant<Invocation, InformationWanted>> Options::parse(
    std::span<const std::string> arguments) {
  CLI::App& app = state_->app;
  bool has_verbs = !state_->verbs.empty();
  // CLI11 takes an unknown first word for a stray argument; it is a misspelt verb.
  if (has_verbs && !arguments.empty() && !arguments[0].starts_with('-') &&
      !has_verb(arguments[0])) {
    return advise(fail(Code::usage, "there is no verb '{}'", arguments[0]),
                  hint_for(arguments[0], &app, state_->program));
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    const CLI::App* chosen = state_->chosen();
    return InformationWanted{chosen->help(chosen == &app ? "" : state_->program)};
  } catch (const CLI::CallForVersion& wanted) {
    return InformationWanted{std::string(wanted.what()) + "\n"};
  } catch (const CLI::ExtrasError&) {
    std::vector<std::string> extra = app.remaining(true);
    std::string word = extra.empty() ? "" : extra.front();
    return advise(fail(Code::usage, "{} '{}' is unknown",
                       word.starts_with('-') ? "the option" : "the argument", word),
                  hint_for(word, state_->chosen(), state_->program));
  } catch (const CLI::ParseError& error) {
    return advise(fail(Code::usage, "{}", error.what()),
                  hint_for("", state_->chosen(), state_->program));
  }
  if (state_->whole) {
    Invocation whole = state_->whole->invocation();
    whole.verb.clear();
    return whole;
  }
  for (const auto& verb : state_->verbs) {
    if (verb->app()->parsed()) return verb->invocation();
  }
  return advise(fail(Code::usage, "a verb is missing"), "see " + state_->program + " --help");
}

}  // namespace trxkit::cli
