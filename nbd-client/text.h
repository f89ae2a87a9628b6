// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The few functions on bytes and text that a program without a C library needs.

#pragma once

#include "../flash-init/system.h"

static inline usize length_of(const char* text) {
  usize length = 0;
  while (text[length] != '\0') {
    ++length;
  }
  return length;
}

/// GCC calls them for copies of its own, too.
void* memcpy(void* to, const void* from, usize size);
void* memset(void* to, int value, usize size);

static inline int has_bytes(const void* bytes, const char* wanted, usize size) {
  for (usize i = 0; i < size; ++i) {
    if (((const char*)bytes)[i] != wanted[i]) {
      return 0;
    }
  }
  return 1;
}

static inline int is_text(const char* text, const char* wanted) {
  return has_bytes(text, wanted, length_of(wanted) + 1);
}

/// Reads decimal digits. Returns the position behind them, or null where there are none or too
/// many.
static inline const char* parse_number(const char* text, unsigned long* value) {
  const char* start = text;
  *value = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    *value = *value * 10 + (unsigned long)(*text - '0');
  }
  return text == start || text - start > 9 ? 0 : text;
}
