package bench

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
)

// serve answers canned bytes on two free ports of loopback, over HTTP and over
// gRPC, writes both addresses as one line, and returns when in ends.
func serve(in io.Reader, out io.Writer) error {
	canned, err := answers()
	if err != nil {
		return err
	}
	web, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	rpc, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- http.Serve(web, httpHandler(canned)) }()
	go func() { failed <- grpcServer(canned).Serve(rpc) }()
	if _, err := fmt.Fprintln(out, web.Addr(), rpc.Addr()); err != nil {
		return err
	}
	go func() {
		_, err := io.Copy(io.Discard, in)
		failed <- err
	}()
	return <-failed
}

// restPaths are the paths of the operations over REST.
func restPaths() map[operation]string {
	return map[operation]string{opMeta: "/v1/meta", opProfile: "/v1/profile", opUsers: "/v1/admin/users"}
}

// httpHandler reads the request and answers, and does nothing else: the answer
// is one Write without a length, as real servers do it.
func httpHandler(canned map[operation]answer) http.Handler {
	mux := http.NewServeMux()
	for op, path := range restPaths() {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			writeJSON(w, canned[op].rest)
		})
	}
	mux.HandleFunc("/graphql", func(w http.ResponseWriter, r *http.Request) {
		query, _ := io.ReadAll(r.Body)
		for op, field := range graphqlFields() {
			if bytes.Contains(query, []byte("result: "+field)) {
				writeJSON(w, canned[op].graphql)
			}
		}
	})
	return mux
}

// graphqlFields are the operations' root fields, with what follows them in a
// query.
func graphqlFields() map[operation]string {
	return map[operation]string{opMeta: "meta ", opProfile: "profile ", opUsers: "_users("}
}

func writeJSON(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// grpcServer answers by the last part of the method's name.
func grpcServer(canned map[operation]answer) *grpc.Server {
	return grpc.NewServer(grpc.ForceServerCodecV2(rawCodec{}), grpc.UnknownServiceHandler(func(_ any, s grpc.ServerStream) error {
		var request []byte
		if err := s.RecvMsg(&request); err != nil {
			return err
		}
		name, _ := grpc.MethodFromServerStream(s)
		op := operation(strings.ToLower(name[strings.LastIndexByte(name, '/')+1:]))
		return s.SendMsg(canned[op].grpc)
	}))
}

// rawCodec passes messages on as bytes.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	b, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("stub: %T cannot be sent", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(b)}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("stub: %T cannot be received", v)
	}
	*b = data.Materialize()
	return nil
}
