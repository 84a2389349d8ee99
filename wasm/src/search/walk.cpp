#include "search/walk.h"

#include <algorithm>

#include "catalog/digests.h"

namespace tagscope {
namespace {

constexpr std::size_t kNoParent = ~std::size_t{0};

bool begins_with(const Fragment& fragment, const Fragment& beginning) {
  return !beginning.steps.empty() && beginning.steps.size() < fragment.steps.size() &&
         fragment.text.starts_with(beginning.text + " | ");
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// The steps that take most of the time, without their errors and copies. True where done.
bool apply_at_once(const Step& step, const std::string& in, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  const std::string_view id = step.method->id;
  if (step.inverse) return false;
  if (id == "hex") {
    out.resize(2 * in.size());
    for (std::size_t i = 0; i < in.size(); ++i) {
      const auto byte = static_cast<unsigned char>(in[i]);
      out[2 * i] = kHex[byte >> 4];
      out[2 * i + 1] = kHex[byte & 15];
    }
    return true;
  }
  if (id == "letters") {
    out.resize(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) {
      out[i] = static_cast<char>('a' + static_cast<unsigned char>(in[i]) % 26);
    }
    return true;
  }
  if (id == "lower" && is_ascii(in)) {
    out.resize(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) {
      const char c = in[i];
      out[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return true;
  }
  return false;
}

}  // namespace

Walk::Walk(const SearchPlan& plan, std::vector<std::string> names)
    : plan_(&plan), names_{Kind::text, std::move(names), {}} {
  names_.has.assign(names_.data.size(), 1);
  for (const SpaceBlock& block : plan.blocks()) {
    auto& parents = parents_.emplace_back();
    for (std::size_t e = 0; e < block.encodings.size(); ++e) {
      parents.push_back({kNoParent, 0});
      for (std::size_t before = 0; before < e; ++before) {
        if (begins_with(block.encodings[e], block.encodings[before])) {
          parents.back() = {before, block.encodings[before].steps.size()};
        }
      }
    }
  }
}

void Walk::apply(std::span<const Step> steps, const Values& input, Values& output) const {
  if (steps.empty()) {
    output = input;
    return;
  }
  const std::size_t count = input.data.size();
  Kind kind = input.kind;
  const Values* from = &input;
  Values between;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const Step& step = steps[s];
    if (!holds(step.in(), kind)) kind = Kind::bytes;  // text goes in as its UTF-8
    Values& to = s + 1 == steps.size() ? output : between;
    Values made;
    Values& target = &to == from ? made : to;
    target.data.resize(count);
    target.has = from->has;
    for (std::size_t i = 0; i < count; ++i) {
      if (!target.has[i] || apply_at_once(step, from->data[i], target.data[i])) continue;
      // Most methods look at their input where it lies; the others get a copy.
      const auto& function = step.inverse ? step.method->backward : step.method->forward;
      if (function.of_data != nullptr) {
        auto data = function.of_data(step.prepared.options.get(), from->data[i]);
        target.has[i] = data.ok() ? 1 : 0;
        if (data) target.data[i] = *std::move(data);
        continue;
      }
      auto value = step.prepared.apply(Value{kind, from->data[i], {}});
      if (value) {
        target.data[i] = std::move(value->data);
      } else {
        target.has[i] = 0;
      }
    }
    kind = kind_of(step.out(), kind);
    target.kind = kind;
    if (&target == &made) to = std::move(made);
    from = &to;
  }
}

void Walk::digest_together(const Step& step, std::span<const Values> inputs,
                           std::vector<Values>& out) {
  std::vector<std::string_view> texts;
  for (const Values& values : inputs) {
    for (const std::string& data : values.data) texts.emplace_back(data);
  }
  const std::string digests = digests_of(*step.method, texts);
  const std::size_t size = texts.empty() ? 0 : digests.size() / texts.size();
  out.resize(inputs.size());
  std::size_t at = 0;
  for (std::size_t v = 0; v < inputs.size(); ++v) {
    out[v].kind = Kind::bytes;
    out[v].has = inputs[v].has;
    out[v].data.resize(inputs[v].data.size());
    for (std::string& data : out[v].data) {
      data.assign(digests, at, size);
      at += size;
    }
  }
}

void Walk::unit(const Unit& unit, const std::function<void(const PrefixValues&)>& visit) {
  const SpaceBlock& block = plan_->blocks()[unit.block];
  if (!has_normalised_ || block_ != unit.block || normalisation_ != unit.normalisation) {
    apply(block.normalisations[unit.normalisation].steps, names_, normalised_);
    block_ = unit.block;
    normalisation_ = unit.normalisation;
    has_normalised_ = true;
  }
  std::vector<Values> inputs(unit.cipher_end - unit.cipher_begin);
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    apply(block.ciphers[unit.cipher_begin + c].steps, normalised_, inputs[c]);
  }
  const Fragment& digest = block.digests[unit.digest];
  std::vector<Values> digested;
  if (!digest.steps.empty()) {
    // A digest of a space is one step under default arguments, which is what goes together.
    digest_together(digest.steps[0], inputs, digested);
    inputs.swap(digested);
  }
  std::vector<Values> encoded(block.encodings.size());
  for (std::uint32_t c = 0; c < inputs.size(); ++c) {
    for (std::uint32_t e = 0; e < block.encodings.size(); ++e) {
      const Parent& parent = parents_[unit.block][e];
      const std::span<const Step> steps(block.encodings[e].steps);
      if (parent.encoding == kNoParent) {
        apply(steps, inputs[c], encoded[e]);
      } else {
        apply(steps.subspan(parent.steps), encoded[parent.encoding], encoded[e]);
      }
      visit({plan_->prefix_of(unit, unit.cipher_begin + c, e),
             &plan_->selections(unit.block, unit.digest, e), encoded[e].kind, encoded[e].data,
             encoded[e].has});
    }
  }
}

}  // namespace tagscope
