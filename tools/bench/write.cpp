// A workload as files, for engines that are not this command.
#include <fstream>

#include "base/json_writer.h"
#include "measure.h"

namespace reticle::bench {
namespace {

class Blocks final : public FactSink {
 public:
  explicit Blocks(std::ofstream& file) : file_(file) { file_ << "["; }

  void begin(std::string_view type, const std::vector<std::string>& fields) override {
    std::string line = blocks_++ > 0 ? "]},\n{\"type\":" : "\n{\"type\":";
    writeJsonString(line, type);
    line += ",\"fields\":[";
    for (const std::string& field : fields) {
      if (line.back() != '[') line += ',';
      writeJsonString(line, field);
    }
    file_ << line << "],\"rows\":[";
    rows_ = 0;
  }

  void row(const std::vector<Value>& values) override {
    std::string line = rows_++ > 0 ? ",\n[" : "\n[";
    for (const Value& value : values) {
      if (line.back() != '[') line += ',';
      writeJson(line, value);
    }
    file_ << line << "]";
  }

  void end() { file_ << (blocks_ > 0 ? "]}]\n" : "]\n"); }

 private:
  std::ofstream& file_;
  std::size_t blocks_ = 0, rows_ = 0;
};

bool writeText(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  return file.good();
}

std::string changesOf(const Workload& workload, std::size_t size) {
  std::string out = "[";
  for (std::size_t step = 0; step < kChanges; ++step) {
    if (step > 0) out += ",";
    out += "\n";
    if (workload.deed == Deed::Updates) {
      const Change change = changeOf(workload, size, step);
      out += "[" + std::to_string(change.fact) + ",{";
      writeJsonString(out, change.field);
      out += ":";
      writeJson(out, change.value);
    } else {
      const Happening event = eventOf(workload, size, step);
      out += "[";
      writeJsonString(out, event.type);
      out += ",{";
      for (const auto& [name, value] : event.data) {
        if (out.back() != '{') out += ',';
        writeJsonString(out, name);
        out += ":";
        writeJson(out, value);
      }
    }
    out += "}]";
  }
  return out + "]";
}

}  // namespace

bool writeWorkload(const Workload& workload, std::size_t size, const std::string& folder) {
  const bool changes = workload.deed == Deed::Updates || workload.deed == Deed::Events;
  std::string run = "{\"name\":\"" + workload.name + "\",\"size\":" + std::to_string(size) +
                    ",\"deed\":\"" + name(workload.deed) + "\"";
  if (changes) run += ",\"changes\":" + changesOf(workload, size);
  std::ofstream file(folder + "/facts.json", std::ios::binary);
  Blocks blocks(file);
  workload.facts(size, blocks);
  blocks.end();
  file.flush();
  return file.good() && writeText(folder + "/rules.rules", workload.rules(size)) &&
         writeText(folder + "/run.json", run + "}\n");
}

}  // namespace reticle::bench
