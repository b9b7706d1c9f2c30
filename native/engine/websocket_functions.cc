#include "engine/websocket_functions.h"

#include <exception>
#include <new>

#include "engine/endpoint.h"

namespace winwire::engine {
namespace {

using namespace abi;  // the signatures below are Windows'

Endpoint* EndpointOf(WEB_SOCKET_HANDLE handle) { return reinterpret_cast<Endpoint*>(handle); }

WEB_SOCKET_HANDLE HandleOf(Endpoint* endpoint) { return reinterpret_cast<WEB_SOCKET_HANDLE>(endpoint); }

// No exception crosses the C boundary. The engine throws none; its containers do without memory.
template <typename Body>
HRESULT Guarded(Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return hresult::kOutOfMemory;
  } catch (const std::exception&) {
    return hresult::kOutOfMemory;  // std::length_error: exceeds the maximum size
  }
}

HRESULT CreateHandle(Role role, const WEB_SOCKET_PROPERTY* properties, ULONG count, WEB_SOCKET_HANDLE* handle) {
  if (handle == nullptr) return hresult::kInvalidArg;
  *handle = nullptr;
  Settings settings(role);
  const HRESULT hr = ReadSettings(properties, count, settings);
  if (Failed(hr)) return hr;
  auto* endpoint = new (std::nothrow) Endpoint(role, settings);
  if (endpoint == nullptr) return hresult::kOutOfMemory;
  *handle = HandleOf(endpoint);
  return hresult::kOk;
}

void GiveHeaders(const LentHeaders& lent, PWEB_SOCKET_HTTP_HEADER* headers, ULONG* count) {
  *headers = lent.headers;
  *count = lent.count;
}

}  // namespace

HRESULT WINAPI WebSocketCreateClientHandle(PWEB_SOCKET_PROPERTY pProperties, ULONG ulPropertyCount,
                                           WEB_SOCKET_HANDLE* phWebSocket) {
  return CreateHandle(Role::kClient, pProperties, ulPropertyCount, phWebSocket);
}

HRESULT WINAPI WebSocketBeginClientHandshake(WEB_SOCKET_HANDLE hWebSocket, PCSTR* pszSubprotocols,
                                             ULONG ulSubprotocolCount, PCSTR* pszExtensions, ULONG ulExtensionCount,
                                             PWEB_SOCKET_HTTP_HEADER pInitialHeaders, ULONG ulInitialHeaderCount,
                                             PWEB_SOCKET_HTTP_HEADER* pAdditionalHeaders,
                                             ULONG* pulAdditionalHeaderCount) {
  if (hWebSocket == nullptr || pAdditionalHeaders == nullptr || pulAdditionalHeaderCount == nullptr) {
    return hresult::kInvalidArg;
  }
  *pAdditionalHeaders = nullptr;
  *pulAdditionalHeaderCount = 0;
  return Guarded([&] {
    HeadersView initial;
    HRESULT hr = HeadersView::Read(pInitialHeaders, ulInitialHeaderCount, initial);
    if (Failed(hr)) return hr;
    LentHeaders lent;
    hr = EndpointOf(hWebSocket)
             ->BeginClientHandshake({pszSubprotocols, ulSubprotocolCount}, {pszExtensions, ulExtensionCount}, lent);
    if (Succeeded(hr)) GiveHeaders(lent, pAdditionalHeaders, pulAdditionalHeaderCount);
    return hr;
  });
}

HRESULT WINAPI WebSocketEndClientHandshake(WEB_SOCKET_HANDLE hWebSocket, PWEB_SOCKET_HTTP_HEADER pResponseHeaders,
                                           ULONG ulReponseHeaderCount, ULONG* pulSelectedExtensions,
                                           ULONG* pulSelectedExtensionCount, ULONG* pulSelectedSubprotocol) {
  if (hWebSocket == nullptr) return hresult::kInvalidArg;
  return Guarded([&] {
    HeadersView response;
    const HRESULT hr = HeadersView::Read(pResponseHeaders, ulReponseHeaderCount, response);
    if (Failed(hr)) return hr;
    return EndpointOf(hWebSocket)
        ->EndClientHandshake(response, {pulSelectedExtensions, pulSelectedExtensionCount, pulSelectedSubprotocol});
  });
}

HRESULT WINAPI WebSocketCreateServerHandle(PWEB_SOCKET_PROPERTY pProperties, ULONG ulPropertyCount,
                                           WEB_SOCKET_HANDLE* phWebSocket) {
  return CreateHandle(Role::kServer, pProperties, ulPropertyCount, phWebSocket);
}

