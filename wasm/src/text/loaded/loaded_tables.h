// The packed tables as a file of their own, for the module that the page waits for: a third of it
// would be tables, and the first claim that people see is ASCII. Linked before the library, it
// takes the place of built_in_tables.cpp.
#pragma once

#include <string>

#include "core/result.h"

namespace tagscope {

// Makes `packed`, a file as scripts/pack-text-tables.mjs writes it, the tables of this process. It
// is a part of the program like the module itself: what the tables say is not checked. Error
// `bad-tables` where it is no such file; those loaded before stay.
[[nodiscard]] Status load_text_tables(std::string packed);

}  // namespace tagscope
