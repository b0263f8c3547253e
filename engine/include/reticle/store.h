// Where a journal is kept, and what was read back from it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "reticle/result.h"

namespace reticle {

// Bytes that are only ever appended to. Used by one engine at a time, which owns it (Engine::open).
class Store {
 public:
  virtual ~Store() = default;
  // Everything kept so far.
  virtual Result<std::string> read() = 0;
  // Durable when it returns. After an error the store takes nothing more.
  virtual Status append(std::string_view bytes) = 0;
  // Cuts a torn tail: keeps the first `length` bytes.
  virtual Status truncate(std::uint64_t length) = 0;
};

// Keeps the journal in memory, beginning with `initial`: for tests.
std::unique_ptr<Store> memoryStore(std::string initial = {});

// An append-only file, flushed with fdatasync before append returns; one writer at a time (an
// exclusive lock). Native builds only.
// Errors: Busy (another engine writes it), Closed (it cannot be opened), Full (later, in append).
Result<std::unique_ptr<Store>> fileStore(const std::string& path);

// What was read back when a session was opened from a journal.
struct Recovery {
  std::uint64_t entries = 0;    // applied
  std::uint64_t bytes = 0;      // that hold them
  std::uint64_t truncated = 0;  // torn bytes at the end, which were cut or must be
  std::string digest;           // of the state it led to
  std::uint32_t runs = 0;       // live ones
};

}  // namespace reticle
