// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the loader does once it has moved: check the payload, unpack it to where the kernel runs,
// check the result. Whatever is wrong is said on the console and ends in a reset; a kernel that is
// not right to the last byte is never started.
#include "decoder.h"
#include "functions.h"

#define STACK_SIZE 4096

struct Workspace {
  u32 crc[CRC_TABLE_ENTRIES];
  u16 probabilities[PROBABILITIES];
};

__attribute__((noreturn)) static void refuse(const struct Header* header, const char* what,
                                             u32 found, u32 wanted) {
  put_text(header, what);
  put_hex(header, found);
  put_text(header, " instead of ");
  put_hex(header, wanted);
  fail(header);
}

static void check(const struct Header* header, const char* what, u32 found, u32 wanted) {
  if (found != wanted) refuse(header, what, found, wanted);
}

static u32 crc_of_stub(const struct Header* header, const u32* table) {
  const u8* stub = (const u8*)header - LOADER_HEADER_OFFSET;
  u32 crc = crc32(table, 0, stub, LOADER_HEADER_OFFSET);
  return crc32(table, crc, header + 1,
               header->stub_size - LOADER_HEADER_OFFSET - LOADER_HEADER_SIZE);
}

// Memory behind the payload, below the stack.
static struct Workspace* workspace_of(const struct Header* header) {
  u32 start = header->run_address + header->stub_size + header->payload_size;
  start = (start + 15) & ~15u;
  u32 most = header->run_end - sizeof(struct Workspace) - STACK_SIZE;
  if (start > most) refuse(header, "\r\nno room behind the payload: ", start, most);
  return (struct Workspace*)start;
}

static void show_progress(const struct Header* header) {
  put_text(header, ".");
}

u32 loader_main(const struct Header* header) {
  const u8* payload = (const u8*)header->run_address + header->stub_size;
  u8* target = (u8*)header->load_address;
  put_text(header, "moved to ");
  put_hex(header, header->run_address);
  struct Workspace* workspace = workspace_of(header);
  crc_table(workspace->crc);
  check(header, "\r\nthe loader was not copied well: CRC ", crc_of_stub(header, workspace->crc),
        header->stub_crc);
  check(header, "\r\nthe payload is damaged: CRC ",
        crc32(workspace->crc, 0, payload, header->payload_size), header->payload_crc);
  u32 room = header->run_address - header->load_address;
  if (header->memory_size > room || header->memory_size < header->result_size) {
    refuse(header, "\r\nno room for the kernel: ", header->memory_size, room);
  }
  put_text(header, "\r\nunpacking to ");
  put_hex(header, header->load_address);
  put_text(header, " ");
  if (!unpack(payload, header->payload_size, target, header->result_size, workspace->probabilities,
              show_progress, header)) {
    put_text(header, "\r\nthe payload is no LZMA stream of that size");
    fail(header);
  }
  check(header, "\r\nthe unpacked kernel is damaged: CRC ",
        crc32(workspace->crc, 0, target, header->result_size), header->result_crc);
  publish_code(header->load_address, header->result_size);
  put_text(header, "\r\nstarting ");
  put_hex(header, header->entry);
  put_text(header, "\r\n");
  return header->entry;
}
