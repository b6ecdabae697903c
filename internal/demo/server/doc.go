// Package server is the embedded server of the demo: a few methods of
// Authorizer 2.3 in memory, on loopback, over GraphQL, REST and gRPC.
//
// As in the real server there is one implementation, in the messages of the
// protos, behind three thin fronts. Each front has the wire habits of the real
// one: nulls and bare maps over GraphQL, zero values, int64 as strings and
// {"value": ...} round free-form maps over REST, unset fields over gRPC; errors
// that are a bare message, a body with a code, or a status; the Origin rule and
// the check of the client id on the HTTP side.
//
// It is no emulator. It knows the methods that the demo calls, bearer tokens
// and the admin secret, but no cookies, no mail and no authorization model but
// a fixed one. Ids, times and tokens are counted, not drawn, so that the same
// calls after [Server.Reset] give the same answers.
package server
