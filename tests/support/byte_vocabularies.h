// The byte-level vocabularies from the packed assets that the build made.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "support/places.h"
#include "tokenizer/byte_vocabulary.h"

namespace tagscope::testing {

// The packed asset's bytes; empty, and the test failed, where the build lacks it.
inline std::string packed_byte_vocabulary(ByteEncoding encoding) {
  const std::string path =
      std::string(kAssetsFolder) + "/" + std::string(rules_of(encoding).name) + ".vocab";
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

// Loads it on the first call. Aborts where it cannot be loaded.
inline const ByteVocabulary& require_bytes(ByteEncoding encoding) {
  auto loaded = require_byte_vocabulary(encoding);
  if (loaded) return **loaded;
  const Status status = load_byte_vocabulary(encoding, packed_byte_vocabulary(encoding));
  EXPECT_TRUE(status) << status.error().what;
  return **require_byte_vocabulary(encoding);
}

// Every one that a method of the catalog needs.
inline void require_byte_vocabularies() {
  for (const auto encoding : {ByteEncoding::gpt2, ByteEncoding::cl100k, ByteEncoding::o200k}) {
    require_bytes(encoding);
  }
}

}  // namespace tagscope::testing
