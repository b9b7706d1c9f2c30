#include "test/permissive/permissive_component.h"

#include <memory>
#include <span>

#include "engine/websocket_functions.h"
#include "test/permissive/permissive_handle.h"
#include "test/support/portable_api.h"

namespace winwire::test::permissive {
namespace {

using namespace abi;  // the signatures are Windows'

const abi::WebSocketApi& InnerApi() { return PortableApi(); }

PermissiveHandle& Of(WEB_SOCKET_HANDLE handle) { return *reinterpret_cast<PermissiveHandle*>(handle); }

// A failure whose code is not documented may have another one.
HRESULT Coded(Variants& variants, HRESULT hr) {
  const bool is_open = hr == hresult::kInvalidArg || hr == hresult::kProtocolVersionNotSupported;
  return is_open && variants.Chance(Variant::kCodes) ? hresult::kInvalidProtocolFormat : hr;
}

// Returns the properties for the inner component, without those whose rejection is not documented.
std::vector<WEB_SOCKET_PROPERTY> Accepted(const Variants& variants, std::span<const WEB_SOCKET_PROPERTY> properties,
                                          ULONG& smallest_send_buffer) {
  std::vector<WEB_SOCKET_PROPERTY> accepted;
  for (WEB_SOCKET_PROPERTY property : properties) {
    if (variants.Has(Variant::kLimits)) {
      if (property.Type >= WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE) continue;
      const bool is_send_buffer = property.Type == WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE &&
                                  property.ulValueSize == sizeof(ULONG) && property.pvValue != nullptr;
      if (is_send_buffer && *static_cast<ULONG*>(property.pvValue) < smallest_send_buffer) {
        property.pvValue = &smallest_send_buffer;
      }
    }
    accepted.push_back(property);
  }
  return accepted;
}

ULONG ReceiveBufferSize(std::span<const WEB_SOCKET_PROPERTY> properties) {
  ULONG size = 4096;
  for (const WEB_SOCKET_PROPERTY& property : properties) {
    if (property.Type == WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE) size = *static_cast<ULONG*>(property.pvValue);
  }
  return size;
}

HRESULT Create(WebSocketCreateClientHandleFn* create, PWEB_SOCKET_PROPERTY properties, ULONG count,
               WEB_SOCKET_HANDLE* handle) {
  Variants variants = Variants::Next();
  ULONG smallest_send_buffer = 16;
  std::vector<WEB_SOCKET_PROPERTY> accepted =
      Accepted(variants, {properties, properties == nullptr ? 0 : count}, smallest_send_buffer);
  WEB_SOCKET_HANDLE inner = nullptr;
  const HRESULT hr = create(accepted.data(), static_cast<ULONG>(accepted.size()), &inner);
  if (Failed(hr)) {
    // The output of a failure is not documented.
    *handle = variants.Has(Variant::kLimits) ? reinterpret_cast<WEB_SOCKET_HANDLE>(~std::uintptr_t{0}) : nullptr;
    return Coded(variants, hr);
  }
  auto made = std::make_unique<PermissiveHandle>(InnerApi(), inner, variants, ReceiveBufferSize(accepted));
  *handle = reinterpret_cast<WEB_SOCKET_HANDLE>(made.release());
  return hr;
}

HRESULT WINAPI CreateClient(PWEB_SOCKET_PROPERTY properties, ULONG count, WEB_SOCKET_HANDLE* handle) {
  return Create(InnerApi().WebSocketCreateClientHandle, properties, count, handle);
}

HRESULT WINAPI CreateServer(PWEB_SOCKET_PROPERTY properties, ULONG count, WEB_SOCKET_HANDLE* handle) {
  return Create(InnerApi().WebSocketCreateServerHandle, properties, count, handle);
}

HRESULT Lend(PermissiveHandle& handle, HRESULT hr, PWEB_SOCKET_HTTP_HEADER* headers, ULONG* count) {
  if (Failed(hr)) return Coded(handle.inner().variants, hr);
  handle.headers().Take(handle.inner().variants, *headers, *count);
  *headers = handle.headers().Lend(*count);
  return hr;
}

HRESULT WINAPI BeginClient(WEB_SOCKET_HANDLE handle, PCSTR* subprotocols, ULONG subprotocol_count, PCSTR* extensions,
                           ULONG extension_count, PWEB_SOCKET_HTTP_HEADER initial, ULONG initial_count,
                           PWEB_SOCKET_HTTP_HEADER* headers, ULONG* count) {
  PermissiveHandle& self = Of(handle);
  const HRESULT hr =
      InnerApi().WebSocketBeginClientHandshake(self.inner().handle, subprotocols, subprotocol_count, extensions,
                                               extension_count, initial, initial_count, headers, count);
  if (Succeeded(hr) && subprotocols != nullptr) {
    self.subprotocols().assign(subprotocols, subprotocols + subprotocol_count);
  }
  return Lend(self, hr, headers, count);
}

// Returns the answer for the inner component, changed if that would reject it only for a missing or unexpected
// sub-protocol.
std::vector<WEB_SOCKET_HTTP_HEADER> Forgiven(PermissiveHandle& self, std::span<const WEB_SOCKET_HTTP_HEADER> headers) {
  static std::string name = "Sec-WebSocket-Protocol";
  std::vector<WEB_SOCKET_HTTP_HEADER> all(headers.begin(), headers.end());
  const auto removed = std::erase_if(all, IsSubprotocol);
  if (!self.subprotocols().empty() && removed == 0) {
    std::string& value = self.subprotocols().front();
    all.push_back({name.data(), static_cast<ULONG>(name.size()), value.data(), static_cast<ULONG>(value.size())});
  } else if (!self.subprotocols().empty()) {
    all.clear();
  }
  return all;
}

HRESULT WINAPI EndClient(WEB_SOCKET_HANDLE handle, PWEB_SOCKET_HTTP_HEADER headers, ULONG count, ULONG* extensions,
                         ULONG* extension_count, ULONG* subprotocol) {
  PermissiveHandle& self = Of(handle);
  HRESULT hr = InnerApi().WebSocketEndClientHandshake(self.inner().handle, headers, count, extensions, extension_count,
                                                      subprotocol);
  if (hr == hresult::kSubprotocolNotSupported && self.inner().variants.Has(Variant::kLenientHandshake)) {
    std::vector<WEB_SOCKET_HTTP_HEADER> all = Forgiven(self, {headers, count});
    ULONG unused = 0;
    if (!all.empty()) {
      hr = InnerApi().WebSocketEndClientHandshake(self.inner().handle, all.data(), static_cast<ULONG>(all.size()),
                                                  extensions, extension_count, &unused);
    }
  }
  if (Succeeded(hr)) self.headers().Clear();
  return Coded(self.inner().variants, hr);
}

HRESULT WINAPI BeginServer(WEB_SOCKET_HANDLE handle, PCSTR subprotocol, PCSTR* extensions, ULONG extension_count,
                           PWEB_SOCKET_HTTP_HEADER request, ULONG request_count, PWEB_SOCKET_HTTP_HEADER* headers,
                           ULONG* count) {
  PermissiveHandle& self = Of(handle);
  const HRESULT hr = InnerApi().WebSocketBeginServerHandshake(self.inner().handle, subprotocol, extensions,
                                                              extension_count, request, request_count, headers, count);
  return Lend(self, hr, headers, count);
}

HRESULT WINAPI EndServer(WEB_SOCKET_HANDLE handle) {
  const HRESULT hr = InnerApi().WebSocketEndServerHandshake(Of(handle).inner().handle);
  if (Succeeded(hr)) Of(handle).headers().Clear();
  return hr;
}

HRESULT WINAPI Send(WEB_SOCKET_HANDLE handle, WEB_SOCKET_BUFFER_TYPE type, WEB_SOCKET_BUFFER* buffer, void* context) {
  Inner& inner = Of(handle).inner();
  if (inner.has_failed && inner.variants.Has(Variant::kNoSendAfterFault)) return hresult::kInvalidProtocolOperation;
  return Coded(inner.variants, InnerApi().WebSocketSend(inner.handle, type, buffer, context));
}

HRESULT WINAPI Receive(WEB_SOCKET_HANDLE handle, WEB_SOCKET_BUFFER* buffer, void* context) {
  return Of(handle).Receive(buffer, context);
}

HRESULT WINAPI GetAction(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue, WEB_SOCKET_BUFFER* buffers,
                         ULONG* count, WEB_SOCKET_ACTION* action, WEB_SOCKET_BUFFER_TYPE* type,
                         void** application_context, void** action_context) {
  const bool is_queue = queue >= WEB_SOCKET_SEND_ACTION_QUEUE && queue <= WEB_SOCKET_ALL_ACTION_QUEUE;
  if (is_queue) return Of(handle).GetAction(queue, {buffers, count, action, type, application_context, action_context});
  return InnerApi().WebSocketGetAction(Of(handle).inner().handle, queue, buffers, count, action, type,
                                       application_context, action_context);
}

void WINAPI Complete(WEB_SOCKET_HANDLE handle, void* action_context, ULONG bytes) {
  Of(handle).Complete(action_context, bytes);
}

void WINAPI Abort(WEB_SOCKET_HANDLE handle) { Of(handle).Abort(); }

void WINAPI Delete(WEB_SOCKET_HANDLE handle) { std::unique_ptr<PermissiveHandle>(&Of(handle)).reset(); }

HRESULT WINAPI GetGlobalProperty(WEB_SOCKET_PROPERTY_TYPE type, void* value, ULONG* size) {
  return InnerApi().WebSocketGetGlobalProperty(type, value, size);
}

constexpr abi::WebSocketApi kApi = {CreateClient, BeginClient, EndClient,        CreateServer, BeginServer,
                                    EndServer,    Send,        Receive,          GetAction,    Complete,
                                    Abort,        Delete,      GetGlobalProperty};

}  // namespace

const abi::WebSocketApi& PermissiveApi() { return kApi; }

}  // namespace winwire::test::permissive
