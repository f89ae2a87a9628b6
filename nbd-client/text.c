// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "text.h"

void* memcpy(void* to, const void* from, usize size) {
  for (usize i = 0; i < size; ++i) {
    ((unsigned char*)to)[i] = ((const unsigned char*)from)[i];
  }
  return to;
}

void* memset(void* to, int value, usize size) {
  for (usize i = 0; i < size; ++i) {
    ((unsigned char*)to)[i] = (unsigned char)value;
  }
  return to;
}
