package serve

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// newGRPC makes the gRPC server: the services of the methods, health and
// reflection.
func (s *Server) newGRPC() {
	s.grpc = grpc.NewServer(append([]grpc.ServerOption{grpc.MaxRecvMsgSize(int(s.maxBytes))}, s.grpcOptions...)...)
	s.health = health.NewServer()
	services := map[string]*grpc.ServiceDesc{}
	var names []string
	for _, m := range s.api.methods {
		if m.GRPC == nil {
			continue
		}
		service, name, _ := strings.Cut(strings.TrimPrefix(m.GRPC.FullMethod, "/"), "/")
		desc := services[service]
		if desc == nil {
			desc = &grpc.ServiceDesc{ServiceName: service, HandlerType: (*any)(nil)}
			services[service] = desc
			names = append(names, service)
		}
		// Several methods of a manifest may be one operation: the first answers.
		switch {
		case m.Handler.streams:
			if !slices.ContainsFunc(desc.Streams, func(d grpc.StreamDesc) bool { return d.StreamName == name }) {
				desc.Streams = append(desc.Streams, grpc.StreamDesc{StreamName: name, Handler: s.streaming(m), ServerStreams: true})
			}
		case !slices.ContainsFunc(desc.Methods, func(d grpc.MethodDesc) bool { return d.MethodName == name }):
			desc.Methods = append(desc.Methods, grpc.MethodDesc{MethodName: name, Handler: s.unary(m)})
		}
	}
	for _, name := range names {
		s.grpc.RegisterService(services[name], s)
		s.health.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
	}
	healthpb.RegisterHealthServer(s.grpc, s.health)
	reflection.Register(s.grpc)
}

// unary is the handler of one method.
func (s *Server) unary(m *method) grpc.MethodHandler {
	return func(srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
		in := m.input.New().Interface()
		if err := decode(in); err != nil {
			return nil, err
		}
		handle := func(ctx context.Context, in any) (any, error) { return s.overGRPC(ctx, m, in.(proto.Message)) }
		if interceptor == nil {
			return handle(ctx, in)
		}
		return interceptor(ctx, in, &grpc.UnaryServerInfo{Server: srv, FullMethod: m.GRPC.FullMethod}, handle)
	}
}

func (s *Server) overGRPC(ctx context.Context, m *method, in proto.Message) (proto.Message, error) {
	req, header := overGRPC(ctx)
	out, err := s.call(ctx, m, req, m.protoRequest(in.ProtoReflect()))
	if len(header) > 0 {
		if failed := grpc.SetHeader(ctx, header); failed != nil && err == nil {
			err = failed
		}
	}
	if err == nil {
		var answer proto.Message
		if answer, err = m.protoAnswer(out); err == nil {
			return answer, nil
		}
	}
	return nil, grpcStatus(err)
}

func grpcStatus(err error) error {
	e := asError(err)
	code := codes.Code(e.Code)
	if n, ok := number(e); ok {
		code = codes.Code(n)
	}
	return status.Error(code, e.Message)
}

// overGRPC are the facts of a call over gRPC, and the header metadata of its
// answer, which the call fills.
func overGRPC(ctx context.Context) (*Request, metadata.MD) {
	md, _ := metadata.FromIncomingContext(ctx)
	header, answer := http.Header{}, metadata.MD{}
	for name, values := range md {
		if !strings.HasPrefix(name, ":") {
			header[http.CanonicalHeaderKey(name)] = values
		}
	}
	req := &Request{
		Protocol: runtime.ProtocolGRPC, Header: header, Host: strings.Join(md.Get(":authority"), ""),
		answer: func(name, value string, add bool) {
			if add {
				answer.Append(name, value)
				return
			}
			answer.Set(name, value)
		},
	}
	if p, ok := peer.FromContext(ctx); ok {
		req.RemoteAddr = p.Addr.String()
	}
	return req, answer
}

// protoRequest is the flat request, nil for a method without one.
func (m *method) protoRequest(in protoreflect.Message) any {
	if m.grpc.request == nil {
		return m.zeroRequest()
	}
	return m.grpc.request.fromProto(in).Interface()
}

// zeroRequest is the request of a call that carries none.
func (m *method) zeroRequest() any {
	if m.Handler.request == nil {
		return nil
	}
	return reflect.New(m.Handler.request).Interface()
}

// protoAnswer is the gRPC answer with the result in its envelope.
func (m *method) protoAnswer(out any) (proto.Message, error) {
	answer := m.output.New()
	if m.grpc.response == nil {
		if _, isFlag := answer.Interface().(*wrapperspb.BoolValue); isFlag {
			return wrapperspb.Bool(true), nil // the SDK leaves out that the call succeeded
		}
		return answer.Interface(), nil
	}
	target, value := answer, reflect.ValueOf(out).Elem()
	if m.GRPC.Envelope != "" {
		target = answer.Mutable(answer.Descriptor().Fields().ByName(protoreflect.Name(m.GRPC.Envelope))).Message()
	}
	var err error
	if f := m.grpc.response.bare(); f != nil {
		answer, err = f.wellKnown(answer, value.Field(f.index))
	} else {
		err = m.grpc.response.toProto(value, target)
	}
	if err != nil {
		return nil, Errorf(runtime.CodeInternal, "the answer of %s cannot be written: %s", m.Name, err)
	}
	return answer.Interface(), nil
}

// wellKnown is an answer that is one value.
func (f *field) wellKnown(answer protoreflect.Message, v reflect.Value) (protoreflect.Message, error) {
	item, err := f.protoMessage(protoreflect.ValueOfMessage(answer), v)
	if err != nil {
		return nil, err
	}
	return item.Message(), nil
}
