// What a declaration means, as text that can be compared with that of another program: independent
// of where it stands there, of comments and of layout. Constants, functions and tables are known by
// what they give.
#pragma once

#include <string>

#include "model/model.h"

namespace reticle::model {

// Its conditions, attributes and actions, with the types and queries they speak of.
std::string meaningOf(const Program& program, const Rule& rule);
std::string meaningOf(const Program& program, const Flow& flow);
// What its facts look like: name, kind, fields, keys; not what fills or checks them.
std::string shapeOf(const FactType& type);

}  // namespace reticle::model
