// What every part of the checker borrows from the whole: where to report, how to find names, the
// program in the making. The whole (checker.h) owns all of it and outlives its parts.
#pragma once

#include "check/bindings.h"
#include "check/fit.h"
#include "check/index_recorder.h"
#include "check/reporter.h"
#include "check/symbols.h"
#include "check/types_used.h"
#include "model/model.h"

namespace reticle::model {

// References, so a part must not outlive the checker.
struct Shared {
  Program& program;
  Reporter& report;
  Symbols& symbols;
  Types& types;
  Bindings& bindings;
  Fit& fit;
  IndexRecorder& index;
};

// A base to write the borrowing once; parts have no other state in common.
class CheckerPart {
 protected:
  explicit CheckerPart(const Shared& shared)
      : program_(shared.program),
        report_(shared.report),
        symbols_(shared.symbols),
        types_(shared.types),
        bindings_(shared.bindings),
        fit_(shared.fit),
        index_(shared.index) {}

  // Whether a rule has the name, which is noted as a use of it; else that is reported.
  bool findRule(const tree::Name& name);

  // The program in the making: complete only when the checker has finished.
  Program& program_;
  Reporter& report_;
  Symbols& symbols_;
  Types& types_;
  Bindings& bindings_;
  // Whether a value fits a place, and what is said when it does not.
  Fit& fit_;
  IndexRecorder& index_;
};

}  // namespace reticle::model
