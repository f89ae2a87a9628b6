// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/name_options.h"

#include <map>

namespace trxkit {
namespace {

using Places = std::map<std::string, std::string*, std::less<>>;

Status apply(const std::string& option, const std::vector<std::string>& texts,
             const Places& places) {
  for (const std::string& text : texts) {
    std::size_t equals = text.find('=');
    auto place = places.find(text.substr(0, equals));
    if (equals == std::string::npos || place == places.end()) {
      std::string known;
      for (const auto& [part, ignored] : places) known += (known.empty() ? "" : ", ") + part;
      return advise(fail(Code::usage, "{} {}: that names no part of a stick", option, text),
                    fmt::format("write PART=NAME; parts are {}", known));
    }
    *place->second = text.substr(equals + 1);
  }
  return {};
}

}  // namespace

Status apply_names(const NameOptions& given, boot::StickLayout& layout, boot::EntryRequest& entry) {
  TRY(apply("--id", given.ids,
            {{"boot", &layout.medium},
             {"root", &entry.root_names.id},
             {"swap", &layout.swap.id},
             {"data", &layout.data.id},
             {"disk", &layout.disk_id}}));
  TRY(apply("--partuuid", given.partition_ids,
            {{"boot", &layout.boot_partition_id},
             {"root", &entry.root_names.partition_id},
             {"swap", &layout.swap.partition_id},
             {"data", &layout.data.partition_id}}));
  return apply("--label", given.labels,
               {{"boot", &layout.boot_label},
                {"root", &entry.root_names.label},
                {"swap", &layout.swap.label},
                {"data", &layout.data.label}});
}

}  // namespace trxkit
