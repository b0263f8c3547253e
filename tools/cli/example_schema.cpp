// The JSON Schema of example.json, as `reticle schema example` prints it.
//
// It says the same as readExample() and the reader of inputs (engine/src/wire/wire_read.cpp); a
// test holds it against the examples of this project and against what the command refuses.
#include "example.h"

namespace reticle::cli {

const char* exampleSchema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://reticle.dev/example.schema.json",
  "title": "An example of Reticle",
  "description": "Rules, what is done to a session of them, and what the world returns.",
  "type": "object",
  "required": ["rules", "inputs"],
  "additionalProperties": false,
  "properties": {
    "$schema": {"type": "string"},
    "title": {"type": "string", "description": "A few words, for lists."},
    "paragraph": {"type": "string", "description": "What there is to see."},
    "rules": {
      "description": "A file of rules beside this one, or several that belong to one program.",
      "oneOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
      ]
    },
    "start": {
      "type": "string",
      "description": "Where the virtual clock begins, RFC 3339; otherwise 1970-01-01T00:00:00Z."
    },
    "inputs": {
      "type": "array",
      "description": "What is done, in order.",
      "items": {"$ref": "#/$defs/step"}
    },
    "host": {
      "type": "object",
      "description": "What each host function returns; one that is not here returns null.",
      "additionalProperties": {"type": "array", "items": {"$ref": "#/$defs/answer"}}
    },
    "leave": {
      "type": "integer",
      "minimum": 0,
      "description": "So many activations stay ready after the last settling on a first screen."
    }
  },
  "$defs": {
    "fields": {"type": "object", "description": "A value for each field, by its name."},
    "count": {"type": "integer", "minimum": 0},
    "id": {"type": "integer", "minimum": 1, "maximum": 4294967295},
    "answer": {
      "description": "One line of a script. Without `times` it counts once; the last line stays.",
      "oneOf": [
        {
          "type": "object",
          "required": ["returns"],
          "additionalProperties": false,
          "properties": {"returns": {}, "times": {"$ref": "#/$defs/count"}}
        },
        {
          "type": "object",
          "required": ["fails"],
          "additionalProperties": false,
          "properties": {"fails": {"type": "string"}, "times": {"$ref": "#/$defs/count"}}
        }
      ]
    },
    "step": {
      "oneOf": [
        {
          "type": "object",
          "description": "Fires: true, until nothing is ready; a number, at most so often.",
          "required": ["settle"],
          "additionalProperties": false,
          "properties": {
            "settle": {"oneOf": [{"const": true}, {"$ref": "#/$defs/count"}]},
            "max": {"$ref": "#/$defs/count"}
          }
        },
        {
          "type": "object",
          "description": "Moves the clock, from timer to timer.",
          "required": ["advance"],
          "additionalProperties": false,
          "properties": {"advance": {"type": "string", "examples": ["10m", "1h30m"]}}
        },
        {
          "type": "object",
          "description": "Inserts the rows of a table beside this file.",
          "required": ["csv"],
          "additionalProperties": false,
          "properties": {
            "csv": {"type": "string", "minLength": 1},
            "type": {"type": "string", "minLength": 1}
          }
        },
        {
          "type": "object",
          "description": "A new fact.",
          "required": ["kind", "type", "fields"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "insert"},
            "type": {"type": "string"},
            "fields": {"$ref": "#/$defs/fields"}
          }
        },
        {
          "type": "object",
          "description": "Many facts of one type, each row with a value for every field.",
          "required": ["kind", "type", "fields", "rows"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "insertAll"},
            "type": {"type": "string"},
            "fields": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": {"type": "array"}}
          }
        },
        {
          "type": "object",
          "description": "Other values for some fields of a fact, by its number.",
          "required": ["kind", "fact", "fields"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "update"},
            "fact": {"$ref": "#/$defs/id"},
            "fields": {"$ref": "#/$defs/fields"}
          }
        },
        {
          "type": "object",
          "description": "A fact that is no more.",
          "required": ["kind", "fact"],
          "additionalProperties": false,
          "properties": {"kind": {"const": "retract"}, "fact": {"$ref": "#/$defs/id"}}
        },
        {
          "type": "object",
          "description": "Properties of a subject.",
          "required": ["kind", "subject", "properties"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "set"},
            "subject": {"type": "string"},
            "type": {"type": "string"},
            "properties": {"$ref": "#/$defs/fields"},
            "muted": {"type": "boolean"}
          }
        },
        {
          "type": "object",
          "description": "Something that happened.",
          "required": ["kind", "type", "data"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "emit"},
            "type": {"type": "string"},
            "data": {"$ref": "#/$defs/fields"},
            "subject": {"type": "string"},
            "id": {"type": "string"},
            "source": {"type": "string"}
          }
        },
        {
          "type": "object",
          "description": "A run of a flow.",
          "required": ["kind", "flow", "args"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "start"},
            "flow": {"type": "string"},
            "args": {"$ref": "#/$defs/fields"},
            "key": {"type": "string"}
          }
        },
        {
          "type": "object",
          "description": "An event for the latest run of a flow and key alone.",
          "required": ["kind", "flow", "key", "type"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "signal"},
            "flow": {"type": "string"},
            "key": {"type": "string"},
            "type": {"type": "string"},
            "data": {"$ref": "#/$defs/fields"}
          }
        },
        {
          "type": "object",
          "description": "The latest run of a flow and key ends.",
          "required": ["kind", "flow", "key"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "cancel"},
            "flow": {"type": "string"},
            "key": {"type": "string"}
          }
        },
        {
          "type": "object",
          "description": "The result of a call that is open.",
          "required": ["kind", "call", "attempt"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "result"},
            "call": {"type": "string"},
            "attempt": {"type": "integer", "minimum": 1},
            "value": {},
            "error": {
              "type": "object",
              "required": ["reason"],
              "properties": {"reason": {"type": "string"}}
            }
          }
        },
        {
          "type": "object",
          "description": "Moves the clock to a time or by a span, in milliseconds.",
          "required": ["kind"],
          "additionalProperties": false,
          "properties": {
            "kind": {"const": "advance"},
            "to": {"type": "number"},
            "by": {"type": "number"}
          },
          "oneOf": [{"required": ["to"]}, {"required": ["by"]}]
        }
      ]
    }
  }
}
)json";
}

}  // namespace reticle::cli
