// The functions of the addon for the opening handshake, for either role.
#include <optional>
#include <string>

#include "binding/functions.h"

namespace winwire::binding {

namespace {

// Emplaced, because the lists point into themselves.
template <typename List>
List* ReadList(const Call& call, ArgumentIndex index, std::optional<List>& list) {
  return call.IsNullish(index) ? nullptr : &list.emplace(call.ReadString(index));
}

napi_value ReturnHeaders(const Call& call, Status status, const HeaderStrings& headers) {
  if (abi::Failed(status)) return call.Return(status);
  Napi::Array result = Napi::Array::New(call.env(), headers.size());
  for (std::uint32_t index = 0; index < headers.size(); ++index) {
    napi_value text = nullptr;
    if (napi_create_string_latin1(call.env(), headers[index].data(), headers[index].size(), &text) != napi_ok) {
      throw Napi::Error::New(call.env());
    }
    result.Set(index, text);
  }
  return result;
}

}  // namespace

napi_value BeginClientHandshake(const Call& call) {
  std::optional<TokenList> subprotocols;
  std::optional<TokenList> extensions;
  std::optional<HeaderArray> headers;
  TokenList* const subprotocol_list = ReadList(call, 1, subprotocols);
  TokenList* const extension_list = ReadList(call, 2, extensions);
  HeaderArray* const header_array = ReadList(call, 3, headers);
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  HeaderStrings request;
  const Status status = owner->handle.BeginClientHandshake(subprotocol_list, extension_list, header_array, request);
  return ReturnHeaders(call, status, request);
}

napi_value EndClientHandshake(const Call& call) {
  HeaderArray response(call.ReadString(1));
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  Selection selection;
  const Status status = owner->handle.EndClientHandshake(response, selection);
  if (abi::Failed(status)) return call.Return(status);
  owner->Account(call.env());
  Napi::Array result = Napi::Array::New(call.env(), selection.extensions.size() + 1);
  const bool is_none = selection.subprotocol == Selection::kNone;
  result.Set(0u, is_none ? -1.0 : static_cast<double>(selection.subprotocol));
  for (std::uint32_t index = 0; index < selection.extensions.size(); ++index) {
    result.Set(index + 1, static_cast<double>(selection.extensions[index]));
  }
  return result;
}

napi_value BeginServerHandshake(const Call& call) {
  const std::optional<std::string> subprotocol =
      call.IsNullish(1) ? std::nullopt : std::make_optional(call.ReadString(1));
  std::optional<TokenList> extensions;
  TokenList* const extension_list = ReadList(call, 2, extensions);
  HeaderArray request(call.ReadString(3));
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  HeaderStrings response;
  const Status status = owner->handle.BeginServerHandshake(subprotocol ? subprotocol->c_str() : nullptr, extension_list,
                                                           request, response);
  return ReturnHeaders(call, status, response);
}

napi_value EndServerHandshake(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  const Status status = owner->handle.EndServerHandshake();
  owner->Account(call.env());
  return call.Return(status);
}

}  // namespace winwire::binding
