// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/finding.h"

#include <algorithm>
#include <iterator>

namespace trxkit {

Finding& Findings::add(FindingId id, Where where, std::string message, std::string hint) {
  const FindingCode& entry = id.entry();
  list_.push_back({std::string(entry.code),
                   entry.severity,
                   std::move(where),
                   std::move(message),
                   std::move(hint),
                   {}});
  return list_.back();
}

bool Findings::add(const Error& error, std::initializer_list<FindingId> ids) {
  for (FindingId id : ids) {
    if (error.finding != id.entry().code) continue;
    add(id, error.where, error.what, error.hint);
    return true;
  }
  return false;
}

void Findings::append(Findings other) {
  std::ranges::move(other.list_, std::back_inserter(list_));
}

std::size_t Findings::count(Severity severity) const {
  return static_cast<std::size_t>(std::ranges::count(list_, severity, &Finding::severity));
}

bool Findings::has(std::string_view code) const {
  return std::ranges::find(list_, code, &Finding::code) != list_.end();
}

bool Findings::passed(bool strict) const {
  return count(Severity::error) == 0 && (!strict || count(Severity::warning) == 0);
}

Error as_error(const Findings& findings, Code code) {
  auto worst = std::ranges::find(findings.list(), Severity::error, &Finding::severity);
  if (worst == findings.list().end()) return {code, "refused without a finding"};
  return {code, worst->message, worst->where, worst->hint, worst->code, worst->source_line};
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

}  // namespace trxkit
