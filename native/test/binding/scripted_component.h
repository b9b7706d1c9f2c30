// A scripted component, for behaviour that the binding must handle and the engine never shows.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "abi/websocket_api.h"

namespace winwire::test {

// One result of WebSocketGetAction.
struct ScriptedAction {
  abi::HRESULT hr = abi::hresult::kOk;
  abi::WEB_SOCKET_ACTION action = abi::WEB_SOCKET_NO_ACTION;
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  abi::ULONG count = 0;
  abi::WEB_SOCKET_BUFFER buffers[4] = {};
  void* application_context = nullptr;
  // In its place: the context of the last WebSocketSend.
  bool is_of_last_send = false;
  void* action_context = nullptr;
};

// The table's functions use the script that was created last: function pointers have no object.
class ScriptedComponent {
 public:
  ScriptedComponent();
  ~ScriptedComponent();
  ScriptedComponent(const ScriptedComponent&) = delete;
  ScriptedComponent& operator=(const ScriptedComponent&) = delete;

  static const abi::WebSocketApi& Api();
  // A placeholder for a handle; never dereferenced.
  abi::WEB_SOCKET_HANDLE Handle();

  // The results of the next WebSocketGetAction calls; then NO_ACTION, or `forever` if it is set.
  std::deque<ScriptedAction> actions;
  ScriptedAction forever;
  // Result of the other functions that return one.
  abi::HRESULT hr = abi::hresult::kOk;
  std::vector<abi::WEB_SOCKET_HTTP_HEADER> headers;
  abi::ULONG selected_extension_count = 0;
  abi::ULONG selected_subprotocol = 0xFFFFFFFF;

  // "Abort", "GetAction 1", "Complete 7 of 3": the calls in order.
  std::vector<std::string> calls;
  // The buffers of the last call.
  std::vector<abi::WEB_SOCKET_BUFFER> buffers;
  void* context = nullptr;
  void* send_context = nullptr;
  std::vector<std::string> strings;
  bool extensions_are_null = false;
  bool subprotocol_is_null = false;

 private:
  int object_ = 0;
};

}  // namespace winwire::test
