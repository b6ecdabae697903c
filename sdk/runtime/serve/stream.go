package serve

import (
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// restStream answers with a stream as gateways write it: a line of JSON for each
// message, {"result": ...}, and {"error": ...} as the last one of a stream that
// failed. An error before the first message is one of any operation.
func (s *Server) restStream(w http.ResponseWriter, r *http.Request, m *method, in any) {
	started := false
	line := func(head string, body []byte) error {
		if !started {
			started = true
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(m.REST.Status)
		}
		if _, err := w.Write(append(append([]byte(head), body...), "}\n"...)); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	}
	req := overHTTP(runtime.ProtocolREST, w, r)
	req.send = func(answer any) error {
		body, err := m.restAnswer(answer)
		if err == nil {
			err = r.Context().Err()
		}
		if err != nil {
			return err
		}
		return line(`{"result":`, body)
	}
	_, err := s.call(r.Context(), m, req, in)
	switch {
	case err == nil && !started:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(m.REST.Status)
	case err == nil:
	case !started:
		m.writeRESTError(w, err)
	default:
		if body, failed := appendAny(nil, m.restError(asError(err))); failed == nil {
			_ = line(`{"error":`, body) // whoever called is gone
		}
	}
}

// streaming is the handler of one method whose answer is a stream.
func (s *Server) streaming(m *method) grpc.StreamHandler {
	return func(_ any, stream grpc.ServerStream) error {
		in := m.input.New()
		if err := stream.RecvMsg(in.Interface()); err != nil {
			return err
		}
		req, header := overGRPC(stream.Context())
		started := false
		start := func() error {
			if started || len(header) == 0 {
				return nil
			}
			started = true
			return stream.SetHeader(header)
		}
		req.send = func(answer any) error {
			var out proto.Message
			err := start()
			if err == nil {
				out, err = m.protoAnswer(answer)
			}
			if err != nil {
				return err
			}
			started = true
			return stream.SendMsg(out)
		}
		_, err := s.call(stream.Context(), m, req, m.protoRequest(in))
		if failed := start(); failed != nil && err == nil {
			err = failed
		}
		if err != nil {
			return grpcStatus(err)
		}
		return nil
	}
}
