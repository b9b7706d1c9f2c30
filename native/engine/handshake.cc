#include "engine/handshake.h"

#include <algorithm>
#include <array>

#include "engine/base64.h"
#include "engine/random.h"
#include "engine/sha1.h"

namespace winwire::engine {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::string_view kVersion = "13";
constexpr std::size_t kKeySize = 16;

std::string Join(const std::vector<std::string>& elements) {
  std::string joined;
  for (const std::string& element : elements) {
    if (!joined.empty()) joined += ", ";
    joined += element;
  }
  return joined;
}

// RFC 6455 section 9.1: a name and parameters. A comma would separate two extensions, a control character could end the
// header.
bool IsExtension(std::string_view text) {
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return printable && text.find(',') == std::string_view::npos && IsToken(ExtensionName(text));
}

template <typename Predicate>
abi::HRESULT ReadStrings(const TokenArray& array, Predicate is_valid, std::vector<std::string>& strings) {
  if (array.strings == nullptr && array.count > 0) return abi::hresult::kInvalidArg;
  strings.reserve(array.count);
  for (abi::ULONG i = 0; i < array.count; ++i) {
    if (array.strings[i] == nullptr || !is_valid(array.strings[i])) return abi::hresult::kInvalidArg;
    strings.emplace_back(array.strings[i]);
  }
  return abi::hresult::kOk;
}

// The common part of request and response (RFC 6455 sections 4.1 and 4.2.1).
bool IsUpgradeToWebSocket(const HeadersView& headers) {
  return headers.HasToken("Upgrade", "websocket") && headers.HasToken("Connection", "upgrade");
}

}  // namespace

std::string AcceptFor(std::string_view key) {
  const Sha1Digest digest = Sha1(std::string(key).append(kGuid));
  return EncodeBase64(digest.data(), digest.size());
}

abi::HRESULT ClientHandshake::Begin(const TokenArray& subprotocols, const TokenArray& extensions) {
  abi::HRESULT hr = ReadStrings(subprotocols, IsToken, subprotocols_);
  if (abi::Succeeded(hr)) hr = ReadStrings(extensions, IsExtension, extensions_);
  if (abi::Failed(hr)) return hr;
  std::array<std::uint8_t, kKeySize> key{};
  if (!FillRandom(key.data(), key.size())) return abi::hresult::kFail;
  key_ = EncodeBase64(key.data(), key.size());
  request_.Add("Connection", "Upgrade");
  request_.Add("Upgrade", "websocket");
  request_.Add("Sec-WebSocket-Version", std::string(kVersion));
  request_.Add("Sec-WebSocket-Key", key_);
  if (!subprotocols_.empty()) request_.Add("Sec-WebSocket-Protocol", Join(subprotocols_));
  if (!extensions_.empty()) request_.Add("Sec-WebSocket-Extensions", Join(extensions_));
  return abi::hresult::kOk;
}

abi::HRESULT ClientHandshake::Verify(const HeadersView& response, const SelectionOutputs& outputs) const {
  if (response.Empty() || !IsUpgradeToWebSocket(response)) return abi::hresult::kInvalidProtocolFormat;
  const std::string_view* accept = response.Single("Sec-WebSocket-Accept");
  if (accept == nullptr || *accept != AcceptFor(key_)) return abi::hresult::kInvalidProtocolFormat;

  const bool offered_extensions = !extensions_.empty();
  if (offered_extensions) {
    if (outputs.extensions == nullptr || outputs.extension_count == nullptr) return abi::hresult::kInvalidArg;
    if (*outputs.extension_count < extensions_.size()) return abi::hresult::kInsufficientBuffer;
  }
  std::optional<abi::ULONG> subprotocol;
  std::vector<abi::ULONG> extensions;
  abi::HRESULT hr = SelectSubprotocol(response, subprotocol);
  if (abi::Succeeded(hr)) hr = SelectExtensions(response, extensions);
  if (abi::Failed(hr)) return hr;

  if (offered_extensions) std::copy(extensions.begin(), extensions.end(), outputs.extensions);
  if (outputs.extension_count != nullptr) *outputs.extension_count = static_cast<abi::ULONG>(extensions.size());
  // Unchanged when none was selected [assumed].
  if (subprotocol && outputs.subprotocol != nullptr) *outputs.subprotocol = *subprotocol;
  return abi::hresult::kOk;
}

