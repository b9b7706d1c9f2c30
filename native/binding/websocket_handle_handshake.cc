// The handshake functions of WebSocketHandle.
#include <cstddef>
#include <span>

#include "backend/contract.h"
#include "binding/websocket_handle.h"

namespace winwire::binding {

namespace {

// Far more than a component that adds headers of one handshake can have; the strings are theirs and the caller's.
constexpr abi::ULONG kMostHeaders = 1024;
constexpr abi::ULONG kLongestString = 1u << 24;

bool AddString(const char* text, abi::ULONG length, HeaderStrings& strings) {
  if (!backend::IsUsable(text, length) || length > kLongestString) return false;
  strings.emplace_back(text == nullptr ? "" : text, length);
  return true;
}

// The headers that a call has lent.
Status CopyHeaders(abi::HRESULT hr, const abi::WEB_SOCKET_HTTP_HEADER* headers, abi::ULONG count,
                   HeaderStrings& strings) {
  if (hr != abi::hresult::kOk) return backend::CheckedResult(hr);
  if (!backend::IsUsable(headers, count) || count > kMostHeaders) return backend::kBrokenOutput;
  strings.reserve(std::size_t{count} * 2);
  for (const abi::WEB_SOCKET_HTTP_HEADER& header : std::span(headers, count)) {
    const bool is_usable = AddString(header.pcName, header.ulNameLength, strings) &&
                           AddString(header.pcValue, header.ulValueLength, strings);
    if (!is_usable) return backend::kBrokenOutput;
  }
  return hr;
}

}  // namespace

Status WebSocketHandle::BeginClientHandshake(TokenList* subprotocols, TokenList* extensions, HeaderArray* headers,
                                             HeaderStrings& request) {
  abi::PWEB_SOCKET_HTTP_HEADER added = nullptr;
  abi::ULONG added_count = 0;
  const abi::HRESULT hr = api_.WebSocketBeginClientHandshake(
      handle_, subprotocols == nullptr ? nullptr : subprotocols->data(),
      subprotocols == nullptr ? 0 : subprotocols->size(), extensions == nullptr ? nullptr : extensions->data(),
      extensions == nullptr ? 0 : extensions->size(), headers == nullptr ? nullptr : headers->data(),
      headers == nullptr ? 0 : headers->size(), &added, &added_count);
  if (hr == abi::hresult::kOk) {
    offered_subprotocols_ = subprotocols != nullptr;
    offered_extensions_ = extensions == nullptr ? 0 : static_cast<abi::ULONG>(extensions->size());
  }
  return CopyHeaders(hr, added, added_count, request);
}

Status WebSocketHandle::EndClientHandshake(HeaderArray& response, Selection& selection) {
  // Microsoft, WebSocketEndClientHandshake: the outputs may be NULL if nothing was offered.
  selection.extensions.resize(offered_extensions_);
  abi::ULONG extension_count = offered_extensions_;
  const bool with_extensions = offered_extensions_ > 0;
  const abi::HRESULT hr = api_.WebSocketEndClientHandshake(
      handle_, response.data(), response.size(), with_extensions ? selection.extensions.data() : nullptr,
      with_extensions ? &extension_count : nullptr, offered_subprotocols_ ? &selection.subprotocol : nullptr);
  if (hr != abi::hresult::kOk) return backend::CheckedResult(hr);
  is_open_ = true;
  if (extension_count > selection.extensions.size()) return backend::kBrokenOutput;
  if (extension_count < selection.extensions.size()) selection.extensions.resize(extension_count);
  return abi::hresult::kOk;
}

Status WebSocketHandle::BeginServerHandshake(abi::PCSTR subprotocol, TokenList* extensions, HeaderArray& request,
                                             HeaderStrings& response) {
  abi::PWEB_SOCKET_HTTP_HEADER added = nullptr;
  abi::ULONG added_count = 0;
  const abi::HRESULT hr = api_.WebSocketBeginServerHandshake(
      handle_, subprotocol, extensions == nullptr ? nullptr : extensions->data(),
      extensions == nullptr ? 0 : extensions->size(), request.data(), request.size(), &added, &added_count);
  return CopyHeaders(hr, added, added_count, response);
}

Status WebSocketHandle::EndServerHandshake() {
  const abi::HRESULT hr = api_.WebSocketEndServerHandshake(handle_);
  if (hr != abi::hresult::kOk) return backend::CheckedResult(hr);
  is_open_ = true;
  return hr;
}

}  // namespace winwire::binding
