// Where the tests' files lie. Defined in one source, so that no other object depends on where the
// checkout is: a compiler cache then serves every checkout.
#pragma once

namespace tagscope::testing {

extern const char* const kTestsFolder;   // tests/ of the checkout
extern const char* const kAssetsFolder;  // what the build packs: clip.vocab, gpt2.vocab, …

}  // namespace tagscope::testing
