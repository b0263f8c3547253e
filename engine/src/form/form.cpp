// The forms of a module from outside: which one a source is in, reading it, converting it.
#include "reticle/form.h"

#include "form/form_reader.h"
#include "form/form_schema.h"
#include "form/form_writer.h"
#include "form/printer.h"
#include "form/read_module.h"
#include "syntax/parser.h"

namespace reticle {

Form formOf(const Source& source) {
  switch (documentFormOf(source.name)) {
    case DocumentForm::Json: return Form::Json;
    case DocumentForm::Yaml: return Form::Yaml;
    case DocumentForm::None: break;
  }
  return Form::Text;
}

bool Converted::ok() const { return !hasErrors(diagnostics); }

tree::Module readForm(const DocumentNode& document, std::uint32_t file,
                      std::vector<Diagnostic>& diagnostics, bool sound) {
  const std::size_t before = diagnostics.size();
  form::FormReader reader(file, sound, diagnostics);
  std::optional<tree::Module> module = reader.read<tree::Module>(document, "the module");
  // After so many mistakes nobody reads on.
  constexpr std::size_t kMaxShown = 100;
  if (diagnostics.size() - before > kMaxShown) diagnostics.resize(before + kMaxShown);
  // Callers always get a module: without declarations it is as if the file were empty, and the
  // diagnostics say why.
  if (!module) module.emplace();
  module->file = file;
  return std::move(*module);
}

tree::Module readModule(const Source& source, std::uint32_t file,
                        std::vector<Diagnostic>& diagnostics) {
  if (documentFormOf(source.name) == DocumentForm::None) {
    return parseModule(source, file, diagnostics);
  }
  const std::size_t before = diagnostics.size();
  const DocumentNode document = readDocument(source, file, diagnostics);
  return readForm(document, file, diagnostics, diagnostics.size() == before);
}

Converted convert(const Source& source, Form to) {
  Converted out;
  const Form from = formOf(source);
  std::optional<DocumentNode> document;
  tree::Module module;
  if (from == Form::Text) {
    module = parseModule(source, 0, out.diagnostics);
  } else {
    document = readDocument(source, 0, out.diagnostics);
    module = readForm(*document, 0, out.diagnostics, out.diagnostics.empty());
  }
  // Only a tree without mistakes can be written: a poisoned expression has no source.
  if (!out.ok()) {
    limit(out.diagnostics);
    return out;
  }
  const Written written(source, document ? &*document : nullptr);
  if (to == Form::Text) {
    // One layout, wherever the tree comes from.
    const Converted text =
        format({"", from == Form::Text ? source.text : printText(module, written)});
    out.text = text.text;
    out.diagnostics = text.diagnostics;
    return out;
  }
  form::FormWriter writer(written, out.diagnostics);
  const DocumentNode node = writer.node(module);
  // The writer may have found what JSON cannot hold.
  if (out.ok()) out.text = printJson(node);
  return out;
}

std::string moduleSchema() { return printJson(form::FormSchema().schema()); }

}  // namespace reticle
