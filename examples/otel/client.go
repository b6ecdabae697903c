// Package otel shows how the calls of an Authorizer client become spans of
// OpenTelemetry: through the transport of its http.Client and the dial options
// of its gRPC connection. It is a module of its own, so that programs that do
// not trace do not get the modules of OpenTelemetry.
package otel

import (
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	authorizergrpc "github.com/triwire/authorizer-sdk/sdk/grpc"
)

// NewClient makes a client whose every try of a call is a span below the one
// that is in the call's context, over whatever protocol, and tells the server
// of it.
func NewClient(url, clientID string, tracers trace.TracerProvider, opts ...authorizer.Option) (*authorizer.Client, error) {
	propagator := propagation.TraceContext{}
	transport := otelhttp.NewTransport(http.DefaultTransport,
		otelhttp.WithTracerProvider(tracers), otelhttp.WithPropagators(propagator))
	stats := otelgrpc.NewClientHandler(
		otelgrpc.WithTracerProvider(tracers), otelgrpc.WithPropagators(propagator))
	tracing := []authorizer.Option{
		authorizer.WithHTTPClient(&http.Client{Transport: transport}),
		authorizergrpc.WithDialOptions(grpc.WithStatsHandler(stats)),
	}
	return authorizer.New(url, clientID, append(tracing, opts...)...)
}
