// Claims whose truth is known, judged: how often is a false one called reproduced, and a true one
// not? scripts/simulate.mjs runs this program and writes docs/CALIBRATION.md.
//
//   simulate --seed 1 --false 10000 --true 1000 --space quick@1 --level 0.001 [--part 0/2]
//            [--kind NAME] [--show 1]
//
// One JSON line for each kind and number of pairs: {kind, truth, pairs, claims, reproduced}. Claim
// number i of a kind depends on the seed, the kind and i alone: parts add up to the whole.
// --kind runs one kind alone; --show writes every claim that is judged wrongly to standard error.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "claim/evidence.h"
#include "claim/verdict.h"
#include "recipe/recipe.h"
#include "search/engine.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {
namespace {

// std::mt19937_64 gives the same numbers everywhere; the library's distributions do not.
class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view kind, std::uint64_t claim) {
    std::vector<std::uint32_t> words{static_cast<std::uint32_t>(seed),
                                     static_cast<std::uint32_t>(claim)};
    for (const char c : kind) words.push_back(static_cast<unsigned char>(c));
    std::seed_seq sequence(words.begin(), words.end());
    engine_.seed(sequence);
  }
  // Uniform below n, up to a bias under n / 2^64.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  template <typename Items>
  auto& of(Items& items) {
    return items[below(std::size(items))];
  }

 private:
  std::mt19937_64 engine_;
};

using Texts = std::vector<std::string>;

// Names as they are in tag lists: one to three words of two to four syllables.
std::string draw_name(Dice& dice) {
  static const Texts kOnsets = {"",  "b", "ch", "d", "f", "g", "h",  "j", "k", "l",
                                "m", "n", "p",  "r", "s", "t", "sh", "v", "y", "z"};
  static const Texts kNuclei = {"a", "e", "i", "o", "u", "ai", "ou"};
  static const Texts kCodas = {"", "", "", "n", "r", "s"};
  static const std::size_t kWords[] = {1, 2, 2, 2, 3};
  std::string name;
  for (std::size_t words = dice.of(kWords); words > 0; --words) {
    for (std::size_t syllables = 2 + dice.below(3); syllables > 0; --syllables) {
      name += dice.of(kOnsets) + dice.of(kNuclei) + dice.of(kCodas);
    }
    if (words > 1) name += '_';
  }
  if (dice.below(20) == 0) name[0] = static_cast<char>(std::toupper(name[0]));
  return name;
}

Texts draw_names(Dice& dice, std::size_t count) {
  std::set<std::string> names;
  while (names.size() < count) names.insert(draw_name(dice));
  Texts drawn(names.begin(), names.end());
  for (std::size_t i = drawn.size(); i > 1; --i) std::swap(drawn[i - 1], drawn[dice.below(i)]);
  return drawn;
}

std::string draw_tag(Dice& dice, std::string_view alphabet, std::size_t length) {
  std::string tag;
  while (tag.size() < length) tag += alphabet[dice.below(alphabet.size())];
  return tag;
}

