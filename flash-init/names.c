// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Reads partition names out of the kernel's own texts. Lines of another shape are passed over.

#include "names.h"

static const char* line_end(const char* text) {
  while (*text != '\0' && *text != '\n') {
    ++text;
  }
  return text;
}

static const char* next_line(const char* text) {
  text = line_end(text);
  return *text == '\n' ? text + 1 : text;
}

/// The position behind `prefix` in `text`, or null if `text` does not start with it.
static const char* after_prefix(const char* text, const char* prefix) {
  while (*prefix != '\0') {
    if (*text++ != *prefix++) {
      return 0;
    }
  }
  return text;
}

/// The decimal number at the start of `text`, -1 if there is none or it has over four digits.
static int parse_number(const char* text, const char** end) {
  int number = 0;
  const char* at = text;
  while (*at >= '0' && *at <= '9' && at - text < 5) {
    number = number * 10 + (*at++ - '0');
  }
  *end = at;
  return at == text || at - text > 4 ? -1 : number;
}

/// The number of the MTD partition that `line` describes if it is called `name`, otherwise -1.
static int mtd_line_number(const char* line, const char* name) {
  const char* at = after_prefix(line, "mtd");
  if (at == 0) {
    return -1;
  }
  const int number = parse_number(at, &at);
  if (*at != ':') {
    return -1;
  }
  while (*at != '\0' && *at != '\n' && *at != '"') {
    ++at;
  }
  const char* rest = *at == '"' ? after_prefix(at + 1, name) : 0;
  return rest != 0 && rest[0] == '"' && (rest[1] == '\n' || rest[1] == '\0') ? number : -1;
}

const char* next_mtd_called(const char* text, const char* name, int* number) {
  while (*text != '\0') {
    const int found = mtd_line_number(text, name);
    text = next_line(text);
    if (found >= 0) {
      *number = found;
      return text;
    }
  }
  return 0;
}

/// The value of the line `KEY=value` in `text`, null if there is no such line. `key` ends in '='.
static const char* uevent_value(const char* text, const char* key) {
  for (; *text != '\0'; text = next_line(text)) {
    const char* value = after_prefix(text, key);
    if (value != 0) {
      return value;
    }
  }
  return 0;
}

int uevent_device_called(const char* text, const char* name, char device[kDeviceNameSize]) {
  const char* partition = uevent_value(text, "PARTNAME=");
  const char* source = uevent_value(text, "DEVNAME=");
  if (partition == 0 || source == 0) {
    return 0;
  }
  const char* rest = after_prefix(partition, name);
  const long length = line_end(source) - source;
  if (rest == 0 || rest != line_end(partition) || length == 0 || length >= kDeviceNameSize) {
    return 0;
  }
  for (long i = 0; i < length; ++i) {
    device[i] = source[i];
  }
  device[length] = '\0';
  return 1;
}