HRESULT WINAPI WebSocketBeginServerHandshake(WEB_SOCKET_HANDLE hWebSocket, PCSTR pszSubprotocolSelected,
                                             PCSTR* pszExtensionSelected, ULONG ulExtensionSelectedCount,
                                             PWEB_SOCKET_HTTP_HEADER pRequestHeaders, ULONG ulRequestHeaderCount,
                                             PWEB_SOCKET_HTTP_HEADER* pResponseHeaders, ULONG* pulResponseHeaderCount) {
  if (hWebSocket == nullptr || pResponseHeaders == nullptr || pulResponseHeaderCount == nullptr) {
    return hresult::kInvalidArg;
  }
  *pResponseHeaders = nullptr;
  *pulResponseHeaderCount = 0;
  return Guarded([&] {
    HeadersView request;
    HRESULT hr = HeadersView::Read(pRequestHeaders, ulRequestHeaderCount, request);
    if (Failed(hr)) return hr;
    LentHeaders lent;
    hr = EndpointOf(hWebSocket)
             ->BeginServerHandshake(pszSubprotocolSelected, {pszExtensionSelected, ulExtensionSelectedCount}, request,
                                    lent);
    if (Succeeded(hr)) GiveHeaders(lent, pResponseHeaders, pulResponseHeaderCount);
    return hr;
  });
}

HRESULT WINAPI WebSocketEndServerHandshake(WEB_SOCKET_HANDLE hWebSocket) {
  if (hWebSocket == nullptr) return hresult::kInvalidArg;
  return EndpointOf(hWebSocket)->EndServerHandshake();
}

HRESULT WINAPI WebSocketSend(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER_TYPE BufferType,
                             WEB_SOCKET_BUFFER* pBuffer, void* Context) {
  if (hWebSocket == nullptr) return hresult::kInvalidArg;
  return EndpointOf(hWebSocket)->Send(BufferType, pBuffer, Context);
}

HRESULT WINAPI WebSocketReceive(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER* pBuffer, void* pvContext) {
  if (hWebSocket == nullptr) return hresult::kInvalidArg;
  return EndpointOf(hWebSocket)->Receive(pBuffer, pvContext);
}

// All outputs are written in any case, so that a loop that ignores a failure (as Microsoft's sample does) finds
// NO_ACTION.
HRESULT WINAPI WebSocketGetAction(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_ACTION_QUEUE eActionQueue,
                                  WEB_SOCKET_BUFFER* pDataBuffers, ULONG* pulDataBufferCount,
                                  WEB_SOCKET_ACTION* pAction, WEB_SOCKET_BUFFER_TYPE* pBufferType,
                                  void** pvApplicationContext, void** pvActionContext) {
  if (pulDataBufferCount == nullptr || pAction == nullptr || pBufferType == nullptr || pvActionContext == nullptr) {
    return hresult::kInvalidArg;
  }
  const bool known_queue = eActionQueue >= WEB_SOCKET_SEND_ACTION_QUEUE && eActionQueue <= WEB_SOCKET_ALL_ACTION_QUEUE;
  const bool usable = hWebSocket != nullptr && known_queue && (pDataBuffers != nullptr || *pulDataBufferCount == 0);
  ActionOutput output;
  const HRESULT hr = usable
                         ? EndpointOf(hWebSocket)->GetAction(eActionQueue, {pDataBuffers, *pulDataBufferCount}, output)
                         : hresult::kInvalidArg;
  *pAction = output.action;
  *pBufferType = output.buffer_type;
  *pulDataBufferCount = output.buffer_count;
  if (pvApplicationContext != nullptr) *pvApplicationContext = output.application_context;
  *pvActionContext = output.action_context;
  return hr;
}

void WINAPI WebSocketCompleteAction(WEB_SOCKET_HANDLE hWebSocket, void* pvActionContext, ULONG ulBytesTransferred) {
  if (hWebSocket != nullptr) EndpointOf(hWebSocket)->CompleteAction(pvActionContext, ulBytesTransferred);
}

void WINAPI WebSocketAbortHandle(WEB_SOCKET_HANDLE hWebSocket) {
  if (hWebSocket != nullptr) EndpointOf(hWebSocket)->Abort();
}

void WINAPI WebSocketDeleteHandle(WEB_SOCKET_HANDLE hWebSocket) { delete EndpointOf(hWebSocket); }

bool ShareBuffers(WEB_SOCKET_HANDLE handle, const SharedBuffers& buffers) {
  return EndpointOf(handle)->ShareBuffers(buffers);
}

std::size_t ReadInPlace(WEB_SOCKET_HANDLE handle, std::span<BYTE> bytes, std::size_t& used, const ReceiveTarget& target,
                        std::span<WholeMessage> messages, ParsedItem& item) {
  return EndpointOf(handle)->ReadInPlace(bytes, used, target, messages, item);
}

HRESULT WINAPI WebSocketGetGlobalProperty(WEB_SOCKET_PROPERTY_TYPE eType, void* pvValue, ULONG* ulSize) {
  return ulSize == nullptr ? hresult::kInvalidArg : ReadGlobalProperty(eType, pvValue, *ulSize);
}

}  // namespace winwire::engine
