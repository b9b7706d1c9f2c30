#include "test/binding/scripted_component.h"

#include <bit>
#include <span>

namespace winwire::test {
namespace {

using namespace abi;  // the signatures below are Windows'

ScriptedComponent* g_script = nullptr;

void NoteTokens(PCSTR* tokens, ULONG count) {
  g_script->strings.emplace_back(tokens == nullptr ? "NULL" : std::to_string(count));
  for (PCSTR token : std::span(tokens, count)) g_script->strings.emplace_back(token);
}

void NoteHeaders(PWEB_SOCKET_HTTP_HEADER headers, ULONG count) {
  g_script->strings.emplace_back(headers == nullptr ? "NULL" : std::to_string(count));
  for (const WEB_SOCKET_HTTP_HEADER& header : std::span(headers, count)) {
    g_script->strings.emplace_back(header.pcName, header.ulNameLength);
    g_script->strings.emplace_back(header.pcValue, header.ulValueLength);
  }
}

HRESULT LendHeaders(PWEB_SOCKET_HTTP_HEADER* headers, ULONG* count) {
  *headers = g_script->headers.data();
  *count = static_cast<ULONG>(g_script->headers.size());
  return g_script->hr;
}

HRESULT Queue(const char* name, WEB_SOCKET_BUFFER* buffer, void* context) {
  g_script->calls.emplace_back(name);
  g_script->buffers.clear();
  if (buffer != nullptr) g_script->buffers.push_back(*buffer);
  g_script->context = context;
  return g_script->hr;
}

HRESULT WINAPI BeginClient(WEB_SOCKET_HANDLE, PCSTR* subprotocols, ULONG subprotocol_count, PCSTR* extensions,
                           ULONG extension_count, PWEB_SOCKET_HTTP_HEADER headers, ULONG header_count,
                           PWEB_SOCKET_HTTP_HEADER* added, ULONG* added_count) {
  g_script->strings.clear();
  NoteTokens(subprotocols, subprotocol_count);
  NoteTokens(extensions, extension_count);
  NoteHeaders(headers, header_count);
  return LendHeaders(added, added_count);
}

HRESULT WINAPI EndClient(WEB_SOCKET_HANDLE, PWEB_SOCKET_HTTP_HEADER headers, ULONG count, ULONG* extensions,
                         ULONG* extension_count, ULONG* subprotocol) {
  g_script->strings.clear();
  NoteHeaders(headers, count);
  g_script->extensions_are_null = extensions == nullptr && extension_count == nullptr;
  g_script->subprotocol_is_null = subprotocol == nullptr;
  if (extensions != nullptr && extension_count != nullptr) {
    for (ULONG index = 0; index < *extension_count; ++index) extensions[index] = index;
    *extension_count = g_script->selected_extension_count;
  }
  if (subprotocol != nullptr) *subprotocol = g_script->selected_subprotocol;
  return g_script->hr;
}

HRESULT WINAPI BeginServer(WEB_SOCKET_HANDLE, PCSTR subprotocol, PCSTR* extensions, ULONG extension_count,
                           PWEB_SOCKET_HTTP_HEADER headers, ULONG header_count, PWEB_SOCKET_HTTP_HEADER* added,
                           ULONG* added_count) {
  g_script->strings.clear();
  g_script->strings.emplace_back(subprotocol == nullptr ? "NULL" : subprotocol);
  NoteTokens(extensions, extension_count);
  NoteHeaders(headers, header_count);
  return LendHeaders(added, added_count);
}

HRESULT WINAPI EndServer(WEB_SOCKET_HANDLE) { return g_script->hr; }

HRESULT WINAPI Send(WEB_SOCKET_HANDLE, WEB_SOCKET_BUFFER_TYPE, WEB_SOCKET_BUFFER* buffer, void* context) {
  g_script->send_context = context;
  return Queue("Send", buffer, context);
}

HRESULT WINAPI Receive(WEB_SOCKET_HANDLE, WEB_SOCKET_BUFFER* buffer, void* context) {
  return Queue("Receive", buffer, context);
}

HRESULT WINAPI GetAction(WEB_SOCKET_HANDLE, WEB_SOCKET_ACTION_QUEUE queue, WEB_SOCKET_BUFFER* buffers, ULONG* count,
                         WEB_SOCKET_ACTION* action, WEB_SOCKET_BUFFER_TYPE* type, void** application_context,
                         void** action_context) {
  g_script->calls.emplace_back("GetAction " + std::to_string(queue));
  ScriptedAction next = g_script->forever;
  if (!g_script->actions.empty()) {
    next = g_script->actions.front();
    g_script->actions.pop_front();
  }
  for (ULONG index = 0; index < *count && index < 4; ++index) buffers[index] = next.buffers[index];
  *count = next.count;
  *action = next.action;
  *type = next.type;
  *application_context = next.is_of_last_send ? g_script->send_context : next.application_context;
  *action_context = next.action_context;
  return next.hr;
}

void WINAPI CompleteAction(WEB_SOCKET_HANDLE, void* action_context, ULONG count) {
  const auto context = std::bit_cast<std::uintptr_t>(action_context);
  g_script->calls.emplace_back("Complete " + std::to_string(context) + " of " + std::to_string(count));
}

void WINAPI Abort(WEB_SOCKET_HANDLE) { g_script->calls.emplace_back("Abort"); }

void WINAPI Delete(WEB_SOCKET_HANDLE) { g_script->calls.emplace_back("Delete"); }

constexpr abi::WebSocketApi Table() {
  abi::WebSocketApi api;
  api.WebSocketBeginClientHandshake = BeginClient;
  api.WebSocketEndClientHandshake = EndClient;
  api.WebSocketBeginServerHandshake = BeginServer;
  api.WebSocketEndServerHandshake = EndServer;
  api.WebSocketSend = Send;
  api.WebSocketReceive = Receive;
  api.WebSocketGetAction = GetAction;
  api.WebSocketCompleteAction = CompleteAction;
  api.WebSocketAbortHandle = Abort;
  api.WebSocketDeleteHandle = Delete;
  return api;
}

constexpr abi::WebSocketApi kTable = Table();

}  // namespace

ScriptedComponent::ScriptedComponent() { g_script = this; }

ScriptedComponent::~ScriptedComponent() { g_script = nullptr; }

const abi::WebSocketApi& ScriptedComponent::Api() { return kTable; }

WEB_SOCKET_HANDLE ScriptedComponent::Handle() { return reinterpret_cast<WEB_SOCKET_HANDLE>(&object_); }

}  // namespace winwire::test
