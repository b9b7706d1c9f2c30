// The probe's part for authentication.
//
//   createAcceptor(package: number, channelBinding?: Uint8Array): object
//   acceptToken(acceptor: object, token: Uint8Array): { token, done, client, mechanism, flags }
//     both throw an Error with the mechanism's text
#pragma once

#include <node_api.h>

namespace winwire::test {

void ExportAcceptor(napi_env env, napi_value exports);

}  // namespace winwire::test
