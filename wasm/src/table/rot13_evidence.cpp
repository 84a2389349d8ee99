#include "table/rot13_evidence.h"

#include <cmath>

namespace tagscope {
namespace {

constexpr std::size_t kSampleBytes = std::size_t{1} << 20;
constexpr double kStandardDeviations = 3;

constexpr unsigned kLetters = 26;
constexpr unsigned kEdge = kLetters;  // the beginning or the end of a word

constexpr char kPairs[] =
#include "table/letter_pairs.inc"
    ;
static_assert(sizeof kPairs == (kLetters + 1) * (kLetters + 1) + 1);

constexpr double kBitsOfUnit = 0.25;

unsigned turned(unsigned letter) { return letter == kEdge ? kEdge : (letter + 13) % kLetters; }

double gain(unsigned a, unsigned b) {
  const auto surprise = [](unsigned first, unsigned second) {
    return kPairs[first * (kLetters + 1) + second];
  };
  return kBitsOfUnit * (surprise(a, b) - surprise(turned(a), turned(b)));
}

// Of the gain of two letters drawn evenly.
double variance() {
  double sum = 0;
  for (unsigned a = 0; a < kLetters; ++a) {
    for (unsigned b = 0; b < kLetters; ++b) sum += gain(a, b) * gain(a, b);
  }
  return sum / (kLetters * kLetters);
}

}  // namespace

Rot13Evidence rot13_evidence(std::string_view text) {
  Rot13Evidence evidence;
  double sum = 0;
  unsigned before = kEdge;
  const auto follow = [&](unsigned letter) {
    if (before != kEdge || letter != kEdge) sum += gain(before, letter);
    before = letter;
  };
  for (const char c : text.substr(0, kSampleBytes)) {
    const unsigned letter = (static_cast<unsigned char>(c) | 0x20U) - 'a';
    follow(letter < kLetters ? letter : kEdge);
    evidence.letters += letter < kLetters ? 1 : 0;
  }
  follow(kEdge);
  if (evidence.letters == 0) return evidence;
  const auto letters = static_cast<double>(evidence.letters);
  evidence.gain_bits = sum / letters;
  evidence.offered = evidence.gain_bits >= kRot13LeastGain &&
                     sum >= kStandardDeviations * std::sqrt(variance() * letters);
  return evidence;
}

}  // namespace tagscope