// Different from each other.
Texts draw_tags(Dice& dice, std::string_view alphabet, std::size_t length, std::size_t count) {
  Texts tags;
  while (tags.size() < count) {
    std::string tag = draw_tag(dice, alphabet, length);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
  return tags;
}

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kHexDigits = "0123456789abcdef";

// A recipe of every space (`quick` holds the least) with so many steps that do something.
std::string draw_recipe(Dice& dice, std::size_t stages) {
  static const Texts kNormalisations = {"lower", "strip chars=_", "spaces"};
  static const Texts kDigests = {"crc32", "md5", "sha1", "sha256", "sha512", "blake3"};
  const std::string n = std::to_string(3 + dice.below(2));
  Texts selections = {"take n=" + n, "last n=" + n,
                      "window at=" + std::to_string(1 + dice.below(3)) + " n=" + n};
  Texts ciphers = {"rot n=" + std::to_string(1 + dice.below(25)), "atbash", "reverse"};
  const std::string& selection = dice.of(selections);
  if (stages == 1) return selection;
  if (stages == 2) {
    // `lower` alone changes few names.
    if (dice.below(3) == 0) return kNormalisations[1 + dice.below(2)] + " | " + selection;
    return dice.of(ciphers) + " | " + selection;
  }
  if (dice.below(2) == 0) {
    const bool letters = dice.below(2) == 0;
    return dice.of(kDigests) + (letters ? " | letters" : " | hex") +
           (dice.below(2) == 0 ? " | take n=" : " | last n=") + n;
  }
  return dice.of(kNormalisations) + " | " + dice.of(ciphers) + " | " + selection;
}

std::string draw_bytes(Dice& dice, std::string_view high, std::size_t size) {
  std::string key;
  for (std::size_t i = 0; i < size; ++i) {
    key += high[dice.below(high.size())];
    key += kHexDigits[1 + dice.below(15)];
  }
  return key;
}

// A recipe with a key that no space lists, of tags that are hexadecimal.
std::string draw_keyed_bytes(Dice& dice) {
  const std::string n = std::to_string(2 + dice.below(3));
  const std::string select = dice.below(2) == 0 ? "take n=" + n : "last n=" + n;
  const std::string cipher = "xor key=0x" + draw_bytes(dice, kHexDigits, 2 + dice.below(3));
  return (dice.below(2) == 0 ? cipher + " | " + select : select + " | " + cipher) + " | hex";
}

// A recipe with a key that no space lists.
std::string draw_keyed(Dice& dice) {
  const std::string n = std::to_string(3 + dice.below(3));
  const std::string select = dice.below(2) == 0 ? "take n=" + n : "last n=" + n;
  if (dice.below(2) == 0) {
    return select + " | vigenere key=" + draw_tag(dice, kLetters, 2 + dice.below(4));
  }
  // Letters stay printable.
  return select + " | xor key=0x" + draw_bytes(dice, "01", 2 + dice.below(3));
}

// The tags that a recipe gives; empty where it does not give every name one.
Texts tags_of(const std::string& source, const Texts& names) {
  const auto recipe = read_recipe(source);
  if (!recipe) {
    std::fprintf(stderr, "%s: %s\n", source.c_str(), recipe.error().what.c_str());
    std::abort();
  }
  Texts tags;
  for (const std::string& name : names) {
    const auto output = run(*recipe, Value::text(name));
    if (!output || output->data.size() < 3) return {};
    tags.push_back(output->data);
  }
  return tags;
}

using Pairs = std::vector<Pair>;

Pairs paired(const Texts& names, const Texts& tags) {
  Pairs pairs;
  for (std::size_t i = 0; i < names.size(); ++i) pairs.push_back({names[i], tags[i]});
  return pairs;
}

// Changes which name has which tag; false where nothing is changed.
bool shuffle_tags(Dice& dice, Pairs& pairs) {
  const Pairs before = pairs;
  for (std::size_t i = pairs.size(); i > 1; --i) {
    std::swap(pairs[i - 1].tag, pairs[dice.below(i)].tag);
  }
  return pairs != before;
}

// Names, and the tags that some recipe gives them.
Pairs planted(Dice& dice, std::size_t count, const std::function<std::string(Dice&)>& draw) {
  for (;;) {
    const Texts names = draw_names(dice, count);
    const Texts tags = tags_of(draw(dice), names);
    if (!tags.empty()) return paired(names, tags);
  }
}

Pairs planted_in_space(Dice& dice, std::size_t count) {
  return planted(dice, count, [](Dice& d) { return draw_recipe(d, 1 + d.below(3)); });
}

// Spellings of one name, all different.
Texts spellings_of(Dice& dice, std::size_t count) {
  for (;;) {
    const std::string name = draw_name(dice);
    std::string upper = name;
    std::string spaced = name;
    std::string joined;
    std::string title = name;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    std::replace(spaced.begin(), spaced.end(), '_', ' ');
    for (const char c : name) {
      if (c != '_') joined += c;
    }
    title[0] = static_cast<char>(title[0] == std::toupper(title[0]) ? std::tolower(title[0])
                                                                    : std::toupper(title[0]));
    Texts spellings;
    for (const std::string& spelling :
         {name, spaced, title, upper, joined, name + "s", "by " + name, name + "_(vtuber)"}) {
      if (std::find(spellings.begin(), spellings.end(), spelling) == spellings.end()) {
        spellings.push_back(spelling);
      }
    }
    if (spellings.size() < count) continue;
    spellings.resize(count);
    return spellings;
  }
}

struct Kind {
  const char* name;
  bool truth;
  std::size_t least_pairs;
  std::function<Pairs(Dice&, std::size_t count)> draw;
};

std::vector<Kind> kinds() {
  const auto by_stages = [](std::size_t stages) {
    return [stages](Dice& dice, std::size_t count) {
      return planted(dice, count, [stages](Dice& d) { return draw_recipe(d, stages); });
    };
  };
  return {
      {"random tags", false, 1,
       [](Dice& dice, std::size_t count) {
         return paired(draw_names(dice, count),
                       draw_tags(dice, kLetters, 2 + dice.below(3), count));
       }},
      {"hexadecimal tags", false, 1,
       [](Dice& dice, std::size_t count) {
         return paired(draw_names(dice, count),
                       draw_tags(dice, kHexDigits, 2 + dice.below(4), count));
       }},
      {"a planted recipe's tags, shuffled", false, 2,
       [](Dice& dice, std::size_t count) {
         for (;;) {
           Pairs pairs = planted_in_space(dice, count);
           // What was left as it was is true.
           if (shuffle_tags(dice, pairs)) return pairs;
         }
       }},
      {"a planted key's tags, shuffled", false, 2,
       [](Dice& dice, std::size_t count) {
         for (;;) {
           Pairs pairs = planted(dice, count, dice.below(2) == 0 ? draw_keyed : draw_keyed_bytes);
           if (shuffle_tags(dice, pairs)) return pairs;
         }
       }},
      {"a planted recipe's tags, of other names", false, 1,
       [](Dice& dice, std::size_t count) {
         for (;;) {
           Pairs pairs = planted_in_space(dice, 2 * count);
           bool own = true;
           for (std::size_t i = 0; i < count; ++i) {
             own = own && pairs[i].tag == pairs[count + i].tag;
             pairs[i].tag = pairs[count + i].tag;
           }
           pairs.resize(count);
           if (!own) return pairs;
         }
       }},
      {"one tag for all names", false, 2,
       [](Dice& dice, std::size_t count) {
         const Texts tags(count, draw_tag(dice, kLetters, 2 + dice.below(3)));
         return paired(draw_names(dice, count), tags);
       }},
      {"one pair, repeated", false, 2,
       [](Dice& dice, std::size_t count) {
         return Pairs(count, {draw_name(dice), draw_tag(dice, kLetters, 2 + dice.below(3))});
       }},
      {"spellings of one name, one tag", false, 2,
       [](Dice& dice, std::size_t count) {
         const Texts tags(count, draw_tag(dice, kLetters, 2 + dice.below(3)));
         return paired(spellings_of(dice, count), tags);
       }},
      {"spellings of one name, tags of their own", false, 2,
       [](Dice& dice, std::size_t count) {
         return paired(spellings_of(dice, count),
                       draw_tags(dice, kLetters, 2 + dice.below(3), count));
       }},
      {"prefixes of other names", false, 1,
       [](Dice& dice, std::size_t count) {
         for (;;) {
           const Texts names = draw_names(dice, 2 * count);
           Pairs pairs;
           for (std::size_t i = 0; i < count; ++i) {
             pairs.push_back({names[i], names[count + i].substr(0, 3)});
           }
           const bool own = std::any_of(pairs.begin(), pairs.end(), [](const Pair& pair) {
             return pair.name.starts_with(pair.tag);
           });
           if (!own) return pairs;
         }
       }},
      {"planted, one stage", true, 1, by_stages(1)},
      {"planted, two stages", true, 1, by_stages(2)},
      {"planted, three stages", true, 1, by_stages(3)},
      {"planted, a key of its own", true, 1,
       [](Dice& dice, std::size_t count) { return planted(dice, count, draw_keyed); }},
      {"planted, a key of its own and hex", true, 1,
       [](Dice& dice, std::size_t count) { return planted(dice, count, draw_keyed_bytes); }},
  };
}

Evidence examined(Pairs pairs, const std::string& space, double level) {
  Claim claim;
  claim.pairs = std::move(pairs);
  claim.space = space;
  claim.level = level;
  auto hypotheses = propose(std::move(claim));
  if (!hypotheses) std::abort();
  Evidence evidence;
  evidence.structure = examine_structure(*hypotheses);
  auto search = Search::open(*std::move(hypotheses), **require_clip_vocabulary());
  if (!search) {
    std::fprintf(stderr, "%s\n", search.error().what.c_str());
    std::abort();
  }
  for (std::size_t unit = 0; unit < search->plan().units().size(); ++unit) search->run(unit);
  evidence.search = search->finish();
  return evidence;
}

void show(const Kind& kind, const Pairs& pairs, const Verdict& verdict, const Evidence& evidence) {
  std::string line = std::string(kind.name) + ":";
  for (const Pair& pair : pairs) line += ' ' + pair.name + '=' + pair.tag;
  const Json& search = evidence.search->json;
  Json hit;
  if (!search["hits"].items().empty()) hit = search["hits"].items()[0];
  Json key;
  if (const Json& known = search["known_plaintext"];
      known.is_object() && !known["hits"].items().empty()) {
    key = known["hits"].items()[0];
  }
  std::fprintf(stderr, "%s\n  %s\n  %s\n  %s\n  %s\n", line.c_str(),
               write_canonical(to_json(verdict)).c_str(), write_canonical(hit).c_str(),
               write_canonical(key).c_str(), write_canonical(search["permutations"]).c_str());
}

struct Counts {
  std::uint64_t claims = 0;
  std::uint64_t reproduced = 0;
};

constexpr std::size_t kMostPairs = 7;

void simulate(std::uint64_t seed, std::uint64_t false_claims, std::uint64_t true_claims,
              const std::string& space, double level, unsigned part, unsigned parts,
              const std::string& only, bool shows) {
  const std::vector<Kind> all = kinds();
  const auto share = [&](const Kind& kind) {
    const auto same = static_cast<std::uint64_t>(std::count_if(
        all.begin(), all.end(), [&](const Kind& other) { return other.truth == kind.truth; }));
    return ((kind.truth ? true_claims : false_claims) + same - 1) / same;
  };
  for (const Kind& kind : all) {
    if (!only.empty() && kind.name != only) continue;
    std::map<std::size_t, Counts> by_pairs;
    for (std::uint64_t i = part; i < share(kind); i += parts) {
      Dice dice(seed, kind.name, i);
      // As many claims of each number of pairs.
      const std::size_t count = kind.least_pairs + i % (kMostPairs + 1 - kind.least_pairs);
      Counts& counts = by_pairs[count];
      ++counts.claims;
      const Pairs pairs = kind.draw(dice, count);
      const Evidence evidence = examined(pairs, space, level);
      const Verdict verdict = judge(evidence, level);
      const bool reproduced = verdict.state == State::reproduced;
      if (reproduced) ++counts.reproduced;
      if (shows && reproduced != kind.truth) show(kind, pairs, verdict, evidence);
    }
    for (const auto& [pairs, counts] : by_pairs) {
      const std::string line = write_canonical({{"kind", kind.name},
                                                {"truth", kind.truth},
                                                {"pairs", pairs},
                                                {"claims", counts.claims},
                                                {"reproduced", counts.reproduced}});
      std::printf("%s\n", line.c_str());
      std::fflush(stdout);
    }
  }
}

}  // namespace
}  // namespace tagscope

