// A minimal test harness. Tests register themselves by title; a failed check throws and ends its test.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace winwire::test {

class CheckFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct TestCase {
  std::string title;
  std::function<void()> run;
};

// In the order of registration, which differs between linkers; callers sort.
std::vector<TestCase>& RegisteredTests();

struct TestRegistrar {
  TestRegistrar(const char* title, void (*run)()) { RegisteredTests().push_back({title, run}); }
};

// The location and the source text of a check.
struct CheckSite {
  const char* file;
  int line;
  const char* text;
};

[[noreturn]] void FailCheck(const CheckSite& site, std::string_view details);

std::string DescribeText(std::string_view text);
std::string DescribeBytes(const std::uint8_t* bytes, std::size_t size);
std::string DescribePointer(const void* pointer);
std::string DescribeInteger(std::int64_t value, std::size_t width);
std::string DescribeUnsigned(std::uint64_t value);

template <class T>
std::string Describe([[maybe_unused]] const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    return Describe(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    return DescribeInteger(value, sizeof(T));
  } else if constexpr (std::is_integral_v<T>) {
    return DescribeUnsigned(value);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return DescribeText(value);
  } else if constexpr (std::is_null_pointer_v<T>) {
    return "NULL";
  } else if constexpr (std::is_pointer_v<T>) {
    return DescribePointer(static_cast<const void*>(value));
  } else {
    static_assert(sizeof(T) == 0, "Describe: no text for this type");
  }
}

inline std::string Describe(const std::vector<std::uint8_t>& bytes) {
  return DescribeBytes(bytes.data(), bytes.size());
}

template <class T>
std::string Describe(const std::vector<T>& values) {
  std::string text = "{";
  for (const T& value : values) text += (text.size() == 1 ? "" : ",") + ("\n    " + Describe(value));
  return text + "}";
}

template <class T>
std::string Describe(const std::optional<T>& value) {
  return value ? Describe(*value) : "nothing";
}

inline void CheckTrue(const CheckSite& site, bool holds, std::string_view note = {}) {
  if (!holds) FailCheck(site, note);
}

template <class A, class B>
bool AreEqual(const A& actual, const B& expected) {
  if constexpr (std::is_integral_v<A> && std::is_integral_v<B> && !std::is_same_v<A, bool> &&
                !std::is_same_v<B, bool> && !std::is_same_v<A, char> && !std::is_same_v<B, char>) {
    return std::cmp_equal(actual, expected);
  } else {
    return actual == expected;
  }
}

template <class A, class B>
void CheckEqual(const CheckSite& site, const A& actual, const B& expected, std::string_view note = {}) {
  if (AreEqual(actual, expected)) return;
  std::string details = "\n  actual:   " + Describe(actual) + "\n  expected: " + Describe(expected);
  if (!note.empty()) details.append("\n  where:    ").append(note);
  FailCheck(site, details);
}

}  // namespace winwire::test

#define WINWIRE_SITE(text) \
  ::winwire::test::CheckSite { __FILE__, __LINE__, text }

// CHECK(condition[, note])
#define CHECK(...) ::winwire::test::CheckTrue(WINWIRE_SITE(#__VA_ARGS__), __VA_ARGS__)
// CHECK_EQ(actual, expected[, note])
#define CHECK_EQ(...) ::winwire::test::CheckEqual(WINWIRE_SITE(#__VA_ARGS__), __VA_ARGS__)

#define WINWIRE_JOIN_INNER(a, b) a##b
#define WINWIRE_JOIN(a, b) WINWIRE_JOIN_INNER(a, b)

// TEST("subject: sentence") { ... }
#define TEST(title)                                                                                                  \
  static void WINWIRE_JOIN(RunTest, __LINE__)();                                                                     \
  static const ::winwire::test::TestRegistrar WINWIRE_JOIN(kTest, __LINE__)(title, WINWIRE_JOIN(RunTest, __LINE__)); \
  static void WINWIRE_JOIN(RunTest, __LINE__)()
