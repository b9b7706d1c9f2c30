#include "backend/windows_file.h"

#include <vector>

namespace winwire::backend {
namespace {

// The company name in the resource of native/standin/websocket_dll.rc.
constexpr wchar_t kStandInCompany[] = L"winwire stand-in";

class VersionResource {
 public:
  explicit VersionResource(const std::wstring& path) {
    DWORD unused = 0;
    const DWORD size = GetFileVersionInfoSizeW(path.c_str(), &unused);
    if (size == 0) return;
    data_.resize(size);
    if (GetFileVersionInfoW(path.c_str(), 0, size, data_.data()) == 0) data_.clear();
  }

  template <typename Value>
  const Value* Query(const std::wstring& block) const {
    void* value = nullptr;
    UINT size = 0;
    if (data_.empty() || VerQueryValueW(data_.data(), block.c_str(), &value, &size) == 0 || size == 0) return nullptr;
    return static_cast<const Value*>(value);
  }

 private:
  std::vector<BYTE> data_;
};

std::string VersionText(const VS_FIXEDFILEINFO& info) {
  const auto part = [](DWORD word) { return std::to_string(word & 0xFFFF); };
  return part(info.dwFileVersionMS >> 16) + "." + part(info.dwFileVersionMS) + "." + part(info.dwFileVersionLS >> 16) +
         "." + part(info.dwFileVersionLS);
}

struct Translation {
  WORD language;
  WORD code_page;
};

std::wstring CompanyName(const VersionResource& resource) {
  const auto* translation = resource.Query<Translation>(L"\\VarFileInfo\\Translation");
  if (translation == nullptr) return {};
  constexpr wchar_t kDigits[] = L"0123456789abcdef";
  std::wstring block = L"\\StringFileInfo\\";
  for (const WORD word : {translation->language, translation->code_page}) {
    for (int shift = 12; shift >= 0; shift -= 4) block += kDigits[(word >> shift) & 0xF];
  }
  const auto* name = resource.Query<wchar_t>(block + L"\\CompanyName");
  return name == nullptr ? std::wstring() : std::wstring(name);
}

}  // namespace

std::wstring SystemDirectory() {
  std::wstring path(MAX_PATH, L'\0');
  UINT size = GetSystemDirectoryW(path.data(), static_cast<UINT>(path.size()));
  if (size > path.size()) {
    path.resize(size);
    size = GetSystemDirectoryW(path.data(), static_cast<UINT>(path.size()));
  }
  path.resize(size);
  return path;
}

std::string ToUtf8(const std::wstring& text) {
  if (text.empty()) return {};
  const int length = static_cast<int>(text.size());
  std::string utf8(
      static_cast<std::size_t>(WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr)),
      '\0');
  WideCharToMultiByte(CP_UTF8, 0, text.data(), length, utf8.data(), static_cast<int>(utf8.size()), nullptr, nullptr);
  return utf8;
}

std::string DescribeError(DWORD error) {
  wchar_t text[512];
  const DWORD size = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, error, 0, text,
                                    static_cast<DWORD>(sizeof(text) / sizeof(text[0])), nullptr);
  std::wstring message(text, size);
  while (!message.empty() && (message.back() == L'\n' || message.back() == L'\r' || message.back() == L' ')) {
    message.pop_back();
  }
  return "Windows error " + std::to_string(error) + (message.empty() ? "" : " (" + ToUtf8(message) + ")");
}

FileIdentity IdentifyFile(const std::wstring& path) {
  const VersionResource resource(path);
  FileIdentity identity;
  if (const auto* info = resource.Query<VS_FIXEDFILEINFO>(L"\\")) identity.version = VersionText(*info);
  const std::wstring company = CompanyName(resource);
  if (company.find(L"Microsoft") != std::wstring::npos) {
    identity.provider = "Microsoft";
  } else if (company == kStandInCompany) {
    identity.provider = "stand-in";
  } else {
    identity.provider = company.empty() ? "unknown" : ToUtf8(company);
  }
  return identity;
}

}  // namespace winwire::backend
