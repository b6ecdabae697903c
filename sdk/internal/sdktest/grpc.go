package sdktest

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// newMessage is an empty message of generated code.
func newMessage(d protoreflect.MessageDescriptor) proto.Message {
	t, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	if err != nil {
		return nil
	}
	return t.New().Interface()
}

// emptyResult is the result with nothing in it. Where that is one message in an
// envelope, the message is there.
func emptyResult(m protoreflect.MethodDescriptor) proto.Message {
	out := newMessage(m.Output())
	fields := m.Output().Fields()
	if fields.Len() == 1 && fields.Get(0).Message() != nil && !fields.Get(0).IsList() {
		out.ProtoReflect().Mutable(fields.Get(0))
	}
	return out
}

func (s *Server) newGRPC() *grpc.Server {
	return grpc.NewServer(grpc.MaxConcurrentStreams(2000), grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		full, _ := grpc.MethodFromServerStream(stream)
		name := key(full[strings.LastIndex(full, "/")+1:])
		m := s.contracts.methods[name]
		if m == nil {
			return status.Error(codes.Unimplemented, full)
		}
		in := newMessage(m.Input())
		if err := stream.RecvMsg(in); err != nil {
			return err
		}
		a := s.answer(requestOf(stream, name, in))
		if err := stream.SetHeader(metadataOf(a.Header)); err != nil {
			return err
		}
		return send(stream, m, a)
	}))
}

func requestOf(stream grpc.ServerStream, name string, in proto.Message) *Request {
	md, _ := metadata.FromIncomingContext(stream.Context())
	header := http.Header{}
	for key, values := range md {
		header[textproto.CanonicalMIMEHeaderKey(key)] = values
	}
	text, _ := protojson.MarshalOptions{UseProtoNames: true}.Marshal(in)
	req := &Request{
		Context: stream.Context(), Protocol: "grpc", Method: name,
		Header: header, Text: string(text), Input: inputOf("", text),
	}
	if p, ok := peer.FromContext(stream.Context()); ok {
		req.Remote = p.Addr.String()
	}
	return req
}

// send answers with a message or a status. An HTTP status without a code is
// the code that gRPC clients take it for.
func send(stream grpc.ServerStream, m protoreflect.MethodDescriptor, a *Answer) error {
	code := a.Code
	if code == codes.OK && a.Status >= 400 {
		code = map[int]codes.Code{429: codes.ResourceExhausted, 503: codes.Unavailable}[a.Status]
		if code == codes.OK {
			return fmt.Errorf("HTTP %d has no meaning over gRPC", a.Status)
		}
	}
	if code != codes.OK {
		var details []protoadapt.MessageV1
		for _, d := range a.Details {
			details = append(details, protoadapt.MessageV1Of(d))
		}
		st, err := status.New(code, a.Message).WithDetails(details...)
		if err != nil {
			return err
		}
		return st.Err()
	}
	if a.Result == nil {
		return stream.SendMsg(emptyResult(m))
	}
	return stream.SendMsg(a.Result)
}

func metadataOf(header http.Header) metadata.MD {
	md := metadata.MD{}
	for name, values := range header {
		md[strings.ToLower(name)] = values
	}
	return md
}
