package replay

import (
	"fmt"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// frame is one message as it is on the wire.
type frame struct{ data []byte }

// frameCodec lets messages through unread.
type frameCodec struct{}

func (frameCodec) Name() string { return "proto" }

func (frameCodec) Marshal(v any) ([]byte, error) {
	f, ok := v.(*frame)
	if !ok {
		return nil, fmt.Errorf("replay: cannot send %T", v)
	}
	return f.data, nil
}

func (frameCodec) Unmarshal(data []byte, v any) error {
	f, ok := v.(*frame)
	if !ok {
		return fmt.Errorf("replay: cannot receive %T", v)
	}
	f.data = append([]byte(nil), data...)
	return nil
}

func (s *Server) newGRPC() *grpc.Server {
	return grpc.NewServer(
		grpc.ForceServerCodec(frameCodec{}),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error { return s.serveGRPC(stream) }),
	)
}

func (s *Server) serveGRPC(stream grpc.ServerStream) error {
	var request frame
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	step := s.current()
	if step == nil {
		return status.Error(codes.Aborted, noStep)
	}
	method, _ := grpc.MethodFromServerStream(stream)
	md, _ := metadata.FromIncomingContext(stream.Context())
	got := s.contracts.grpcMessage(step, method, md, request.data)
	if refusal := s.judge(step, got, md); refusal != "" {
		return status.Error(codes.Aborted, refusal)
	}
	return answerGRPC(stream, &step.Response)
}

func answerGRPC(stream grpc.ServerStream, r *Response) error {
	if err := stream.SetHeader(sendable(r.Header)); err != nil {
		return err
	}
	stream.SetTrailer(sendable(r.Trailer))
	if r.Code != 0 {
		return status.Error(codes.Code(r.Code), r.StatusMessage)
	}
	return stream.SendMsg(&frame{r.MessageBase64})
}

// sendable leaves out what the transport writes itself.
func sendable(md map[string][]string) metadata.MD {
	out := metadata.MD{}
	for name, values := range md {
		if name != "content-type" && !strings.HasPrefix(name, "grpc-") {
			out.Append(name, values...)
		}
	}
	return out
}