int main(int argc, char** argv) {
  std::map<std::string, std::string> options = {
      {"--seed", "1"},      {"--false", "10000"}, {"--true", "1000"}, {"--space", "quick@1"},
      {"--level", "0.001"}, {"--part", "0/1"},    {"--kind", ""},     {"--show", "0"}};
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!options.contains(argv[i])) {
      std::fprintf(stderr, "simulate: there is no option %s\n", argv[i]);
      return 2;
    }
    options[argv[i]] = argv[i + 1];
  }
  std::ifstream file(TAGSCOPE_ASSETS_DIR "/clip.vocab", std::ios::binary);
  const auto loaded =
      tagscope::load_clip_vocabulary(std::string(std::istreambuf_iterator<char>(file), {}));
  if (!loaded) {
    std::fprintf(stderr, "simulate: %s\n", loaded.error().what.c_str());
    return 2;
  }
  const std::string& part = options["--part"];
  const std::size_t slash = part.find('/');
  if (slash == std::string::npos) return 2;
  const auto number = [&](const char* option) {
    return std::strtoull(options[option].c_str(), nullptr, 10);
  };
  const auto parts = static_cast<unsigned>(std::strtoul(part.c_str() + slash + 1, nullptr, 10));
  tagscope::simulate(number("--seed"), number("--false"), number("--true"), options["--space"],
                     std::strtod(options["--level"].c_str(), nullptr),
                     static_cast<unsigned>(std::strtoul(part.c_str(), nullptr, 10)),
                     std::max(1U, parts), options["--kind"], number("--show") != 0);
  return 0;
}
