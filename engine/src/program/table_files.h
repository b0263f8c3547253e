// Decision tables whose rows stand in a file of their own: `table … from "rates.csv"`.
#pragma once

#include <string>
#include <vector>

#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

// What stands in front of the names of files beside a source; empty, or with a stroke at its end.
std::string folderOf(const std::string& path);

// Whether a source holds rows of tables, and no module.
bool isTableFile(const Source& source);

// Gives the tables of the modules the rows that are in their files. A file is looked for among the
// sources: beside the module, by the name that the table says. Reports what is not there (RL2023),
// columns that are missing or too many (RL2024) and cells that cannot be read.
void fillTables(std::vector<tree::Module>& modules, const std::vector<Source>& sources,
                std::vector<Diagnostic>& diagnostics);

}  // namespace reticle
