// Package runtime is the service-neutral half of a generated SDK. It knows
// nothing about any particular service: what there is to call, which headers
// go along and how the server names its errors all arrive as data ([API],
// [Method]) from generated code.
//
// A call runs through these steps, each in a file of its own:
//
//  1. [Invoke] chooses the protocol and refuses what that protocol does not
//     offer, before anything is sent (invoke.go).
//  2. The options of client, view and call are laid over each other and become
//     the final headers (config.go, headers.go).
//  3. The adapter of the protocol translates the request through an [Encoder],
//     which collects everything the protocol cannot express (encoder.go).
//  4. The request is sent: GraphQL and REST share one HTTP path (http.go),
//     gRPC comes through a [GRPCTransport] linked from outside (grpc.go).
//  5. The answer is decoded, or becomes an [*Error], the only type of error
//     that a call returns (error.go, answer.go, errorbody.go).
//
// The package does not import gRPC or protobuf: a program that does not ask
// for gRPC does not link it. The gRPC half is in the package grpcrt.
package runtime
