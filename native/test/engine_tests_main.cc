// engine_tests [--list] [--filter <substring>]... [--stop]
//
// Runs the registered tests in the order of their titles and prints a line for each: "ok <title>" or
// "not ok <title>" with the failed check indented below it. --stop ends at the first failure.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "test/check.h"
#include "test/statements/statement.h"
#include "test/support/portable_api.h"

namespace winwire::test {
namespace {

struct Arguments {
  bool list = false;
  bool stop = false;
  std::vector<std::string> filters;
};

bool ReadArguments(int count, char** values, Arguments* arguments) {
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(values[i], "--list") == 0) {
      arguments->list = true;
    } else if (std::strcmp(values[i], "--stop") == 0) {
      arguments->stop = true;
    } else if (std::strcmp(values[i], "--filter") == 0 && i + 1 < count) {
      arguments->filters.emplace_back(values[++i]);
    } else {
      return false;
    }
  }
  return true;
}

std::vector<TestCase> SelectTests(const std::vector<std::string>& filters) {
  std::vector<TestCase> selected;
  for (const TestCase& test : RegisteredTests()) {
    const bool wanted = std::any_of(filters.begin(), filters.end(), [&](const std::string& filter) {
      return test.title.find(filter) != std::string::npos;
    });
    if (wanted || filters.empty()) selected.push_back(test);
  }
  std::sort(selected.begin(), selected.end(), [](const TestCase& a, const TestCase& b) { return a.title < b.title; });
  return selected;
}

// Tests with equal titles would be ambiguous in a report.
bool HaveUniqueTitles(const std::vector<TestCase>& tests) {
  for (std::size_t i = 1; i < tests.size(); ++i) {
    if (tests[i].title != tests[i - 1].title) continue;
    std::printf("two tests are titled \"%s\"\n", tests[i].title.c_str());
    return false;
  }
  return true;
}

void PrintIndented(const std::string& text) {
  std::fputs("  ", stdout);
  for (const char c : text) {
    std::fputc(c, stdout);
    if (c == '\n') std::fputs("  ", stdout);
  }
  std::fputc('\n', stdout);
}

bool RunTest(const TestCase& test) {
  try {
    test.run();
  } catch (const std::exception& failure) {
    std::printf("not ok %s\n", test.title.c_str());
    PrintIndented(failure.what());
    return false;
  }
  std::printf("ok %s\n", test.title.c_str());
  return true;
}

int RunTests(const std::vector<TestCase>& tests, bool stop) {
  int passed = 0;
  int failed = 0;
  for (const TestCase& test : tests) {
    if (RunTest(test)) {
      ++passed;
    } else {
      ++failed;
    }
    std::fflush(stdout);
    if (failed > 0 && stop) break;
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace winwire::test

int main(int argc, char** argv) {
  using namespace winwire::test;
  Arguments arguments;
  if (!ReadArguments(argc, argv, &arguments)) {
    std::fputs("usage: engine_tests [--list] [--stop] [--filter <substring>]...\n", stderr);
    return 2;
  }
  RegisterStatementTests(PortableApi());
  const std::vector<TestCase> tests = SelectTests(arguments.filters);
  if (!HaveUniqueTitles(tests)) return 2;
  if (!arguments.list) return RunTests(tests, arguments.stop);
  for (const TestCase& test : tests) std::printf("%s\n", test.title.c_str());
  return 0;
}
