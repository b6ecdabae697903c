// Package serve is the service-neutral half of every generated server: it
// answers GraphQL, REST and gRPC for an implementation of the generated Go
// interface, whose methods take and return the flat types of the SDK.
//
// The generated half is data: which methods there are, how each is called over
// each protocol, and under which names the fields of the flat types travel.
// A call goes through these steps:
//
//   - A front (graphql.go, rest.go, grpc.go) finds the method and decodes the
//     flat request (tree.go, message.go).
//   - The call runs through the interceptors to the implementation (call.go).
//   - The front writes the flat answer, or the error, as the contract has it.
//
// GraphQL is parsed, validated and transported by gqlgen and gqlparser, REST
// that transcodes gRPC goes through protojson, and gRPC through grpc-go.
// Programs that only call a server do not link this package.
package serve
