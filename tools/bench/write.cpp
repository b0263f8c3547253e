// A workload as files, for engines that are not this command.
//
// The same facts and changes as `reticle bench` gives its own engine, in the same order, so that
// the rivals do the same work.
#include <fstream>

#include "measure.h"
#include "reticle/wire.h"

namespace reticle::bench {
namespace {

class Blocks final : public FactSink {
 public:
  explicit Blocks(std::ofstream& file) : file_(file) { file_ << "["; }

  // A block begins: the one before it is closed.
  void begin(std::string_view type, const std::vector<std::string>& fields) override {
    std::string line = blocks_++ > 0 ? "]},\n{\"type\":" : "\n{\"type\":";
    line += wire::toJson(Value::string(type));
    line += ",\"fields\":[";
    for (const std::string& field : fields) {
      if (line.back() != '[') line += ',';
      line += wire::toJson(Value::string(field));
    }
    file_ << line << "],\"rows\":[";
    rows_ = 0;
  }

  void row(const std::vector<Value>& values) override {
    std::string line = rows_++ > 0 ? ",\n[" : "\n[";
    for (const Value& value : values) {
      if (line.back() != '[') line += ',';
      line += wire::toJson(value);
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

// One line a step: a fact and its new fields, or an event and its data.
std::string changesOf(const Workload& workload, std::size_t size) {
  std::string out = "[";
  for (std::size_t step = 0; step < kChanges; ++step) {
    if (step > 0) out += ",";
    out += "\n";
    if (workload.deed == Deed::Updates) {
      const Change change = changeOf(workload, size, step);
      out += "[" + std::to_string(change.fact) + ",{";
      out += wire::toJson(Value::string(change.field));
      out += ":";
      out += wire::toJson(change.value);
    } else {
      const Happening event = eventOf(workload, size, step);
      out += "[";
      out += wire::toJson(Value::string(event.type));
      out += ",{";
      for (const auto& [name, value] : event.data) {
        if (out.back() != '{') out += ',';
        out += wire::toJson(Value::string(name));
        out += ":";
        out += wire::toJson(value);
      }
    }
    out += "}]";
  }
  return out + "]";
}

}  // namespace

// Everything another engine needs to do the same work.
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
