// Regular expressions against the results of RE2.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "expression/regex.h"

namespace expression_regex_test {

using namespace reticle;

namespace {

// 'y', 'n', or '!' for a pattern that cannot be read.
char match(std::string_view pattern, std::string_view text) {
  const auto program = compileRegex(pattern);
  if (!program.ok()) return '!';
  std::int64_t steps = 10000000;
  const bool matched = matchRegex(*program, text, steps);
  return steps < 0 ? '?' : matched ? 'y' : 'n';
}

struct Line {
  const char* pattern;
  std::string_view text;
  char result;
};

}  // namespace

TEST_SUITE("regex") {
  TEST_CASE("patterns match as in RE2") {
    const std::vector<Line> table = {
        {"", "", 'y'},
        {"", "abc", 'y'},
        {"abc", "xabcx", 'y'},
        {"abc", "ab", 'n'},
        {"a.c", "abc", 'y'},
        {"a.c", "a\nc", 'n'},
        {"(?s)a.c", "a\nc", 'y'},
        {"^abc$", "abc", 'y'},
        {"^abc$", "xabc", 'n'},
        {"^abc$", "abcx", 'n'},
        {"^abc$", "abc\n", 'n'},
        {"(?m)^b$", "a\nb\nc", 'y'},
        {"^b$", "a\nb\nc", 'n'},
        {"a*", "", 'y'},
        {"^a*$", "aaa", 'y'},
        {"^a+$", "", 'n'},
        {"^a+$", "aa", 'y'},
        {"^a?b$", "b", 'y'},
        {"^a?b$", "aab", 'n'},
        {"^a{3}$", "aaa", 'y'},
        {"^a{3}$", "aa", 'n'},
        {"^a{2,}$", "aaaa", 'y'},
        {"^a{2,}$", "a", 'n'},
        {"^a{1,2}$", "aaa", 'n'},
        {"^a{0}$", "", 'y'},
        {"a{,2}", "a{,2}", 'y'},
        {"a{x}", "a{x}", 'y'},
        {"{", "{", 'y'},
        {"^a{0,1}b{2,3}c*$", "bbbcc", 'y'},
        {"^(?:a|bc)+$", "abcabc", 'y'},
        {"^(a|b|)c$", "c", 'y'},
        {"a|b|c", "xxc", 'y'},
        {"^(?:ab|a)b$", "ab", 'y'},
        {"(|a)*b", "aab", 'y'},
        {"(a*)*b", "aaab", 'y'},
        {"^a*?b$", "aab", 'y'},
        {"^a+?$", "aa", 'y'},
        {"^a??b$", "ab", 'y'},
        {"^a{1,2}?$", "aa", 'y'},
        {"[abc]", "xb", 'y'},
        {"[^abc]", "abc", 'n'},
        {"[^abc]", "abcd", 'y'},
        {"^[a-c]+$", "abc", 'y'},
        {"^[a-c]+$", "abd", 'n'},
        {"[]a]", "]", 'y'},
        {"[^]a]", "]", 'n'},
        {"[a-]", "-", 'y'},
        {"[-a]", "-", 'y'},
        {"[a\\]b]", "]", 'y'},
        {"[\\d-z]", "-", 'y'},
        {"[.]", "x", 'n'},
        {"[a^]", "^", 'y'},
        {"^\\d+$", "0123", 'y'},
        {"^\\D+$", "a1", 'n'},
        {"^\\w+$", "aZ_9", 'y'},
        {"\\W", "aZ_9", 'n'},
        {"^\\s+$", " \t\n\r\f", 'y'},
        {"^\\S$", " ", 'n'},
        {"^[\\d\\s]+$", "1 2", 'y'},
        {"^[^\\d]+$", "ab", 'y'},
        {"^[\\D]$", "1", 'n'},
        {"^[[:alpha:]]+$", "abC", 'y'},
        {"^[[:^alpha:]]$", "1", 'y'},
        {"^[[:digit:][:space:]]+$", "1 2", 'y'},
        {"[[:nope:]]", "a", '!'},
        {"\\bfoo\\b", "a foo b", 'y'},
        {"\\bfoo\\b", "afoo", 'n'},
        {"\\Boo", "foo", 'y'},
        {"\\Bfoo", "foo", 'n'},
        {"\\Aab\\z", "ab", 'y'},
        {"\\Aab\\z", "cab", 'n'},
        {"\\.", "a", 'n'},
        {"\\.", ".", 'y'},
        {"\\\\", "\\", 'y'},
        {"\\x41", "A", 'y'},
        {"\\x{1F600}", "\xf0\x9f\x98\x80", 'y'},
        {"\\n\\t", "\n\t", 'y'},
        {"\\Qa.b\\E+", "a.bbb", 'y'},
        {"\\Qa.b", "axb", 'n'},
        {"\\/", "/", 'y'},
        {"\\-", "-", 'y'},
        {"(?i)abc", "ABC", 'y'},
        {"(?i)[a-c]+$", "ABC", 'y'},
        {"(?i)[^a]", "A", 'n'},
        {"a(?i)b", "aB", 'y'},
        {"a(?i)b", "AB", 'n'},
        {"(?i:a)b", "Ab", 'y'},
        {"(?i:a)b", "AB", 'n'},
        {"(?i)\xc3\xa4", "\xc3\x84", 'y'},
        {"(?i)a(?-i)b", "Ab", 'y'},
        {"(?i)a(?-i)b", "AB", 'n'},
        {"((?i)a)b", "AB", 'n'},
        {"(?P<year>\\d{4})-(?<month>\\d\\d)", "2024-01", 'y'},
        {"^.$", "\xc3\xa9", 'y'},
        {"^..$", "\xc3\xa9", 'n'},
        {"^[\xc3\xa0-\xc3\xbf]$", "\xc3\xa9", 'y'},
        {"^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", "ada@example.org", 'y'},
        {"^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", "ada@example", 'n'},
        {"^\\+?[0-9 ()-]{7,}$", "+49 (30) 1234-567", 'y'},
        {"x*", "aaa", 'y'},
        {"\\101", "A", 'y'},
        {"[\\101-\\103]", "B", 'y'},
        {"\\0", std::string_view("\0", 1), 'y'},
        {"(?U)^a+$", "aa", 'y'},
        {"(?im-s)^B.$", "a\nbc", 'y'},
        {"(?s-i).", "\n", 'y'},
        {"(?:(?i)a)a", "Aa", 'y'},
        {"(?:(?i)a)a", "AA", 'n'},
        {"(?m)a$\\nb", "a\nb", 'y'},
        {"^(?:a{2}){2}$", "aaaa", 'y'},
        {"^(?:a{2}){2}$", "aaa", 'n'},
        {"$^", "", 'y'},
        {"a$b", "ab", 'n'},
        {"^*a", "ba", 'y'},
        {".", "\xff", 'y'},
    };
    for (const Line& line : table) {
      const std::string pattern = line.pattern, text(line.text);
      CAPTURE(pattern);
      CAPTURE(text);
      CHECK(match(line.pattern, line.text) == line.result);
    }
  }

  TEST_CASE("a bad pattern is reported with a reason") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"(", "never closed"},
        {")", "without `(`"},
        {"[a", "never closed"},
        {"*a", "nothing stands before `*`"},
        {"a**", "needs a group"},
        {"a{2,1}", "backwards"},
        {"a{1001}", "1000"},
        {"[z-a]", "backwards"},
        {"(?=a)", "linear time"},
        {"(?<!a)", "linear time"},
        {"(a)\\1", "linear time"},
        {"\\pL", "Unicode property"},
        {"[\\p{Greek}]", "Unicode property"},
        {"\\8", "linear time"},
        {"(?<a>x)(?<a>y)", "two groups"},
        {"\\C", "means nothing"},
        {"\\Z", "means nothing"},
        {"x{2}{3}", "needs a group"},
        {"(?P=a)", "flags"},
        {"\\y", "means nothing"},
        {"\\", "ends in"},
        {"\\x4", "hexadecimal"},
        {"\\x{110000}", "hexadecimal"},
        {"(?z)", "flags"},
        {"((a{1000}){1000}){1000}", "too large"},
        {"(?P<>a)", "name"},
        {"a|*", "nothing stands before"},
    };
    for (const auto& line : table) {
      const auto& [pattern, reason] = line;
      CAPTURE(line.first);
      const auto program = compileRegex(pattern);
      CHECK_FALSE(program.ok());
      if (!program.ok()) CHECK(program.error().message.find(reason) != std::string::npos);
    }
    CHECK(compileRegex("((((){1000}){1000}){1000}){1000}").ok());  // nothing, however often
    CHECK_FALSE(compileRegex(std::string(10000, '(') + std::string(10000, ')')).ok());
  }

  TEST_CASE("patterns that ruin a backtracking matcher take linear time") {
    const std::string text(10000, 'a');
    CHECK(match("(a|aa)+$", text + "b") == 'n');
    CHECK(match("(a*)*(a*)*(a*)*b", text) == 'n');
    CHECK(match("^(([a-z])+.)+[A-Z]([a-z])+$", text) == 'n');
    std::int64_t steps = 1000;
    CHECK_FALSE(matchRegex(*compileRegex("(a|aa)+$"), text, steps));
    CHECK(steps < 0);
  }
}

}  // namespace expression_regex_test
