// The handshake's part of WebSocketHandle.
#include <cstddef>
#include <span>

#include "binding/websocket_handle.h"

namespace winwire::binding {

namespace {

HeaderStrings CopyHeaders(const abi::WEB_SOCKET_HTTP_HEADER* headers, abi::ULONG count) {
  HeaderStrings strings;
  strings.reserve(std::size_t{count} * 2);
  for (const abi::WEB_SOCKET_HTTP_HEADER& header : std::span(headers, count)) {
    strings.emplace_back(header.pcName, header.ulNameLength);
    strings.emplace_back(header.pcValue, header.ulValueLength);
  }
  return strings;
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
  if (abi::Failed(hr)) return hr;
  offered_subprotocols_ = subprotocols != nullptr;
  offered_extensions_ = extensions == nullptr ? 0 : static_cast<abi::ULONG>(extensions->size());
  request = CopyHeaders(added, added_count);
  return abi::hresult::kOk;
}

Status WebSocketHandle::EndClientHandshake(HeaderArray& response, Selection& selection) {
  // Microsoft, WebSocketEndClientHandshake: the outputs may be NULL where nothing was offered.
  selection.extensions.resize(offered_extensions_);
  abi::ULONG extension_count = offered_extensions_;
  const bool with_extensions = offered_extensions_ > 0;
  const abi::HRESULT hr = api_.WebSocketEndClientHandshake(
      handle_, response.data(), response.size(), with_extensions ? selection.extensions.data() : nullptr,
      with_extensions ? &extension_count : nullptr, offered_subprotocols_ ? &selection.subprotocol : nullptr);
  if (abi::Failed(hr)) return hr;
  is_open_ = true;
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
  if (abi::Failed(hr)) return hr;
  response = CopyHeaders(added, added_count);
  return abi::hresult::kOk;
}

Status WebSocketHandle::EndServerHandshake() {
  const abi::HRESULT hr = api_.WebSocketEndServerHandshake(handle_);
  if (abi::Failed(hr)) return hr;
  is_open_ = true;
  return abi::hresult::kOk;
}

}  // namespace winwire::binding
