// Package authorizertest is an Authorizer server for tests: in memory, on
// loopback, over GraphQL, REST and gRPC, with the state, the rules and the
// errors of the real one.
//
//	srv := authorizertest.New(t)
//	client, err := authorizer.New(srv.URL, srv.ClientID)
//
// It is held against traffic that was recorded on a real server 2.3.0-rc.9:
// every recorded request is sent to it, and its answers are compared. Tests
// read the mail that it sends ([Server.Outbox]), move its time
// ([Server.Clock]), and make its methods slow, broken or unreachable
// ([Server.Fault]).
//
// Fine-grained authorization runs on OpenFGA's own engine, which the module
// sdk/authorizertest/fga brings; without it, the methods answer like a real
// server without it.
//
// # What is different from a real server
//
//   - Everything is forgotten when it closes. Passwords are kept as a fast hash.
//   - Webhooks are delivered to loopback only, and may be there; see
//     [WithWebhookHosts].
//   - Tokens are signed with ES256, by a key that is made anew and published at
//     /.well-known/jwks.json.
//   - /authorize knows response_type=code only, and has no login page. There is
//     no dashboard, no social login and no rate limit.
//   - Lists show the newest first, also of what was made in the same second,
//     for which the real server has no order.
//   - Sessions are ended, and mail is sent, before the answer; the real server
//     does it in the background. Webhooks are called in the background by both;
//     see [Server.WaitForWebhooks].
//   - For a host that is an IP address, the session cookie for the domain names
//     that address.
package authorizertest
