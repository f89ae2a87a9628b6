// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The folder of board files: finds a board by name, alias or path, and what boards have to keep
// beside each other. Reads nothing else.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "lib/board/review.h"
#include "lib/core/nearest.h"
#include "lib/system/file.h"

namespace trxkit::board {
namespace {

constexpr std::string_view kSuffix = ".toml";
constexpr std::uint32_t kUsualMagic = 0x30524448;  // "HDR0"

bool is_path(std::string_view name) {
  return name.contains('/') || name.ends_with(kSuffix);
}

std::filesystem::path folder_of(const Env& env) {
  return env.data_directory / "boards";
}

std::filesystem::path file_of(const std::string& name, const Env& env) {
  return folder_of(env) / (name + std::string(kSuffix));
}

Result<BoardReview> review_file(const std::string& path, const Env& env) {
  return review_text(TRY(read_text_file(path, env)), path);
}

bool lies_in_folder(const std::filesystem::path& path, const Env& env) {
  std::error_code fault;
  return std::filesystem::equivalent(path.parent_path(), folder_of(env), fault);
}

Where place_of(std::string_view key, const Board& board) {
  auto fact = std::ranges::find(board.facts, key, &FactText::key);
  if (fact == board.facts.end()) return {.file = board.file, .offset = {}};
  return {.file = board.file, .offset = {}, .line = fact->line, .column = fact->column};
}

// A board of the folder has to bear the name of its file, or nobody would find it.
Findings judge_file_name(const Board& board) {
  Findings findings;
  std::string file = std::filesystem::path(board.file).filename();
  if (file != board.name + std::string(kSuffix)) {
    findings.add("BRD016", place_of("board.name", board),
                 fmt::format("the board is called '{}', its file '{}'", board.name, file));
  }
  return findings;
}

// Names are for one board alone. A magic may be shared, as HDR0 is by most; but then it does not
// tell which board an image is for.
Findings judge_beside(const Board& board, const Board& other) {
  Findings findings;
  auto claim = [&](const std::string& name, std::string_view key) {
    if (!other.is_called(name)) return;
    findings.add("BRD009", place_of(key, board),
                 fmt::format("'{}' is a name of the board '{}' already", name, other.name));
  };
  claim(board.name, "board.name");
  for (const std::string& alias : board.aliases) claim(alias, "board.aliases");
  std::uint32_t magic = *board.trx.magic;
  if (magic != kUsualMagic && magic == *other.trx.magic) {
    findings.add("BRD015", place_of("trx.magic", board),
                 fmt::format("images of '{}' bear the magic {:#010x} as well: nothing but --board "
                             "tells them apart",
                             other.name, magic));
  }
  return findings;
}

Result<Board> load_file(const std::string& path, const Env& env) {
  return parse_board(TRY(read_text_file(path, env)), path);
}

Result<Board> load_named(const std::string& name, const Env& env) {
  Board board = TRY(load_file(file_of(name, env), env));
  Findings findings = judge_file_name(board);
  if (!findings.passed()) return std::unexpected(as_error(findings, Code::bad_input));
  return board;
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
  for (const std::string& name : TRY(board_names(env))) {
    Board board = TRY(load_named(name, env));
    for (const Board& other : boards) {
      Findings findings = judge_beside(board, other);
      if (!findings.passed()) return std::unexpected(as_error(findings, Code::bad_input));
    }
    boards.push_back(std::move(board));
  }
  return boards;
}

Result<Board> load_board(const std::string& name, const Env& env) {
  return is_path(name) ? load_file(name, env) : load_known_board(name, env);
}

Result<Board> load_known_board(const std::string& name, const Env& env) {
  std::vector<std::string> names = TRY(board_names(env));
  if (std::ranges::find(names, name) != names.end()) return load_named(name, env);
  std::vector<Board> boards = TRY(load_all_boards(env));
  for (Board& board : boards) {
    if (board.is_called(name)) return std::move(board);
  }
  return unknown_board(name, boards);
}

Result<std::vector<BoardReview>> review_all_boards(const Env& env) {
  std::vector<BoardReview> reviews;
  for (const std::string& name : TRY(board_names(env))) {
    reviews.push_back(TRY(review_file(file_of(name, env), env)));
  }
  for (BoardReview& review : reviews) {
    if (!review.board) continue;
    review.findings.append(judge_file_name(*review.board));
    for (const BoardReview& other : reviews) {
      if (&other == &review || !other.board) continue;
      review.findings.append(judge_beside(*review.board, *other.board));
    }
  }
  return reviews;
}

Result<BoardReview> review_board(const std::string& name, const Env& env) {
  std::string path = is_path(name) ? name : TRY(load_board(name, env)).file;
  BoardReview review = TRY(review_file(path, env));
  if (!review.board) return review;
  if (lies_in_folder(path, env)) review.findings.append(judge_file_name(*review.board));
  for (const std::string& known : TRY(board_names(env))) {
    // A copy of a shipped file, changed for a router at hand, keeps its names.
    if (known == review.board->name) continue;
    BoardReview other = TRY(review_file(file_of(known, env), env));
    if (other.board) review.findings.append(judge_beside(*review.board, *other.board));
  }
  return review;
}

}  // namespace trxkit::board
