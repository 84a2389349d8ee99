// What `inspect` says of a file, from its header alone.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace tagscope {

// JSON text of web/src/protocol/checkpoint.ts: Inspected without name, size and the hashes; with
// `list` also every tensor. Text, because two million tensors as values would not fit. Errors:
// those of read_safetensors(). Precondition: as read_safetensors().
[[nodiscard]] Result<std::string> inspect_safetensors(std::string header, std::uint64_t file_bytes,
                                                      bool list);

// The object that read_metadata() gives, as JSON text.
[[nodiscard]] Result<std::string> inspect_metadata(std::string header);

// StoredTensor of find_textual_inversion(), as JSON text. Errors: those of read_safetensors() too.
[[nodiscard]] Result<std::string> inspect_inversion(std::string header, std::uint64_t file_bytes,
                                                    std::uint64_t width);

}  // namespace tagscope
