// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool boards: which routers are known, what is known of one and how well, and whether board
// files are sound.
#include <algorithm>
#include <array>
#include <memory>

#include "lib/board/review.h"
#include "lib/cli/program.h"
#include "lib/core/units.h"

#include "trxtool/commands.h"

namespace trxkit {
namespace {

using board::Board;
using board::BoardReview;
using board::Confidence;
using board::FactText;

struct BoardsOptions {
  std::string action = "list";
  std::vector<std::string> names;
};

constexpr std::array<Confidence, 4> kConfidences{Confidence::log, Confidence::source,
                                                 Confidence::inferred, Confidence::guess};

Json summary(const Board& board) {
  Json aliases = Json::array();
  for (const std::string& alias : board.aliases) aliases.push(alias);
  return Json::object({{"name", board.name},
                       {"model", board.model},
                       {"aliases", std::move(aliases)},
                       {"soc", board.soc},
                       {"ram_size", *board.ram_size},
                       {"flash_type", name_of(board.flash.type)},
                       {"flash_size", *board.flash.size},
                       {"magic", *board.trx.magic},
                       {"container", name_of(board.trx.container)},
                       {"file", board.file}});
}

Json count_values(const Board& board) {
  Json counts = Json::object();
  for (Confidence confidence : kConfidences) {
    auto count = std::ranges::count(board.facts, confidence, &FactText::confidence);
    counts.set(std::string(name_of(confidence)), static_cast<std::uint64_t>(count));
  }
  return counts;
}

std::string counts(const Board& board) {
  std::vector<std::string> words;
  for (Confidence confidence : kConfidences) {
    auto count = std::ranges::count(board.facts, confidence, &FactText::confidence);
    if (count != 0) words.push_back(fmt::format("{} {}", count, name_of(confidence)));
  }
  return fmt::format("{} values: {}", board.facts.size(), fmt::join(words, ", "));
}

int list_boards(const std::vector<Board>& boards, cli::Report& report) {
  std::size_t width = 0;
  for (const Board& board : boards) width = std::max(width, board.name.size());
  Json list = Json::array();
  for (const Board& board : boards) {
    report.say(fmt::format("{:<{}}  {}, {}, {} RAM, {} flash", board.name, width, board.model,
                           board.soc, human_size(*board.ram_size), human_size(*board.flash.size)));
    if (!board.aliases.empty()) {
      report.say(fmt::format("{:<{}}  also: {}", "", width, fmt::join(board.aliases, ", ")));
    }
    list.push(summary(board));
  }
  report.result("boards", std::move(list));
  return 0;
}

// Facts in the order of the file; the source below the value, as it is long.
Json show_board(const Board& board, cli::Report& report) {
  report.say(fmt::format("{}: {}", board.name, board.model));
  report.say(fmt::format("{}, {}", board.file, counts(board)));
  std::size_t key_width = 0;
  for (const FactText& fact : board.facts) key_width = std::max(key_width, fact.key.size());
  Json facts = Json::array();
  for (const FactText& fact : board.facts) {
    report.say(fmt::format("  {:<{}}  {:<8}  {}", fact.key, key_width, name_of(fact.confidence),
                           fact.text));
    if (!fact.source.empty()) {
      report.say(fmt::format("  {:<{}}  {:<8}    {}", "", key_width, "", fact.source));
    }
    facts.push(Json::object({{"key", fact.key},
                             {"value", fact.value},
                             {"text", fact.text},
                             {"confidence", name_of(fact.confidence)},
                             {"source", fact.source},
                             {"line", fact.line}}));
  }
  return std::move(summary(board).set("facts", std::move(facts)));
}

int show_boards(const std::vector<Board>& boards, cli::Report& report) {
  Json list = Json::array();
  for (const Board& board : boards) {
    if (&board != &boards.front()) report.say("");
    list.push(show_board(board, report));
  }
  report.result("boards", std::move(list));
  return 0;
}

int check_boards(const std::vector<BoardReview>& reviews, cli::Report& report) {
  int status = 0;
  Json list = Json::array();
  for (const BoardReview& review : reviews) {
    status = std::max(status, report.findings(review.findings));
    Json result = Json::object({{"file", review.file}, {"sound", review.board.has_value()}});
    if (review.board) {
      report.say(fmt::format("{}: sound, {}", review.file, counts(*review.board)));
      result.set("name", review.board->name).set("values", count_values(*review.board));
    } else {
      report.say(fmt::format("{}: {} fault{}", review.file, review.findings.count(Severity::error),
                             plural(review.findings.count(Severity::error))));
    }
    list.push(std::move(result));
  }
  report.result("boards", std::move(list));
  return status;
}

Result<std::vector<Board>> load(const std::vector<std::string>& names, const Env& env) {
  if (names.empty()) return board::load_all_boards(env);
  std::vector<Board> boards;
  for (const std::string& name : names) boards.push_back(TRY(board::load_board(name, env)));
  return boards;
}

Result<std::vector<BoardReview>> review(const std::vector<std::string>& names, const Env& env) {
  if (names.empty()) return board::review_all_boards(env);
  std::vector<BoardReview> reviews;
  for (const std::string& name : names) reviews.push_back(TRY(board::review_board(name, env)));
  return reviews;
}

Result<int> run_boards(const BoardsOptions& options, const Env& env, cli::Report& report) {
  if (options.action == "check") return check_boards(TRY(review(options.names, env)), report);
  if (options.action == "show" && options.names.empty()) {
    return advise(fail(Code::usage, "which board?"), "trxtool boards lists them");
  }
  std::vector<Board> boards = TRY(load(options.names, env));
  return options.action == "show" ? show_boards(boards, report) : list_boards(boards, report);
}

}  // namespace

void add_boards(cli::Program& program) {
  auto options = std::make_shared<BoardsOptions>();
  program.verb("boards", "list the known routers, show what is known of one, check board files")
      .choice("action", options->action, {"list", "show", "check"},
              "show: every value with its confidence and source; check: whether files are sound")
      .list("boards", options->names,
            "names or aliases of boards, or paths of board files; none: all that are known")
      .action([options](const Env& env, cli::Report& report) {
        return run_boards(*options, env, report);
      });
}

}  // namespace trxkit
