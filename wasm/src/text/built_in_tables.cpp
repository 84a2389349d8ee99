// The packed tables as part of the module.
#include "text/unicode_tables.h"

namespace tagscope::unicode_tables {

const std::uint8_t* packed(Table table) {
  switch (table) {
    case Table::property_runs: return kPropertyRuns;
    case Table::category_runs: return kCategoryRuns;
    case Table::combining_classes: return kCombiningClasses;
    case Table::decompositions: return kDecompositions;
    case Table::lower_case: return kLowerCase;
    case Table::upper_case: return kUpperCase;
    case Table::html_entities: return kHtmlEntities;
  }
  return nullptr;
}

}  // namespace tagscope::unicode_tables
