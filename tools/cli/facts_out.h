// Facts on their way into files, in the forms in which they are read (facts.h).
#pragma once

#include <optional>
#include <string>

#include "reticle/csv.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::cli {

// Where facts go, and how. The end of the path is the form: .json, .jsonl, .yaml, .csv, .tsv.
struct OutFile {
  std::string path;
  std::string type;  // only facts of it; empty: all facts
  CsvOptions table;  // of tables: `delimiter`, `decimal`, and the first of `nulls` for null
};

// Why a path cannot be written to by its end; nothing when it can.
std::optional<std::string> wrongForm(const std::string& path);

// Writes the facts, also derived ones, in order of their ids; events and what the engine itself
// brings stay out. False when they cannot be written (several types and a table, a file that
// cannot be opened), which is said on the error stream.
bool writeFacts(const Engine& engine, const Schema& schema, const OutFile& file);

}  // namespace reticle::cli
