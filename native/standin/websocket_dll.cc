// The engine as a websocket.dll with Windows' 13 exports: it replaces the real one under Wine, and programs that bind
// the DLL themselves (for example with koffi) can load it elsewhere.
#ifdef WINWIRE_STANDIN_FAULT
#include "test/faulty_standin/faulty_engine.h"

namespace engine = winwire::test::faulty;
#else
#include "engine/websocket_functions.h"

namespace engine = winwire::engine;
#endif
using namespace winwire::abi;  // the signatures are Windows'

#if defined(_WIN32)
#define WINWIRE_EXPORT extern "C"  // websocket_dll.def exports them undecorated
#else
#define WINWIRE_EXPORT extern "C" __attribute__((visibility("default")))
#endif

WINWIRE_EXPORT HRESULT WINAPI WebSocketCreateClientHandle(PWEB_SOCKET_PROPERTY pProperties, ULONG ulPropertyCount,
                                                          WEB_SOCKET_HANDLE* phWebSocket) {
  return engine::WebSocketCreateClientHandle(pProperties, ulPropertyCount, phWebSocket);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketBeginClientHandshake(
    WEB_SOCKET_HANDLE hWebSocket, PCSTR* pszSubprotocols, ULONG ulSubprotocolCount, PCSTR* pszExtensions,
    ULONG ulExtensionCount, PWEB_SOCKET_HTTP_HEADER pInitialHeaders, ULONG ulInitialHeaderCount,
    PWEB_SOCKET_HTTP_HEADER* pAdditionalHeaders, ULONG* pulAdditionalHeaderCount) {
  return engine::WebSocketBeginClientHandshake(hWebSocket, pszSubprotocols, ulSubprotocolCount, pszExtensions,
                                               ulExtensionCount, pInitialHeaders, ulInitialHeaderCount,
                                               pAdditionalHeaders, pulAdditionalHeaderCount);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketEndClientHandshake(WEB_SOCKET_HANDLE hWebSocket,
                                                          PWEB_SOCKET_HTTP_HEADER pResponseHeaders,
                                                          ULONG ulReponseHeaderCount, ULONG* pulSelectedExtensions,
                                                          ULONG* pulSelectedExtensionCount,
                                                          ULONG* pulSelectedSubprotocol) {
  return engine::WebSocketEndClientHandshake(hWebSocket, pResponseHeaders, ulReponseHeaderCount, pulSelectedExtensions,
                                             pulSelectedExtensionCount, pulSelectedSubprotocol);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketCreateServerHandle(PWEB_SOCKET_PROPERTY pProperties, ULONG ulPropertyCount,
                                                          WEB_SOCKET_HANDLE* phWebSocket) {
  return engine::WebSocketCreateServerHandle(pProperties, ulPropertyCount, phWebSocket);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketBeginServerHandshake(WEB_SOCKET_HANDLE hWebSocket, PCSTR pszSubprotocolSelected,
                                                            PCSTR* pszExtensionSelected, ULONG ulExtensionSelectedCount,
                                                            PWEB_SOCKET_HTTP_HEADER pRequestHeaders,
                                                            ULONG ulRequestHeaderCount,
                                                            PWEB_SOCKET_HTTP_HEADER* pResponseHeaders,
                                                            ULONG* pulResponseHeaderCount) {
  return engine::WebSocketBeginServerHandshake(hWebSocket, pszSubprotocolSelected, pszExtensionSelected,
                                               ulExtensionSelectedCount, pRequestHeaders, ulRequestHeaderCount,
                                               pResponseHeaders, pulResponseHeaderCount);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketEndServerHandshake(WEB_SOCKET_HANDLE hWebSocket) {
  return engine::WebSocketEndServerHandshake(hWebSocket);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketSend(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER_TYPE BufferType,
                                            WEB_SOCKET_BUFFER* pBuffer, void* Context) {
  return engine::WebSocketSend(hWebSocket, BufferType, pBuffer, Context);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketReceive(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER* pBuffer,
                                               void* pvContext) {
  return engine::WebSocketReceive(hWebSocket, pBuffer, pvContext);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketGetAction(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_ACTION_QUEUE eActionQueue,
                                                 WEB_SOCKET_BUFFER* pDataBuffers, ULONG* pulDataBufferCount,
                                                 WEB_SOCKET_ACTION* pAction, WEB_SOCKET_BUFFER_TYPE* pBufferType,
                                                 void** pvApplicationContext, void** pvActionContext) {
  return engine::WebSocketGetAction(hWebSocket, eActionQueue, pDataBuffers, pulDataBufferCount, pAction, pBufferType,
                                    pvApplicationContext, pvActionContext);
}

WINWIRE_EXPORT void WINAPI WebSocketCompleteAction(WEB_SOCKET_HANDLE hWebSocket, void* pvActionContext,
                                                   ULONG ulBytesTransferred) {
  engine::WebSocketCompleteAction(hWebSocket, pvActionContext, ulBytesTransferred);
}

WINWIRE_EXPORT void WINAPI WebSocketAbortHandle(WEB_SOCKET_HANDLE hWebSocket) {
  engine::WebSocketAbortHandle(hWebSocket);
}

WINWIRE_EXPORT void WINAPI WebSocketDeleteHandle(WEB_SOCKET_HANDLE hWebSocket) {
  engine::WebSocketDeleteHandle(hWebSocket);
}

WINWIRE_EXPORT HRESULT WINAPI WebSocketGetGlobalProperty(WEB_SOCKET_PROPERTY_TYPE eType, void* pvValue, ULONG* ulSize) {
  return engine::WebSocketGetGlobalProperty(eType, pvValue, ulSize);
}
