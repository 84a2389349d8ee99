#include "support/places.h"

namespace tagscope::testing {

const char* const kTestsFolder = TAGSCOPE_TESTS_DIR;
const char* const kAssetsFolder = TAGSCOPE_ASSETS_DIR;

}  // namespace tagscope::testing
