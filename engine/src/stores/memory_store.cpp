// A journal in memory: for tests, and for engines whose host keeps the bytes itself.
#include "reticle/store.h"

namespace reticle {
namespace {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(std::string initial) : bytes_(std::move(initial)) {}
  Result<std::string> read() override { return bytes_; }
  Status append(std::string_view bytes) override {
    bytes_ += bytes;
    return Done{};
  }
  Status truncate(std::uint64_t length) override {
    if (length < bytes_.size()) bytes_.resize(static_cast<std::size_t>(length));
    return Done{};
  }

 private:
  std::string bytes_;
};

}  // namespace

std::unique_ptr<Store> memoryStore(std::string initial) {
  return std::make_unique<MemoryStore>(std::move(initial));
}

}  // namespace reticle
