// Time zones from the files of the operating system.
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "base/time_zone.h"
#include "reticle/zones.h"

namespace reticle {
namespace {

// Letters, digits and the signs that names of zones have, and no part that leads out of the folder.
bool isName(std::string_view zone) {
  if (zone.empty() || zone.size() > 80 || zone.front() == '/' ||
      zone.find("..") != std::string_view::npos) {
    return false;
  }
  for (const char c : zone) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  return true;
}

// The zones read so far, also those that are none.
class ZoneFiles {
 public:
  explicit ZoneFiles(std::string folder) : folder_(std::move(folder)) {}

  std::optional<std::int32_t> offset(std::string_view zone, std::int64_t seconds) {
    if (!isName(zone)) return std::nullopt;
    auto found = zones_.find(zone);
    if (found == zones_.end()) {
      // Names may come from data: what is kept is bounded.
      if (zones_.size() >= kMostKept) zones_.clear();
      found = zones_.emplace(std::string(zone), read(zone)).first;
    }
    if (!found->second) return std::nullopt;
    return found->second->offsetAt(seconds);
  }

 private:
  static constexpr std::size_t kMostKept = 1000;

  std::optional<TimeZone> read(std::string_view zone) const {
    std::ifstream file(folder_ + "/" + std::string(zone), std::ios::binary);
    if (!file) return std::nullopt;
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return readTimeZone(bytes);
  }

  std::string folder_;
  std::map<std::string, std::optional<TimeZone>, std::less<>> zones_;
};

}  // namespace

// The function owns what has been read.
ZoneOffsets systemZones(std::string folder) {
  auto files = std::make_shared<ZoneFiles>(std::move(folder));
  return
      [files](std::string_view zone, std::int64_t seconds) { return files->offset(zone, seconds); };
}

}  // namespace reticle
