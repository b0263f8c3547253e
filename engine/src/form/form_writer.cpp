// Writes a tree as a document by its description, with expressions as they were written.
#include "form/form_writer.h"

#include <algorithm>

#include "base/number.h"

namespace reticle::form {
namespace {

constexpr std::int64_t kExact = std::int64_t{1} << 53;  // what every reader of JSON holds

}  // namespace

void FormWriter::put(DocumentNode& object, const tree::Name& name, DocumentNode value) {
  if (object.find(name.text) == nullptr) {
    object.add(name.text, std::move(value));
    return;
  }
  // The text form allows what JSON cannot hold; the first value stays, and the conversion fails
  // with this error.
  Diagnostic d;
  d.code = "RL8004";
  d.message = "`" + name.text + "` stands twice";
  d.span = name.span;
  d.notes.push_back("a member of JSON has one value");
  diagnostics_.push_back(std::move(d));
}

// The counterpart of FormReader::valueOf: whatever this writes, that reads as the same expression.
// A text must be `lit`, because a bare text is CEL source.
DocumentNode FormWriter::valueOf(const Expr& expr) {
  if (expr.kind != ExprKind::Literal) return sourceOf(expr);
  const Value& value = expr.value;
  switch (value.kind()) {
    case ValueKind::Null: return DocumentNode::of(DocumentNode::Kind::Null);
    case ValueKind::Bool: return DocumentNode::yes(value.asBool());
    case ValueKind::String:
      return DocumentNode::object().add("lit", DocumentNode::string(value.asString()));
    case ValueKind::Int:
    case ValueKind::Double: {
      // As written, so that 1.50 stays 1.50. What JSON has no notation for, as 0xFF, or would
      // round, becomes CEL source.
      std::string text = written_.of(expr);
      const bool exact = value.kind() == ValueKind::Double ||
                         (value.asInt() >= -kExact && value.asInt() <= kExact);
      return exact && isJsonNumber(text) ? DocumentNode::number(std::move(text))
                                         : DocumentNode::string(std::move(text));
    }
    case ValueKind::Bytes:
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Timestamp:
    case ValueKind::Duration:
    case ValueKind::Type:
    case ValueKind::Fact:
    case ValueKind::Error:
    case ValueKind::Optional:
    case ValueKind::Uint: break;  // JSON has no notation for these
  }
  return sourceOf(expr);
}

void FormWriter::names(std::string_view member, std::vector<tree::Name>& names, Naming, Need need) {
  if (names.empty() && need != kRequired) return;
  DocumentNode list = DocumentNode::list();
  for (const tree::Name& name : names) list.add(DocumentNode::string(name.text));
  put(member, std::move(list));
}

void FormWriter::path(std::string_view member, std::vector<tree::Name>& path) {
  std::string text;
  for (const tree::Name& name : path) (text += text.empty() ? "" : ".") += name.text;
  put(member, DocumentNode::string(std::move(text)));
}

void FormWriter::texts(std::string_view member, std::vector<std::string>& texts) {
  if (texts.empty()) return;
  DocumentNode list = DocumentNode::list();
  for (const std::string& text : texts) list.add(DocumentNode::string(text));
  put(member, std::move(list));
}

// Zero is the value of a jitter that was not given.
void FormWriter::number(std::string_view member, double& value) {
  if (value <= 0) return;
  std::string text;
  appendDouble(text, value);
  put(member, DocumentNode::number(std::move(text)));
}

void FormWriter::values(std::string_view member, std::vector<Expr>& exprs) {
  DocumentNode list = DocumentNode::list();
  for (const Expr& expr : exprs) list.add(valueOf(expr));
  put(member, std::move(list));
}

void FormWriter::conditions(std::string_view member, std::vector<Expr>& exprs, const std::string&) {
  if (exprs.empty()) return;
  DocumentNode list = DocumentNode::list();
  for (const Expr& expr : exprs) list.add(sourceOf(expr));
  put(member, std::move(list));
}

// One check alone is written without a list, as authors do.
void FormWriter::checks(std::string_view member, std::vector<Expr>& exprs) {
  if (exprs.size() == 1) {
    put(member, sourceOf(exprs[0]));
  } else {
    conditions(member, exprs, "");
  }
}

// A field that stands twice is left to the source: an object could not hold both.
void FormWriter::made(std::string_view member, std::optional<Expr>& expr) {
  if (!expr) return;
  std::vector<std::string> names = expr->names;
  std::sort(names.begin(), names.end());
  const bool twice = std::adjacent_find(names.begin(), names.end()) != names.end();
  if (expr->kind != ExprKind::Record || twice) return put(member, sourceOf(*expr));
  DocumentNode fields = DocumentNode::object();
  DocumentNode record = DocumentNode::object().add("type", DocumentNode::string(expr->text));
  for (std::size_t i = 0; i < expr->args.size(); ++i) {
    if (expr->names[i] == kCopied) {
      record.add("copy", sourceOf(expr->args[i]));
    } else {
      fields.add(expr->names[i], valueOf(expr->args[i]));
    }
  }
  put(member, std::move(record.add("fields", std::move(fields))));
}

void FormWriter::arguments(std::string_view member, std::vector<tree::Argument>& arguments) {
  DocumentNode object = DocumentNode::object();
  for (const tree::Argument& argument : arguments) {
    put(object, argument.name, valueOf(argument.value));
  }
  put(member, std::move(object));
}

void FormWriter::cells(std::string_view member, std::vector<std::vector<tree::Cell>>& cells) {
  DocumentNode list = DocumentNode::list();
  for (const std::vector<tree::Cell>& cell : cells) {
    list.add(DocumentNode::string(written_.of(cell)));
  }
  put(member, std::move(list));
}

// Parts

void FormWriter::params(std::string_view member, std::vector<tree::Field>& params, Need) {
  DocumentNode list = DocumentNode::list();
  for (tree::Field& param : params) list.add(made([&] { describe(*this, param, Parameter{}); }));
  put(member, std::move(list));
}

void FormWriter::typeOrParams(std::string_view member, std::optional<tree::TypeUse>& type,
                              std::vector<tree::Field>& params) {
  if (type) {
    put(member, DocumentNode::string(typeText(*type)));
  } else {
    this->params(member, params, kRequired);
  }
}

// One member for each kind, in the order of kSuffixes; suffixes of one kind keep their order.
void FormWriter::suffixes(std::vector<tree::Suffix>& suffixes) {
  for (const SuffixMember& m : kSuffixes) {
    std::vector<DocumentNode> nodes;
    for (tree::Suffix& suffix : suffixes) {
      if (!belongs(suffix, m)) continue;
      if (suffix.kind == tree::Suffix::Kind::Held) {
        nodes.push_back(DocumentNode::string(suffix.duration ? written_.of(*suffix.duration) : ""));
      } else {
        nodes.push_back(made([&] { describe(*this, suffix, suffix.kind); }));
      }
    }
    if (nodes.empty()) continue;
    if (nodes.size() == 1) {
      put(m.member, std::move(nodes[0]));
      continue;
    }
    DocumentNode list = DocumentNode::list();
    for (DocumentNode& node : nodes) list.add(std::move(node));
    put(m.member, std::move(list));
  }
}

void FormWriter::window(tree::Suffix& suffix) {
  if (suffix.kind == tree::Suffix::Kind::OverLast) {
    duration("last", suffix.duration);
  } else {
    integer("lastCount", suffix.count);
    source("by", suffix.by);
  }
}

// A pattern is one object, conditions are a list: the reader tells them apart by that.
void FormWriter::group(std::string_view member, std::optional<tree::Pattern>& pattern,
                       std::vector<std::vector<tree::Condition>>& groups) {
  if (pattern) {
    put(member, node(*pattern));
  } else if (!groups.empty()) {
    put(member, listOf(groups[0]));
  }
}

void FormWriter::satisfies(std::string_view member, tree::Condition& condition) {
  if (condition.expr) {
    put(member, sourceOf(*condition.expr));
  } else if (!condition.groups.empty()) {
    put(member, listOf(condition.groups[0]));
  }
}

void FormWriter::branches(std::string_view member,
                          std::vector<std::vector<tree::Condition>>& branches) {
  DocumentNode list = DocumentNode::list();
  for (std::vector<tree::Condition>& branch : branches) list.add(listOf(branch));
  put(member, std::move(list));
}

// Through `put` with a name: two keys of one name are reported instead of one being lost.
void FormWriter::groupBy(std::string_view member, std::vector<tree::GroupKey>& keys) {
  if (keys.empty()) return;
  DocumentNode object = DocumentNode::object();
  for (const tree::GroupKey& key : keys) put(object, key.name, sourceOf(key.value));
  put(member, std::move(object));
}

void FormWriter::into(std::string_view member, std::vector<tree::AccumulateFunction>& functions) {
  DocumentNode object = DocumentNode::object();
  const auto arguments = [&](const tree::AccumulateFunction& f) {
    if (!f.second) return sourceOf(*f.argument);
    DocumentNode both = DocumentNode::list();
    both.add(sourceOf(*f.argument)).add(sourceOf(*f.second));
    return both;
  };
  for (const tree::AccumulateFunction& f : functions) {
    put(object, f.result,
        // "count" without an argument is a word, other functions are an object with one member.
        f.argument ? DocumentNode::object().add(f.function.text, arguments(f))
                   : DocumentNode::string(f.function.text));
  }
  put(member, std::move(object));
}

void FormWriter::fieldsOrWith(tree::Action& action) {
  if (action.kind == tree::Action::Kind::UpdateFields) {
    arguments("fields", action.arguments);
  } else {
    value("with", action.with);
  }
}

void FormWriter::patternOrSource(std::string_view member, std::optional<tree::Pattern>& pattern,
                                 std::optional<Expr>& expr) {
  if (pattern) {
    put(member, node(*pattern));
  } else {
    source(member, expr);
  }
}

void FormWriter::conditionsOrSource(std::string_view member,
                                    std::vector<tree::Condition>& conditions,
                                    std::optional<Expr>& expr) {
  if (expr) {
    source(member, expr);
  } else {
    put(member, listOf(conditions));
  }
}

void FormWriter::parallel(std::string_view member, bool& parallel, std::int64_t& max) {
  if (parallel) {
    put(member, max >= 0 ? DocumentNode::number(std::to_string(max)) : DocumentNode::yes());
  }
}

void FormWriter::callOrRun(tree::Action& action) {
  put(action.run ? "run" : "call", DocumentNode::string(action.target.text));
}

void FormWriter::settle(std::string_view member, std::int64_t& count) {
  put(member, count >= 0 ? DocumentNode::number(std::to_string(count)) : DocumentNode::yes());
}

void FormWriter::times(std::string_view member, bool& forever, std::int64_t& times) {
  put(member,
      forever ? DocumentNode::string("forever") : DocumentNode::number(std::to_string(times)));
}

void FormWriter::once(std::string_view member, tree::Declaration& d) {
  if (d.once) {
    put(member,
        d.oncePer ? DocumentNode::object().add("per", sourceOf(*d.oncePer)) : DocumentNode::yes());
  }
}

void FormWriter::handlers(std::string_view member, std::vector<tree::Handler>& handlers) {
  if (handlers.empty()) return;
  DocumentNode object = DocumentNode::object();
  for (tree::Handler& handler : handlers) put(object, {handler.on, handler.span}, node(handler));
  put(member, std::move(object));
}

// Returns true when the whole expectation has been written; otherwise its description goes on.
bool FormWriter::negation(std::string_view member, tree::Expect& expect) {
  if (!expect.negated) return false;
  put(member, made([&] { describeOccurrence(*this, expect); }));
  return true;
}

void FormWriter::comparison(Operator& op, std::optional<std::int64_t>& number,
                            std::optional<Expr>& value) {
  integer(signOf(op), number);
  source(signOf(op), value);
}

}  // namespace reticle::form
