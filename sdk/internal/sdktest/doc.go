// Package sdktest is the loopback server of the SDK's own tests. It answers
// every method over GraphQL, REST and gRPC from one handler, so that a test is
// written once and holds for the three protocols, and it can fail in the ways
// that servers and networks fail ([Proxy]).
//
// It knows the contracts (schema.graphql, openapi.yaml, the protos) and nothing
// of what methods mean: what a call answers is up to the test.
package sdktest
