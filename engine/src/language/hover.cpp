// What stands under the pointer, in a few lines of Markdown.
#include <algorithm>

#include "base/unreachable.h"
#include "language/constraint.h"
#include "language/context.h"
#include "language/features.h"
#include "model/text.h"
#include "reticle/keywords.h"

namespace reticle::language {

using namespace model;

namespace {

// As a block, so that editors colour it.
std::string code(const std::string& text) { return "```reticle\n" + text + "\n```"; }

// The keyword that a declaration begins with. ORDER: SymbolKind.
const char* wordFor(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::Fact: return "fact ";
    case SymbolKind::Subject: return "subject ";
    case SymbolKind::Event: return "event ";
    case SymbolKind::Enum: return "enum ";
    case SymbolKind::Const: return "const ";
    case SymbolKind::Function: return "function ";
    case SymbolKind::Host: return "host function ";
    case SymbolKind::Table: return "table ";
    case SymbolKind::Query: return "query ";
    case SymbolKind::Flow: return "flow ";
    case SymbolKind::Rule: return "rule ";
    case SymbolKind::Test: return "test ";
    case SymbolKind::Group: return "group ";
    case SymbolKind::Step: return "step ";
    case SymbolKind::Module: return "module ";
    case SymbolKind::EnumValue:
    case SymbolKind::Field:
    case SymbolKind::Binding:
    case SymbolKind::Local:
    case SymbolKind::Parameter:
    case SymbolKind::Variable:
    case SymbolKind::Builtin: return "";
  }
  unreachable("a symbol has a keyword or none");
}

// What a name is, where no keyword says it.
const char* nounFor(SymbolKind kind) {
  if (kind == SymbolKind::Binding) return "binding";
  if (kind == SymbolKind::Local) return "value";
  if (kind == SymbolKind::Parameter) return "parameter";
  return kind == SymbolKind::Variable ? "each element" : "";
}

// The fields of a type or the values of an enum, a line each.
std::string bodyOf(const View& view, SymbolId id) {
  const SymbolNote& symbol = view.symbol(id);
  if (symbol.kind != SymbolKind::Fact && symbol.kind != SymbolKind::Subject &&
      symbol.kind != SymbolKind::Event) {
    return "";
  }
  std::string body;
  for (const SymbolId part : view.parts[id]) {
    if (view.symbol(part).kind == SymbolKind::Field &&
        view.symbol(part).name.find('.') == std::string::npos) {
      body += "\n  " + view.symbol(part).signature;
    }
  }
  return body.empty() ? " { }" : " {" + body + "\n}";
}

// As durations are written in rules.
std::string pauseText(Span64 microseconds) { return durationText(microseconds); }

// 1s, 2s, 4s, …
std::string planOf(const tree::Retry& retry) {
  std::string text = retry.forever ? "again and again"
                                   : std::to_string(retry.times) +
                                         (retry.times == 1 ? " more attempt" : " more attempts");
  if (retry.backoff == tree::Retry::Backoff::None) {
    text += ", without a pause";
  } else if (retry.delay && (retry.delay->expr || (retry.max && retry.max->expr))) {
    text += ", after pauses from " + textOf(*retry.delay);
    if (retry.max) text += " up to " + textOf(*retry.max);
  } else {
    text += ", after ";
    const Span64 first = retry.delay ? retry.delay->value : 0;
    const Span64 longest = retry.max ? retry.max->value : 0;
    Span64 pause = first, before = -1;
    const std::int64_t shown = retry.forever ? 6 : std::min<std::int64_t>(retry.times, 6);
    // The pauses until they no longer grow, six at most.
    bool level = false;
    for (std::int64_t i = 0; i < shown && !level; ++i) {
      if (longest > 0) pause = std::min(pause, longest);
      level = i > 0 && pause == before && retry.backoff != tree::Retry::Backoff::Constant;
      if (level) break;
      text += (i > 0 ? ", " : "") + pauseText(pause);
      before = pause;
      if (retry.backoff == tree::Retry::Backoff::Linear) pause += first;
      if (retry.backoff == tree::Retry::Backoff::Exponential) pause *= 2;
    }
    if (level) {
      text += " and then always " + pauseText(before);
    } else if (retry.forever || retry.times > shown) {
      text += ", …";
    }
    if (!level && longest > 0 && (retry.forever || retry.times > shown)) {
      text += " up to " + pauseText(longest);
    }
  }
  if (retry.jitter > 0) {
    text += "; chance shortens or lengthens each pause by up to " +
            std::to_string(static_cast<int>(retry.jitter * 100 + 0.5)) + " %";
  }
  if (retry.condition) text += "; only if `" + toText(*retry.condition) + "`";
  return text;
}

// The innermost step around a byte.
const tree::Action* stepAt(const std::vector<tree::Action>& actions, std::uint32_t byte) {
  for (const tree::Action& action : actions) {
    if (action.span.begin > byte || byte > action.span.end) continue;
    if (action.kind == tree::Action::Kind::Step) return &action;
    if (const tree::Action* inner = stepAt(action.body, byte)) return inner;
    return stepAt(action.otherwise, byte);
  }
  return nullptr;
}

// What becomes of a step when it fails, in sentences.
std::string stepText(const tree::Declaration& flow, const tree::Action& step) {
  const std::optional<tree::Retry>& retry = step.retry ? step.retry : flow.retry;
  std::string text = "**When it fails**: ";
  text += retry ? planOf(*retry) + (step.retry ? "" : " (the plan of the flow)")
                : "it is not tried again";
  if (step.ignoreErrors) {
    text += "; then its result is null and the flow goes on";
  } else {
    text += "; then the run fails";
  }
  text += ".";
  if (step.timeout) {
    text += "\n\n**Time limit**: " + durationText(step.timeout->value) + " for each attempt.";
  }
  if (step.undoFunction) {
    text += "\n\n**Undone by**: `" + step.undoFunction.text + "`, when the run fails later.";
  }
  return text;
}

// What it becomes, whether it can fail, and why that matters.
std::string constraintText(const Constraint& constraint) {
  std::string text = "`" + constraint.text + "`";
  if (!constraint.becomes.empty()) text += " becomes " + constraint.becomes + ".";
  text += constraint.canFail ? " It can fail: " +
                                   (constraint.because.empty() ? std::string("it is then unknown")
                                                               : constraint.because) +
                                   "; what is unknown never fires, and blocks a `not`."
                             : " It cannot fail.";
  return text;
}

// Signature, where it belongs, its own words, and what is known of it here.
std::string symbolText(const View& view, const Use& use, std::uint32_t file) {
  const SymbolNote& symbol = view.symbol(use.symbol);
  std::string text = code(wordFor(symbol.kind) + symbol.signature + bodyOf(view, use.symbol));
  const std::string noun = nounFor(symbol.kind);
  if (!noun.empty()) text = "*" + noun + "*\n" + text;
  if (symbol.kind == SymbolKind::Field && symbol.container != kNoSymbol) {
    text += "\n\nfield of `" + view.symbol(symbol.container).name + "`";
  }
  if (symbol.kind == SymbolKind::EnumValue && symbol.container != kNoSymbol) {
    text += "\n\nvalue of `" + view.symbol(symbol.container).name + "`";
  }
  if (symbol.kind == SymbolKind::Table) {
    if (const tree::Declaration* tree = view.treeOf(use.symbol)) {
      text += "\n\n" + std::to_string(tree->rows.size()) +
              (tree->rows.size() == 1 ? " row" : " rows") + ", `hit " + tree->hit + "`" +
              (tree->otherwise ? ", with a default" : ", without a default");
    }
  }
  if (!symbol.doc.empty()) text += "\n\n" + symbol.doc;
  // Known not to be null here, though it may be elsewhere.
  if (symbol.type.optional) {
    for (const TypeNote& note : view.index.types) {
      if (note.span.file != file || note.span.end != use.span.end ||
          note.span.begin > use.span.begin || note.type.optional ||
          note.type.kind == TypeKind::Bool) {
        continue;
      }
      if (toText(note.type) == toText(symbol.type.required())) {
        text += "\n\nnot null here: `" + toText(note.type) + "`";
        break;
      }
    }
  }
  // The file, when it is not this one.
  const bool elsewhere = !(symbol.declared == Span{}) && symbol.declared.file != file;
  if (elsewhere) text += "\n\ndeclared in " + view.document(symbol.declared.file).source.name;
  return text;
}

}  // namespace

