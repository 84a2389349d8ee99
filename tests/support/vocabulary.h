// CLIP's vocabulary from the packed asset that the build made.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "support/places.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope::testing {

// The packed asset's bytes; empty, and the test failed, where the build lacks it.
inline const std::string& packed_clip_vocabulary() {
  static const std::string packed = [] {
    const std::string path = std::string(kAssetsFolder) + "/clip.vocab";
    std::ifstream in(path, std::ios::binary);
    EXPECT_TRUE(in.good()) << "cannot read " << path;
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  return packed;
}

// Loads it on the first call. Aborts where it cannot be loaded.
inline const ClipVocabulary& require_vocabulary() {
  if (clip_vocabulary() == nullptr) {
    const Status loaded = load_clip_vocabulary(packed_clip_vocabulary());
    EXPECT_TRUE(loaded) << loaded.error().what;
  }
  return **require_clip_vocabulary();
}

}  // namespace tagscope::testing
