// Package grpcrt is the gRPC half of package runtime, and as little as that
// does it know of any service. Only programs that ask for gRPC link it.
package grpcrt
