// Any bytes as a .safetensors file: what is accepted, the slow reader accepts too, and says the
// same of it; its encoders are found or refused.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "reference/slow_safetensors.h"
#include "support/safetensors.h"
#include "tensors/inspect.h"
#include "tensors/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto file = testing::read_whole(bytes);
  if (!file) {
    if (file.error().where.empty() || file.error().what.empty()) std::abort();
    return 0;
  }
  const auto slow = testing::slow_safetensors(bytes, bytes.size());
  if (!slow || slow->size() != file->size()) std::abort();
  for (const auto& expected : *slow) {
    const auto tensor = file->find(expected.name);
    if (!tensor || tensor->begin != expected.begin || tensor->end != expected.end ||
        name_of(tensor->dtype) != expected.dtype ||
        std::vector(tensor->shape.begin(), tensor->shape.end()) != expected.shape) {
      std::abort();
    }
  }
  const std::size_t header_bytes = file->data_begin() - kHeaderLengthBytes;
  const auto inspected =
      inspect_safetensors(bytes.substr(kHeaderLengthBytes, header_bytes), bytes.size(), true);
  if (!inspected && inspected.error().code.substr(0, 8) != "encoder-") std::abort();
  return 0;
}
