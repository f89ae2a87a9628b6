// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool boards: which routers are known, what is known of one and how well, and whether a board
// file is sound.
#include <algorithm>
#include <array>
#include <memory>

#include "lib/board/board.h"
#include "lib/cli/program.h"
#include "lib/core/units.h"

#include "trxtool/commands.h"

namespace trxkit {
namespace {

using board::Board;
using board::Confidence;
using board::FactText;

struct BoardsOptions {
  std::string name;
  bool check = false;
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
                       {"flash_size", *board.flash.size},
                       {"magic", *board.trx.magic},
                       {"file", board.file}});
}

std::string counts(const Board& board) {
  std::vector<std::string> words;
  for (Confidence confidence : kConfidences) {
    auto count = std::ranges::count(board.facts, confidence, &FactText::confidence);
    if (count != 0) words.push_back(fmt::format("{} {}", count, name_of(confidence)));
  }
  return fmt::format("{} values: {}", board.facts.size(), fmt::join(words, ", "));
}

void list_boards(const std::vector<Board>& boards, cli::Report& report) {
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
}

// Facts in the order of the file; the source below the value, as it is long.
void show_board(const Board& board, cli::Report& report) {
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
  report.result("board", summary(board));
  report.result("facts", std::move(facts));
}

void confirm(const std::vector<Board>& boards, cli::Report& report) {
  Json list = Json::array();
  for (const Board& board : boards) {
    report.say(fmt::format("{}: sound, {}", board.file, counts(board)));
    list.push(summary(board));
  }
  report.result("boards", std::move(list));
}

Result<int> run_boards(const BoardsOptions& options, const Env& env, cli::Report& report) {
  std::vector<Board> boards;
  if (options.name.empty()) {
    boards = TRY(board::load_all_boards(env));
  } else {
    boards.push_back(TRY(board::load_board(options.name, env)));
  }
  if (options.check) {
    confirm(boards, report);
  } else if (options.name.empty()) {
    list_boards(boards, report);
  } else {
    show_board(boards.front(), report);
  }
  return 0;
}

}  // namespace

void add_boards(cli::Program& program) {
  auto options = std::make_shared<BoardsOptions>();
  program.verb("boards", "list the known routers, or what is known of one and how well")
      .text("name", options->name, "a board's name or alias, or the path of a board file")
      .flag("--check", options->check, "only say whether the board files are sound")
      .action([options](const Env& env, cli::Report& report) {
        return run_boards(*options, env, report);
      });
}

}  // namespace trxkit
