// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The folder of board files: finds a board by name, alias or path. Reads nothing else.
#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "lib/board/board.h"
#include "lib/core/nearest.h"
#include "lib/system/file.h"

namespace trxkit::board {
namespace {

constexpr std::string_view kSuffix = ".toml";
constexpr std::uint64_t kLongestFile = 64 << 10;

std::filesystem::path folder_of(const Env& env) {
  return env.data_directory / "boards";
}

Result<Board> load_file(const std::string& path, const Env& env) {
  return parse_board(TRY(read_text_file(path, env, kLongestFile)), path);
}

// A board of the folder has to bear the name of its file, or nobody would find it.
Result<Board> load_named(const std::string& name, const Env& env) {
  std::string path = folder_of(env) / (name + std::string(kSuffix));
  Board board = TRY(load_file(path, env));
  if (board.name == name) return board;
  auto fact = std::ranges::find(board.facts, "board.name", &FactText::key);
  Where where{.file = path, .offset = {}, .line = fact->line};
  return fail_at(where, Code::bad_input, "the board is called '{}', its file '{}'", board.name,
                 name + std::string(kSuffix));
}

std::unexpected<Error> unknown_board(const std::string& name, const std::vector<Board>& boards) {
  std::vector<std::string> known;
  std::vector<std::string> names;
  for (const Board& board : boards) {
    names.push_back(board.name);
    known.push_back(board.name);
    known.insert(known.end(), board.aliases.begin(), board.aliases.end());
  }
  std::string meant = nearest(name, known);
  std::string hint = meant.empty() ? fmt::format("known boards: {}", fmt::join(names, ", "))
                                   : fmt::format("did you mean '{}'?", meant);
  return advise(fail(Code::usage, "there is no board '{}'", name), std::move(hint));
}

}  // namespace

Result<std::vector<std::string>> board_names(const Env& env) {
  std::vector<std::string> names;
  std::error_code fault;
  std::filesystem::directory_iterator folder(folder_of(env), fault);
  if (fault) {
    return advise(fail_at({.file = folder_of(env), .offset = {}}, Code::io,
                          "cannot read the board files: {}", fault.message()),
                  "TRXKIT_DATA names the folder that holds boards/");
  }
  for (const auto& entry : folder) {
    std::string name = entry.path().filename();
    if (!name.ends_with(kSuffix) || name.starts_with('.')) continue;
    names.push_back(name.substr(0, name.size() - kSuffix.size()));
  }
  std::ranges::sort(names);
  return names;
}

Result<std::vector<Board>> load_all_boards(const Env& env) {
  std::vector<Board> boards;
  std::map<std::string, std::string> owners;
  for (const std::string& name : TRY(board_names(env))) {
    Board board = TRY(load_named(name, env));
    std::vector<std::string> calls = board.aliases;
    calls.push_back(board.name);
    for (const std::string& call : calls) {
      auto [owner, fresh] = owners.emplace(call, board.name);
      if (fresh) continue;
      auto fact = std::ranges::find(board.facts, "board.aliases", &FactText::key);
      Where where{.file = board.file, .offset = {}};
      if (fact != board.facts.end()) where.line = fact->line;
      return fail_at(where, Code::bad_input, "'{}' is a name of the board '{}' already", call,
                     owner->second);
    }
    boards.push_back(std::move(board));
  }
  return boards;
}

Result<Board> load_board(const std::string& name, const Env& env) {
  if (name.contains('/') || name.ends_with(kSuffix)) return load_file(name, env);
  std::vector<std::string> names = TRY(board_names(env));
  if (std::ranges::find(names, name) != names.end()) return load_named(name, env);
  std::vector<Board> boards = TRY(load_all_boards(env));
  for (Board& board : boards) {
    if (board.is_called(name)) return std::move(board);
  }
  return unknown_board(name, boards);
}

}  // namespace trxkit::board