// Symbol, step and constraint may stand at one place: each adds its part.
std::string hover(const At& at) {
  const View& view = at.view;
  const Use* use = view.useAt(at.file, at.byte);
  const std::optional<Constraint> constraint = constraintAt(view, at.file, at.byte);
  const tree::Declaration* declaration = view.declarationAt(at.file, at.byte);
  std::string text;
  Span span{at.file, at.byte, at.byte};
  const auto add = [&](const std::string& more) {
    text += (text.empty() ? "" : "\n\n---\n\n") + more;
  };
  if (use) {
    add(symbolText(view, *use, at.file));
    span = use->span;
  }
  if (declaration && declaration->kind == tree::Declaration::Kind::Flow) {
    const tree::Action* step = stepAt(declaration->then, at.byte);
    for (const tree::Handler& handler : declaration->handlers) {
      step = step ? step : stepAt(handler.body, at.byte);
    }
    // On its name, its keyword and its plan; inside the arguments other things are meant.
    const bool head =
        step &&
        (at.byte <= step->name.span.end ||
         (step->retry && at.byte >= step->retry->span.begin && at.byte <= step->retry->span.end));
    if (head) {
      add(stepText(*declaration, *step));
      if (!use) {
        span = step->retry && at.byte >= step->retry->span.begin && at.byte <= step->retry->span.end
                   ? step->retry->span
                   : step->name.span;
      }
    } else if (!use && declaration->retry && at.byte >= declaration->retry->span.begin &&
               at.byte <= declaration->retry->span.end) {
      add("**The plan of the flow's steps**: " + planOf(*declaration->retry) + ".");
      span = declaration->retry->span;
    }
  }
  if (constraint) {
    const Type* type = view.typeOf(constraint->span);
    add((type ? "`" + toText(*type) + "`  \n" : std::string()) + constraintText(*constraint));
    if (!use) span = constraint->span;
  }
  // Nothing is known of the place: perhaps it is a keyword.
  if (text.empty()) {
    const Context context = contextAt(view, at.file, at.byte);
    Span word = context.word;
    // The pointer may stand in front of its first letter.
    const Lexeme& next = Words(view, at.file)[context.next];
    if (next.kind == LexemeKind::Word && next.begin == at.byte) {
      word = {at.file, next.begin, next.end};
    }
    const Keyword* keyword =
        context.silent || word.begin == word.end ? nullptr : findKeyword(view.textOf(word));
    if (!keyword || keyword->doc.empty()) return "null";
    text = "`" + std::string(keyword->word) + "`: " + std::string(keyword->doc);
    span = word;
  }
  Json json;
  json.object()
      .key("contents")
      .object()
      .key("kind")
      .text("markdown")
      .key("value")
      .text(text)
      .endObject()
      .key("range");
  view.writeRange(json, span);
  json.endObject();
  return json.take();
}

}  // namespace reticle::language
