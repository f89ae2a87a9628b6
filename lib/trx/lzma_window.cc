// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/lzma_window.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace trxkit::trx {
namespace {

// Everything else that a decoder allocates is far smaller.
constexpr std::size_t kSmallestWindow = 1 << 20;
constexpr std::uint64_t kMostResident = 2 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// A shared mapping of a file without a name. Its blocks are reserved first: a full disk has to be
// an error here, not a signal at the first access.
void* map_scratch_file(std::size_t size) {
  std::unique_ptr<std::FILE, CloseFile> file(std::tmpfile());
  if (!file || posix_fallocate(fileno(file.get()), 0, static_cast<off_t>(size)) != 0) {
    return nullptr;
  }
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file.get()), 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

}  // namespace

SpilledWindow::SpilledWindow()
    : allocator_{.alloc =
                     [](void* self, std::size_t count, std::size_t size) {
                       return static_cast<SpilledWindow*>(self)->allocate(count * size);
                     },
                 .free = [](void* self,
                            void* memory) { static_cast<SpilledWindow*>(self)->release(memory); },
                 .opaque = this},
      statistics_(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {}

SpilledWindow::~SpilledWindow() {
  if (window_ != nullptr) munmap(window_, window_size_);
}

void* SpilledWindow::allocate(std::size_t size) {
  if (size < kSmallestWindow || window_ != nullptr) return std::malloc(size);
  window_ = map_scratch_file(size);
  window_size_ = size;
  resident_before_ = resident();
  return window_;
}

void SpilledWindow::release(void* memory) {
  if (memory != window_) std::free(memory);
}

// Bytes of this process in memory; without /proc as much as there can be.
std::uint64_t SpilledWindow::resident() const {
  std::array<char, 64> text{};
  ssize_t got = pread(statistics_.get(), text.data(), text.size(), 0);
  std::string_view words(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  std::uint64_t pages = 0;
  std::size_t second = words.find(' ');
  if (second == std::string_view::npos) return std::numeric_limits<std::uint64_t>::max();
  std::from_chars(words.data() + second + 1, words.data() + words.size(), pages);
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void SpilledWindow::trim() const {
  if (window_ == nullptr || resident() < resident_before_ + kMostResident) return;
  // Of a shared file mapping only the mapping's pages go; their contents stay in the file.
  madvise(window_, window_size_, MADV_DONTNEED);
}

}  // namespace trxkit::trx
