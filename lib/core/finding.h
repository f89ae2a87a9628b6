// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Judgements. A check reports every finding of one run and goes on; it is no failure of the
// program. Codes come from the table in finding_table.h, checked when the code is compiled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/core/finding_table.h"
#include "lib/core/result.h"

namespace trxkit {

/// A code that stands in kFindingTable; any other literal does not compile.
class FindingId {
 public:
  consteval FindingId(const char* code) : entry_(lookup(code)) {}  // NOLINT: reads as a literal
  constexpr const FindingCode& entry() const { return *entry_; }

 private:
  static consteval const FindingCode* lookup(std::string_view code) {
    for (const FindingCode& entry : kFindingTable) {
      if (entry.code == code) return &entry;
    }
    throw "finding code is not in finding_table.h";
  }
  const FindingCode* entry_;
};

struct Finding {
  std::string code;  ///< "TRX012"
  Severity severity = Severity::error;
  Where where = {};
  std::string message;
  std::string hint = {};
  std::string source_line = {};  ///< text of the line that `where` names, shown with a caret
};

/// All findings of one run, in the order of their discovery.
class Findings {
 public:
  /// Reports `id` with its own severity. Returns the finding, to change or complete it.
  Finding& add(FindingId id, Where where, std::string message, std::string hint = {});
  /// Reports `error` where it names one of `ids`; says whether it does. For checks in which some
  /// failures are what was looked for.
  bool add(const Error& error, std::initializer_list<FindingId> ids);
  /// Takes over the findings of another check.
  void append(Findings other);

  const std::vector<Finding>& list() const { return list_; }
  std::size_t count(Severity severity) const;
  bool has(std::string_view code) const;
  /// No errors; with `strict` no warnings either.
  bool passed(bool strict = false) const;

 private:
  std::vector<Finding> list_;
};

/// The first finding of severity error, as a failure of `code`: for writers that refuse to write
/// what was judged bad.
Error as_error(const Findings& findings, Code code);

std::string_view name_of(Severity severity);

}  // namespace trxkit
