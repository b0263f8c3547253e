// Reads modules, and the declarations of types, constants and functions.
#include <utility>

#include "syntax/declaration_parser.h"

namespace reticle {

const DeclarationParser::Form* DeclarationParser::formOf(std::string_view keyword) {
  using Kind = tree::Declaration::Kind;
  static constexpr Form kForms[] = {
      {"fact", Kind::Fact, "fact", &DeclarationParser::recordType},
      {"event", Kind::Event, "event", &DeclarationParser::recordType},
      {"subject", Kind::Subject, "subject", &DeclarationParser::recordType},
      {"enum", Kind::Enum, "enum", &DeclarationParser::enumeration},
      {"const", Kind::Const, "constant", &DeclarationParser::constant},
      {"function", Kind::Function, "function", &DeclarationParser::function},
      {"host", Kind::Host, "function", &DeclarationParser::host},
      {"table", Kind::Table, "table", &DeclarationParser::table},
      {"rule", Kind::Rule, "rule", &DeclarationParser::rule},
      {"query", Kind::Query, "query", &DeclarationParser::query},
      {"flow", Kind::Flow, "flow", &DeclarationParser::flow},
      {"test", Kind::Test, "test", &DeclarationParser::test},
      {"given", Kind::Given, "", &DeclarationParser::given},
  };
  for (const Form& form : kForms) {
    if (form.keyword == keyword) return &form;
  }
  return nullptr;
}

tree::Module DeclarationParser::module() {
  tree::Module module;
  module.file = lexemes().file();
  header(module);
  while (!is(End)) {
    const std::uint32_t began = lexemes().position();
    blocks().beginDeclaration();
    tree::Declaration declaration;
    if (this->declaration(declaration)) module.declarations.push_back(std::move(declaration));
    if (recovering()) {
      const Lexeme& first = lexemes().lexeme(began);
      blocks().skipToItem(Inside::Module, first.lineFirst ? &first : nullptr);
      // A `}` here ends what could not be read.
      while (is(BraceClose)) {
        take();
        blocks().skipToItem(Inside::Module);
      }
      complaints().resume();
    }
    while (takeIf(Semicolon)) {}
    if (lexemes().position() == began && !is(End)) take();
  }
  complaints().arrange();
  return module;
}

void DeclarationParser::header(tree::Module& module) {
  if (takeWord("module")) {
    if (!advice_.moduleWithoutName(previous())) module.name = names_.qualifiedName("module");
    if (recovering()) blocks().skipToItem(Inside::Module);
    complaints().resume();
    while (takeIf(Semicolon)) {}
    if (advice_.moduleTwice(module.name)) {
      take();
      names_.qualifiedName("module");
      complaints().resume();
    }
  }
  while (takeWord("import")) import(module);
}

// QName [ "as" IDENT ], after `import`
void DeclarationParser::import(tree::Module& module) {
  tree::Import import;
  const std::uint32_t begin = previous().begin;
  if (!advice_.importOfOtherLanguages()) import.module = names_.qualifiedName("module");
  if (takeWord("as")) import.alias = names_.takeName("module");
  import.span = spanFrom(begin);
  if (recovering()) {
    while (!is(End) && !isWord("import") && !declarationStarts()) take();
  } else {
    module.imports.push_back(std::move(import));
  }
  complaints().resume();
  while (takeIf(Semicolon)) {}
}

// Decl, with what it can mean where none begins; false when it means nothing.
bool DeclarationParser::declaration(tree::Declaration& out) {
  const Lexeme first = at();
  out.doc = lexemes().docOf(first);
  if (advice_.tookDeclarationOfOtherLanguages()) return false;
  const Form* form = is(Word) ? formOf(textOf(first)) : nullptr;
  if (form == nullptr) form = formOf(advice_.declarationOfOtherLanguages());
  if (form == nullptr) {
    using Stray = DeclarationAdvice::Stray;
    const Stray stray = advice_.tookNoDeclaration();
    if (stray != Stray::Nothing) names_.qualifiedName("module");
    if (stray == Stray::Header && takeWord("as")) names_.takeName("module");
    return false;
  }
  take();
  body(*form, first, out);
  out.span = spanFrom(first.begin);
  return true;
}

// What follows the keyword.
void DeclarationParser::body(const Form& form, const Lexeme& keyword, tree::Declaration& out) {
  using Kind = tree::Declaration::Kind;
  out.kind = form.kind;
  if (form.kind == Kind::Host) {
    out.pure = takeWord("pure");
    if (!takeWord("function") && !advice_.tookTypoOf("function")) {
      advice_.hostWithoutFunction(keyword);
    }
    out.name = names_.qualifiedName(form.named);
  } else if (form.kind != Kind::Given) {
    const bool type = form.kind == Kind::Fact || form.kind == Kind::Event ||
                      form.kind == Kind::Subject || form.kind == Kind::Enum;
    out.name = names_.declaredName(form.named, keyword, type);
  }
  out.head = spanFrom(keyword.begin);
  (this->*form.read)(out);
}

// Fact    = "fact" IDENT { "as" "set" | "open" } Fields
// Event   = "event" IDENT [ "as" STRING ] [ "expires" DUR ] Fields
// Subject = "subject" IDENT [ "as" STRING ] [ "open" ] Fields
void DeclarationParser::recordType(tree::Declaration& out) {
  const bool event = out.kind == tree::Declaration::Kind::Event;
  const bool subject = out.kind == tree::Declaration::Kind::Subject;
  // A word that begins a line and a declaration is none of this one: its fields are missing.
  while (!recovering() && is(Word) && !is(Colon, 1) && !declarationStarts() &&
         !advice_.nextDeclaration()) {
    if (!event && !subject && isWord("as") && isWord("set", 1)) {
      out.asSpan = span(at().begin, at(1).end);
      take();
      take();
      out.asSet = true;
    } else if ((event || subject) && takeWord("as")) {
      out.asSpan = spanOf(at());
      const auto name =
          expressions_.text(event ? "the name on the wire" : "the pattern of the name");
      if (name) out.as = *name;
    } else if (event && takeWord("expires")) {
      out.expires = expressions_.duration("the time");
    } else if (!event && takeWord("open")) {
      out.open = true;
    } else if (!advice_.tookParentOfType()) {
      advice_.attributeOfType(out.kind);
      take();
      if (is(String) || is(LexemeKind::Duration)) take();
    }
  }
  fields_.fields(out);
}

// Enum = "enum" IDENT "{" IDENT { "," IDENT } "}"
void DeclarationParser::enumeration(tree::Declaration& out) {
  const Lexeme owner = previous();
  if (advice_.superfluous(Spot::BeforeEnumValues)) take();
  blocks().block(Inside::Values, "block of values", owner, [&] { value(out); });
}

void DeclarationParser::value(tree::Declaration& out) {
  if (is(Word)) {
    out.values.push_back(names_.takeName("value"));
  } else if (advice_.enumValueInQuotes()) {
    const Lexeme& text = take();
    out.values.push_back({lexemes().decoded(text), spanOf(text)});
  } else {
    advice_.lacks(Lack::EnumValue, spanOf(at()), {shown(at())});
  }
  if (advice_.numberOfEnumValue()) {
    take();
    expressions_.expression();
  }
}

// Const = "const" IDENT [ ":" Type ] "=" Expr
void DeclarationParser::constant(tree::Declaration& out) {
  if (recovering()) return;
  if (takeIf(Colon)) out.result = types_.type();
  if (!recovering() && !takeIf(Assign) && !advice_.constantWithoutSign()) {
    advice_.lacks(Lack::ValueOfConstant, out.head);
    return;
  }
  out.value = expressions_.expression();
}

// Function = "function" IDENT Params "->" Type
//            ( "=" Expr | "{" { "let" IDENT "=" Expr } "return" Expr "}" )
void DeclarationParser::function(tree::Declaration& out) {
  out.params = fields_.params();
  fields_.resultType(out, true);
  if (is(BraceOpen) && (isWord("let", 1) || isWord("return", 1))) return functionBody(out);
  if (takeIf(Assign) || advice_.tookBodyWithoutSign(out.head))
    out.value = expressions_.expression();
}

void DeclarationParser::functionBody(tree::Declaration& out) {
  const Lexeme owner = previous();
  blocks().block(Inside::Actions, "body of the function", owner, [&] {
    const std::uint32_t begin = at().begin;
    if (takeWord("return")) {
      out.value = expressions_.expression();
    } else if (!out.value && takeWord("let")) {
      tree::Local local;
      local.name = names_.bindingName("value");
      if (!takeIf(Assign)) advice_.lacks(Lack::LetValue, spanFrom(begin), {local.name.text});
      local.value = expressions_.expression();
      local.span = spanFrom(begin);
      if (!recovering()) out.locals.push_back(std::move(local));
    } else {
      advice_.lacks(Lack::FunctionReturn, spanOf(at()));
    }
  });
  if (!recovering() && !out.value) advice_.lacks(Lack::FunctionReturn, out.head);
}

// Given = "given" Actions
void DeclarationParser::given(tree::Declaration& out) { tests_.given(out); }

// Host = "host" [ "pure" ] "function" QName Params [ "->" Type ]
void DeclarationParser::host(tree::Declaration& out) {
  out.params = fields_.params();
  fields_.resultType(out, false);
  if (is(Assign)) advice_.lacks(Lack::HostBody, spanOf(at()));
}

}  // namespace reticle
