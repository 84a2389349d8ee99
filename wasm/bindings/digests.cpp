// The boundary of the module that digests files: bytes are read straight into its memory, only
// handles, lengths and finished digests cross. No logic lives here, and nothing throws.
#include "catalog/digests.h"

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace tagscope;

// Memory never grows, so the view of this buffer that JavaScript holds stays good. Two halves:
// one is filled while the other is digested.
constexpr std::size_t kStagingBytes = std::size_t{4} << 20;

std::uint8_t* staging() {
  static const auto buffer = std::make_unique<std::uint8_t[]>(kStagingBytes);
  return buffer.get();
}

emscripten::val staging_view() {
  return emscripten::val(emscripten::typed_memory_view(kStagingBytes, staging()));
}

// The part [begin, end) of the buffer; empty where it reaches beyond.
std::span<const std::uint8_t> staged(std::size_t begin, std::size_t end) {
  if (begin > end || end > kStagingBytes) return {};
  return {staging() + begin, end - begin};
}

emscripten::val copied(const std::string& bytes) {
  const emscripten::val view(emscripten::typed_memory_view(
      bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data())));
  return view.call<emscripten::val>("slice");
}

std::string version() { return TAGSCOPE_VERSION; }

std::string list_digests() {
  std::string ids;
  for (const Method* method : digests()) {
    if (!ids.empty()) ids += '\n';
    ids += method->id;
  }
  return ids;
}

std::map<int, std::unique_ptr<Digest>>& open_digests() {
  static std::map<int, std::unique_ptr<Digest>> open;
  return open;
}

// A handle, or 0 where there is no such digest.
int start(const std::string& id) {
  static int last = 0;
  const Method* method = find_digest(id);
  if (method == nullptr) return 0;
  auto prepared = method->prepare({}, false);
  if (!prepared) return 0;
  open_digests().emplace(++last, prepared->start());
  return last;
}

// False where the handle is not open.
bool update(int handle, std::size_t begin, std::size_t end) {
  const auto digest = open_digests().find(handle);
  if (digest == open_digests().end()) return false;
  digest->second->update(staged(begin, end));
  return true;
}

// The digest's bytes, and the handle is closed; none where it is not open.
emscripten::val finish(int handle) {
  const auto digest = open_digests().find(handle);
  if (digest == open_digests().end()) return copied({});
  const std::string bytes = digest->second->finish();
  open_digests().erase(digest);
  return copied(bytes);
}

void cancel(int handle) { open_digests().erase(handle); }

// The digests of texts that lie one after another in the buffer, the first at 0; `ends` (a
// Uint32Array) says where each ends. None where there is no such digest or an end is out of order.
emscripten::val digest_many(const std::string& id, const emscripten::val& ends) {
  const Method* method = find_digest(id);
  if (method == nullptr) return copied({});
  std::vector<std::uint32_t> cuts(ends["length"].as<std::size_t>());
  emscripten::val(emscripten::typed_memory_view(cuts.size(), cuts.data())).call<void>("set", ends);
  std::vector<std::string_view> inputs;
  inputs.reserve(cuts.size());
  std::size_t begin = 0;
  for (const std::size_t end : cuts) {
    if (begin > end || end > kStagingBytes) return copied({});
    inputs.emplace_back(reinterpret_cast<const char*>(staging()) + begin, end - begin);
    begin = end;
  }
  return copied(digests_of(*method, inputs));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tagscope_digests) {
  emscripten::function("version", &version);
  emscripten::function("digests", &list_digests);
  emscripten::function("staging", &staging_view);
  emscripten::function("start", &start);
  emscripten::function("update", &update);
  emscripten::function("finish", &finish);
  emscripten::function("cancel", &cancel);
  emscripten::function("digestMany", &digest_many);
}
