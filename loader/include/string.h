/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The trxkit authors */
/* All that the decoder wants of the C library; memory.c has it. */
#pragma once

#include <stddef.h>

void* memcpy(void* target, const void* source, size_t size);
void* memset(void* target, int value, size_t size);