abi::HRESULT ClientHandshake::SelectSubprotocol(const HeadersView& response,
                                                std::optional<abi::ULONG>& selected) const {
  if (response.Count("Sec-WebSocket-Protocol") == 0) {
    // The page seems to require that an offer is accepted [assumed].
    return subprotocols_.empty() ? abi::hresult::kOk : abi::hresult::kSubprotocolNotSupported;
  }
  const std::string_view* value = response.Single("Sec-WebSocket-Protocol");
  if (value == nullptr || !IsToken(*value)) return abi::hresult::kInvalidProtocolFormat;
  const auto found = std::find(subprotocols_.begin(), subprotocols_.end(), *value);
  if (found == subprotocols_.end()) return abi::hresult::kSubprotocolNotSupported;
  selected = static_cast<abi::ULONG>(found - subprotocols_.begin());
  return abi::hresult::kOk;
}

// Each extension of the response matches one offer with its name; none is used twice, so the caller's array, one
// element per offer, suffices.
abi::HRESULT ClientHandshake::SelectExtensions(const HeadersView& response, std::vector<abi::ULONG>& selected) const {
  for (const std::string_view extension : response.List("Sec-WebSocket-Extensions")) {
    const std::string_view name = ExtensionName(extension);
    abi::ULONG index = 0;
    while (index < extensions_.size() && (!EqualsIgnoringCase(ExtensionName(extensions_[index]), name) ||
                                          std::find(selected.begin(), selected.end(), index) != selected.end())) {
      ++index;
    }
    if (index == extensions_.size()) return abi::hresult::kProtocolExtensionsNotSupported;
    selected.push_back(index);
  }
  return abi::hresult::kOk;
}

namespace {

// RFC 6455 section 4.2.1.
abi::HRESULT CheckRequest(const HeadersView& request) {
  const bool has_host = request.Single("Host") != nullptr;
  if (request.Empty() || !has_host || !IsUpgradeToWebSocket(request)) return abi::hresult::kInvalidProtocolFormat;
  const std::string_view* version = request.Single("Sec-WebSocket-Version");
  if (version == nullptr) return abi::hresult::kInvalidProtocolFormat;
  if (*version != kVersion) return abi::hresult::kProtocolVersionNotSupported;
  const std::string_view* key = request.Single("Sec-WebSocket-Key");
  const bool well_formed = key != nullptr && DecodedBase64Size(*key) == static_cast<std::ptrdiff_t>(kKeySize);
  return well_formed ? abi::hresult::kOk : abi::hresult::kInvalidProtocolFormat;
}

bool IsOffered(const std::vector<std::string_view>& offers, std::string_view extension) {
  return std::any_of(offers.begin(), offers.end(), [extension](std::string_view offer) {
    return EqualsIgnoringCase(ExtensionName(offer), ExtensionName(extension));
  });
}

}  // namespace

abi::HRESULT ServerHandshake::Begin(abi::PCSTR subprotocol, const TokenArray& extensions, const HeadersView& request) {
  std::vector<std::string> selected;
  abi::HRESULT hr = ReadStrings(extensions, IsExtension, selected);
  if (abi::Succeeded(hr)) hr = CheckRequest(request);
  if (abi::Failed(hr)) return hr;
  if (subprotocol != nullptr) {
    const auto offers = request.List("Sec-WebSocket-Protocol");
    if (std::find(offers.begin(), offers.end(), subprotocol) == offers.end()) {
      return abi::hresult::kSubprotocolNotSupported;
    }
  }
  const auto offers = request.List("Sec-WebSocket-Extensions");
  const bool all_offered = std::all_of(selected.begin(), selected.end(),
                                       [&](const std::string& extension) { return IsOffered(offers, extension); });
  if (!all_offered) return abi::hresult::kProtocolExtensionsNotSupported;

  response_.Add("Connection", "Upgrade");
  response_.Add("Upgrade", "websocket");
  response_.Add("Sec-WebSocket-Accept", AcceptFor(*request.Single("Sec-WebSocket-Key")));
  if (subprotocol != nullptr) response_.Add("Sec-WebSocket-Protocol", subprotocol);
  if (!selected.empty()) response_.Add("Sec-WebSocket-Extensions", Join(selected));
  return abi::hresult::kOk;
}

}  // namespace winwire::engine
