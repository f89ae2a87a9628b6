// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The functions that a compiler may call by itself (GCC manual, "Standards": freestanding).
#include <string.h>

void* memcpy(void* target, const void* source, size_t size) {
  char* to = target;
  const char* from = source;
  while (size-- != 0) *to++ = *from++;
  return target;
}

void* memset(void* target, int value, size_t size) {
  char* to = target;
  while (size-- != 0) *to++ = (char)value;
  return target;
}
